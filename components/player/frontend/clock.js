// @ts-check
// The clock: which epoch is shown, and how fast it goes on. It knows nothing of what an epoch is.

const EPOCHS_PER_SECOND = 100 // at speed 1
const DEFAULT_PLAY_SECONDS = 8 // of a whole run, about, until the user chooses a speed
const MAX_TICK_MS = 250 // so that a page that was hidden or busy does not jump ahead

export const SPEEDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

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
  /** Whether it stays at the end as more epochs arrive. */
  isFollowing = false
  /** The speed that the user chose; null before. @type {number | null} */
  chosenSpeed = null
  /** When it ticked last. */
  #tickedAt = 0
  /** Whether the next tick has been requested. */
  #isDue = false
  /** The speed at which a run lasts about DEFAULT_PLAY_SECONDS. */
  #fitting = 1
  /** @type {Listener} */
  #listener

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener
  }

  /** Whether nothing more is to come. */
  get isOver() {
    return this.epoch >= this.end && !this.isOpen
  }

  get isPlaying() {
    return this.state === "playing"
  }

  get speed() {
    return this.chosenSpeed ?? this.#fitting
  }

  /** From now on there are epochs up to this one.
   * @param {number} end
   */
  reach(end) {
    this.end = end
    const wanted = end / DEFAULT_PLAY_SECONDS / EPOCHS_PER_SECOND
    const distance = (speed) => Math.abs(Math.log(speed / wanted))
    this.#fitting = SPEEDS.reduce((a, b) => (distance(b) < distance(a) ? b : a))
  }

  play() {
    this.isFollowing = false
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
    this.epoch = Math.min(this.epoch + seconds * this.speed * EPOCHS_PER_SECOND, this.end)
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

  restart() {
    this.epoch = 0
    if (this.isPlaying) this.#listener.onTick()
    else this.play()
  }

  /** Show this epoch; a clock that plays goes on from there.
   * @param {number} epoch
   */
  seek(epoch) {
    this.isFollowing = false
    this.epoch = Math.min(epoch, this.end)
    if (this.isPlaying && !this.isOver) this.#listener.onTick()
    else this.rest()
  }

  /** Move to the end if it follows that, and never beyond it. */
  keepUp() {
    if (this.isFollowing) this.epoch = this.end
    if (!this.isOpen) this.isFollowing = false
    this.epoch = Math.min(this.epoch, this.end)
  }
}
