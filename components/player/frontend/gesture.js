// @ts-check
// What the user drags or turns, a first point or a dial, and how it is shown before the server answers.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Trajectory } from "./trajectory.js"
 */

const ANSWER_TIMEOUT_MS = 2000 // for a new start or a turn of the dial; then the server's frames are shown whatever they are

/**
 * What a gesture needs of the player.
 * @typedef {object} Page
 * @property {Trajectory | null} trajectory  null if only the server knows where other frames lead
 * @property {Messages.Tell} tell
 * @property {(isNew: boolean) => void} leaveBehind  called before the frames change; if isNew, the run becomes the ghost
 * @property {(frames: Frames) => void} sketch  show frames that no server has sent
 * @property {() => void} restart  stand at the first frame
 * @property {() => void} replay  show the new run from its start
 */

export class Gesture {
  /** Whether a first point is being dragged now. */
  isDragging = false
  /** Whether one has been dragged, until some time after its run has come. */
  hasDragged = false
  /** Whether the run is to be shown from its start as soon as no hand is on the page. */
  owesReplay = false
  /** Whether a pointer is pressed anywhere on the page: on the dial, or on whatever else changes the run. */
  #isPressed = false
  /** The dial's value until the server has caught up; null afterwards. @type {number | null} */
  dialed = null
  #dialedAt = -Infinity
  #startedAt = -Infinity
  /** Whether the run that was started last is to rest at its first frame. */
  rests = false
  /** Timer. @type {number | undefined} */
  #expiry
  /** @type {Page} */
  #page

  /**
   * @param {Page} page
   * @param {AbortSignal} signal  removes all listeners
   */
  constructor(page, signal) {
    this.#page = page
    const press = (isPressed) => {
      this.#isPressed = isPressed
      this.pay()
    }
    document.addEventListener("pointerdown", () => press(true), { signal, capture: true })
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => press(false), { signal, capture: true })
  }

  /** Show the run from its start if that is owed and no hand is on the page. */
  pay() {
    if (!this.owesReplay || this.#isPressed) return
    this.owesReplay = false
    this.#page.replay()
  }

  /** Whether the server may still owe an answer. */
  get isUnanswered() {
    return this.hasDragged || this.dialed !== null
  }

  /** Whether the next run may be the one that the user has just started elsewhere. */
  get hasJustStarted() {
    return performance.now() - this.#startedAt < ANSWER_TIMEOUT_MS
  }

  get #isTurning() {
    return performance.now() - this.#dialedAt < ANSWER_TIMEOUT_MS
  }

  /**
   * Begin the next run at a point of a chart.
   * @param {Messages.Point} point
   * @param {boolean} done  whether the hand has let go
   * @param {boolean} rests  whether the player stays at the first frame
   */
  start([x, y], done, rests = false) {
    clearTimeout(this.#expiry)
    this.rests = rests
    if (rests && !this.isDragging) this.#page.restart()
    if (!done) this.#leaveBehind()
    this.hasDragged ||= !done
    this.isDragging = !done
    const { trajectory } = this.#page
    if (!done && trajectory) return this.#page.sketch(trajectory.frames([x, y], trajectory.dialValue))
    this.#page.tell("started", [x, y, done])
    if (!done) return
    this.#startedAt = performance.now()
    this.#expiry = setTimeout(() => (this.hasDragged = false), ANSWER_TIMEOUT_MS)
    if (this.hasDragged && !rests) this.#page.replay() // The page already shows these frames, or nearly.
  }

  /** Show where another value of the dial leads.
   * @param {{ name: string, value: number }} detail
   */
  turn({ name, value }) {
    const { trajectory } = this.#page
    if (!trajectory?.dial || trajectory.dial !== name) return
    this.#leaveBehind()
    this.dialed = value
    this.#dialedAt = performance.now()
    this.#page.sketch(trajectory.frames(trajectory.at, value))
  }

  #leaveBehind() {
    this.#page.leaveBehind(!this.hasDragged && !this.#isTurning)
  }

  /**
   * The frames to show when the server sends these: those of the dial as long as the server is behind it.
   * @param {Frames} given
   * @returns {Frames}
   */
  framesInsteadOf(given) {
    const { trajectory } = this.#page
    if (!trajectory?.dial || trajectory.dialValue === this.dialed || !this.#isTurning) this.dialed = null
    return this.dialed === null ? given : trajectory.frames(trajectory.at, this.dialed)
  }
}
