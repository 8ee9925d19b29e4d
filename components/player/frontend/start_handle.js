// @ts-check
// The handle at the start of the path. Dragging it, or a click anywhere on the surface, starts the path there.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Surface } from "./surface.js"
 */

import { OUT_OF_SIGHT, svg } from "./svg.js"

const HANDLE_RADIUS_PX = 9
const DRAG_MESSAGE_INTERVAL_MS = 100 // between two messages while the handle is dragged, at least
const MAX_UNANSWERED_MESSAGES = 2 // the server computes one while the page draws another
const LOST_ANSWER_MS = 600 // after which an answer counts as lost
const CLICK_TOLERANCE_PX = 4 // by which the pointer may move during a click
const DOUBLE_CLICK_MS = 320 // within which a second click makes a double click, which is Plotly's
const ANSWER_TIMEOUT_MS = 3000 // after which the handle goes back to where the path begins

export class StartHandle {
  /** Whether the pointer holds the handle now. */
  isHeld = false
  /** Whether it has been dragged since it was grabbed. */
  hasMoved = false
  /** Whether every movement is sent at once, because the browser itself answers. */
  isQuick = false
  /** Where the user wants the path to begin, until it does. @type {Messages.Point | null} */
  at = null
  /** Since when, by performance.now(). */
  since = 0
  /** Where the pointer went down. */
  pressed = [0, 0]
  /** Whether `at` has changed since it was sent. */
  isDue = false
  sentAt = -Infinity
  /** Messages sent since the frames last changed, at most. */
  unanswered = 0
  /** The frames drawn last. @type {Frames | undefined} */
  seen
  /** Timer of the next message. @type {number | undefined} */
  sending
  /** Timer of a click that a second one would cancel. @type {number | null} */
  clicking = null
  /** Listener for the end of a press. @type {(event: PointerEvent) => void} */
  released = () => {}

  /**
   * @param {Surface} chart
   * @param {(point: Messages.Point, done: boolean) => void} send
   */
  constructor(chart, send) {
    this.chart = chart
    this.send = send
    this.element = svg(chart.inside, "circle", { class: "player-start", r: HANDLE_RADIUS_PX })
    svg(this.element, "title").textContent = "Drag to start elsewhere"
    this.element.addEventListener("pointerdown", (event) => this.grab(event))
    this.element.addEventListener("pointermove", (event) => this.isHeld && this.drag(event))
    for (const end of ["pointerup", "pointercancel"]) this.element.addEventListener(end, (event) => this.isHeld && this.release(event))
    chart.plot.addEventListener("pointerdown", (event) => this.press(event), true)
  }

  /**
   * Show the handle where the path begins, or where the user wants it to.
   * @param {Frames} frames
   * @param {Messages.Point} point
   */
  draw(frames, point) {
    const { pixel } = this.chart.view
    const began = pixel(...point)
    if (this.at && !this.isHeld) {
      const [x, y] = pixel(...this.at)
      if (Math.hypot(x - began[0], y - began[1]) < 1 || performance.now() - this.since > ANSWER_TIMEOUT_MS) this.at = null
    }
    const [x, y] = this.at ? pixel(...this.at) : began
    if (this.isHeld) this.follow(frames)
    this.element.setAttribute("transform", Number.isFinite(x + y) ? `translate(${x},${y})` : OUT_OF_SIGHT)
  }

  grab(event) {
    if (event.button) return
    event.preventDefault()
    this.element.setPointerCapture(event.pointerId)
    this.isHeld = true
    this.pressed = [event.clientX, event.clientY]
  }

  drag(event) {
    if (!this.hasMoved && this.isClick(event)) return
    this.hasMoved = true
    this.at = this.chart.point(event) ?? this.at
    this.since = performance.now()
    this.isDue = Boolean(this.at)
    this.chart.redrawLast()
  }

  /**
   * Send where the pointer is, unless too many messages are still unanswered: a slow server is not flooded.
   * @param {Frames} frames  new ones are an answer
   */
  follow(frames) {
    clearTimeout(this.sending)
    if (!this.isHeld || !this.isDue) return
    if (frames !== this.seen) this.unanswered = Math.max(0, this.unanswered - 1)
    this.seen = frames
    const interval = this.unanswered < MAX_UNANSWERED_MESSAGES ? DRAG_MESSAGE_INTERVAL_MS : LOST_ANSWER_MS
    const wait = this.isQuick ? 0 : interval - (performance.now() - this.sentAt)
    if (wait > 0) return void (this.sending = setTimeout(() => this.follow(this.chart.frames), wait))
    this.unanswered = Math.min(MAX_UNANSWERED_MESSAGES, this.unanswered + 1)
    this.say(false)
  }

  release(event) {
    clearTimeout(this.sending)
    if (this.hasMoved && event.type === "pointerup") this.at = this.chart.point(event) ?? this.at
    if (this.hasMoved && this.at) this.say(true)
    this.isHeld = this.hasMoved = false
  }

  press(event) {
    if (event.button || !event.target.closest?.(this.chart.ground)) return
    this.pressed = [event.clientX, event.clientY]
    window.removeEventListener("pointerup", this.released, true) // left from a press that became a scroll
    this.released = (up) => this.isClick(up) && this.click(up)
    window.addEventListener("pointerup", this.released, { once: true, capture: true })
  }

  click(event) {
    const isSecond = this.clicking !== null
    clearTimeout(this.clicking)
    this.clicking = null
    if (isSecond) return
    const point = this.chart.point(event)
    if (!point) return
    this.clicking = setTimeout(() => {
      this.clicking = null
      this.at = point
      this.since = performance.now()
      this.say(true)
      this.chart.redrawLast()
    }, DOUBLE_CLICK_MS)
  }

  say(done) {
    this.sentAt = performance.now()
    this.isDue = false
    this.send(this.at, done)
  }

  isClick(event) {
    return Math.hypot(event.clientX - this.pressed[0], event.clientY - this.pressed[1]) < CLICK_TOLERANCE_PX
  }
}
