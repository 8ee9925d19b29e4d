// Where the path begins: a handle to drag, and a click anywhere to begin there. Its chart knows what point an event is at.

import { svg } from "./chart.js"

const EVERY = 100 // milliseconds between messages while the handle is dragged, at least
const AHEAD = 2 // messages that may be on their way: the server computes one while the page draws another
const SLOW = 600 // milliseconds after which an answer is taken for lost
const STILL = 4 // pixels that a click may move
const TWICE = 320 // milliseconds within which a second click means something else: Plotly's double click
const LATE = 3000 // milliseconds after which an answer is no longer waited for

export class StartHandle {
  /** Calls tell([x, y], done), seldom unless it is `quick`. */
  constructor(chart, tell) {
    Object.assign(this, { chart, tell, held: false, at: null, unanswered: 0 })
    this.handle = svg(chart.inside, "circle", "player-start")
    this.handle.setAttribute("r", 9)
    svg(this.handle, "title").textContent = "Drag to start elsewhere"
    this.handle.addEventListener("pointerdown", (event) => this.grab(event))
    this.handle.addEventListener("pointermove", (event) => this.held && this.drag(event))
    for (const end of ["pointerup", "pointercancel"]) this.handle.addEventListener(end, (event) => this.held && this.release(event))
    chart.plot.addEventListener("pointerdown", (event) => this.press(event), true)
  }

  /** Show the handle where the path begins, or where the hand wants it to. */
  draw(frames, point) {
    const began = this.chart.pixel(...point)
    if (this.at && !this.held) {
      const [x, y] = this.chart.pixel(...this.at)
      if (Math.hypot(x - began[0], y - began[1]) < 1 || performance.now() - this.since > LATE) this.at = null
    }
    const [x, y] = this.at ? this.chart.pixel(...this.at) : began
    if (this.held) this.follow()
    this.handle.setAttribute("transform", Number.isFinite(x + y) ? `translate(${x},${y})` : "translate(-99,-99)")
  }

  grab(event) {
    if (event.button) return
    event.preventDefault()
    this.handle.setPointerCapture(event.pointerId)
    this.held = true
    this.pressed = [event.clientX, event.clientY]
  }

  drag(event) {
    if (!this.moved && this.still(event)) return
    this.moved = true
    this.at = this.chart.point(event) ?? this.at
    this.since = performance.now()
    this.due = Boolean(this.at)
    this.chart.again()
  }

  /** Say where the hand is, unless too much that was said has no answer yet: a slow server is not buried in messages. */
  follow() {
    clearTimeout(this.later)
    if (!this.held || !this.due) return
    if (this.chart.frames !== this.seen) this.unanswered = Math.max(0, this.unanswered - 1)
    this.seen = this.chart.frames
    const wait = this.quick ? 0 : (this.unanswered < AHEAD ? EVERY : SLOW) - (performance.now() - (this.told ?? 0))
    if (wait > 0) return void (this.later = setTimeout(() => this.follow(), wait))
    this.unanswered = Math.min(AHEAD, this.unanswered + 1)
    this.say(false)
  }

  release(event) {
    clearTimeout(this.later)
    if (this.moved && event.type === "pointerup") this.at = this.chart.point(event) ?? this.at
    if (this.moved && this.at) this.say(true)
    this.held = this.moved = false
  }

  press(event) {
    if (event.button || !event.target.closest?.(this.chart.ground)) return
    this.pressed = [event.clientX, event.clientY]
    window.removeEventListener("pointerup", this.lifted, true) // of a press that became a scroll
    this.lifted = (up) => this.still(up) && this.click(up)
    window.addEventListener("pointerup", this.lifted, { once: true, capture: true })
  }

  click(event) {
    const second = this.waiting
    clearTimeout(this.waiting)
    this.waiting = null
    if (second) return
    const point = this.chart.point(event)
    if (!point) return
    this.waiting = setTimeout(() => {
      this.waiting = null
      this.at = point
      this.since = performance.now()
      this.say(true)
      this.chart.again()
    }, TWICE)
  }

  say(done) {
    this.told = performance.now()
    this.due = false
    this.tell(this.at, done)
  }

  still(event) {
    return Math.hypot(event.clientX - this.pressed[0], event.clientY - this.pressed[1]) < STILL
  }
}
