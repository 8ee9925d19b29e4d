// @ts-check
// The clock: which epoch is shown, and whether it goes on. It knows nothing of what an epoch is.

/** @import { Pace } from "./pace.js" */

const MAX_TICK_MS = 250 // so that a page that was hidden or busy does not jump ahead

/**
 * Called when the clock changes by itself or by the methods below.
 * @typedef {object} Listener
 * @property {() => void} onPlay  it is about to play
 * @property {() => void} onTick  the epoch has changed while it plays
 * @property {() => void} onRest  it has stopped
 */

export class Clock {
  /** The epoch shown; it has a fraction while the clock plays. */
  epoch = 0
  /** The last epoch so far. */
  end = 0
  /** Whether later epochs may follow. */
  isOpen = false
  /** @type {"playing" | "paused" | "ended"} */
  state = "paused"
  /** Up to where it stays at the end as more epochs arrive: 0, or an epoch that it once showed, or Infinity. */
  goal = 0
  /** When it ticked last. */
  #tickedAt = 0
  /** Whether the next tick has been requested. */
  #isDue = false
  /** @type {Pace} */
  #pace
  /** @type {Listener} */
  #listener

  /**
   * @param {Listener} listener
   * @param {Pace} pace
   */
  constructor(listener, pace) {
    this.#listener = listener
    this.#pace = pace
  }

  /** Whether nothing more is to come. */
  get isOver() {
    return this.epoch >= this.end && !this.isOpen
  }

  get isPlaying() {
    return this.state === "playing"
  }

  play() {
    this.goal = 0
    if (this.isOver) this.epoch = 0
    this.state = "playing"
    this.#listener.onPlay()
    this.#tickedAt = performance.now()
    if (!this.#isDue) this.#askForTick()
    this.#listener.onTick()
  }

  #askForTick() {
    this.#isDue = true
    requestAnimationFrame((now) => this.#tick(now))
  }

  /** @param {number} now */
  #tick(now) {
    this.#isDue = false
    if (!this.isPlaying) return
    const seconds = Math.max(0, Math.min(now - this.#tickedAt, MAX_TICK_MS)) / 1000
    this.#tickedAt = now
    this.epoch = Math.min(this.#pace.after(this.epoch, seconds), this.end)
    if (this.isOver) return this.rest()
    this.#listener.onTick()
    this.#askForTick()
  }

  /** Stop here. */
  rest() {
    this.state = this.isOver ? "ended" : "paused"
    this.#listener.onRest()
  }

  /** Stop for good, without calling the listener. */
  stop() {
    this.state = "paused"
  }

  /** Play from the start. */
  replay() {
    this.epoch = 0
    if (this.isPlaying) this.#listener.onTick()
    else this.play()
  }

  /** Show this epoch; a clock that plays goes on from there.
   * @param {number} epoch
   */
  seek(epoch) {
    this.goal = 0
    this.epoch = Math.min(epoch, this.end)
    if (this.isPlaying && !this.isOver) this.#listener.onTick()
    else this.rest()
  }

  /** Move to the end if it follows that, and never beyond it. */
  keepUp() {
    this.epoch = Math.min(Math.max(this.epoch, this.goal), this.end)
    if (!this.isOpen || this.end >= this.goal) this.goal = 0
  }
}
