// @ts-check
// Two handles on a line at the first frame: dragged, or moved by arrow keys, they say where the next run begins.

/**
 * @import * as Messages from "./messages.js"
 * @import { Chart } from "./chart.js"
 * @import { Frames } from "./frames.js"
 */

import { brief, unpack } from "./numbers.js"
import * as plotly from "./plotly.js"

const KEY_STEP = 0.01 // of the axis' height; ten times as much with Shift
const KEYS_PAUSE_MS = 500 // after the last key, before the run begins there
const DIGITS = 6 // of weight and bias: finer than a pixel, and short in the address
const KEYS = { ArrowUp: 1, ArrowDown: -1 }

export class LineEnds {
  /** Whether the browser itself can compute where another line leads; only then there are handles. */
  isQuick = false
  /** Which handle the pointer holds; −1 for none. */
  held = -1
  /** Where both ends are. @type {number[]} */
  at = []
  /** Where the user wants both ends; null where the run begins as it is. @type {number[] | null} */
  wanted = null
  /** Timer. @type {number | undefined} */
  pausing

  /**
   * @param {Chart} chart
   * @param {Messages.Start} start  called for a line elsewhere
   */
  constructor(chart, start) {
    this.chart = chart
    this.start = start
    this.elements = [0, 1].map((i) => {
      const element = document.createElement("div")
      Object.assign(element, { className: "player-line-end", tabIndex: 0, hidden: true })
      for (const [name, value] of Object.entries({ role: "slider", "aria-orientation": "vertical" })) element.setAttribute(name, value)
      element.addEventListener("pointerdown", (event) => this.grab(event, i))
      element.addEventListener("pointermove", (event) => this.held === i && this.drag(event))
      for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => this.held === i && this.release())
      element.addEventListener("keydown", (event) => this.press(event, i))
      return chart.plot.parentElement.appendChild(element)
    })
  }

  /** @param {Messages.Ends | null} spec */
  update(spec) {
    this.spec = spec && { x: unpack(spec.x), y: unpack(spec.y), start: unpack(spec.start) }
    spec?.labels.forEach((label, i) => this.elements[i].setAttribute("aria-label", label))
  }

  /**
   * Show the handles at the first frame, at the edge where the line has left the axes.
   * @param {Frames} frames
   * @param {number} k
   */
  draw(frames, k) {
    const isShown = Boolean(this.spec) && this.isQuick && k === 0
    if (isShown) this.at = [0, 1].map((i) => frames.affine(this.spec.y, i, 0))
    this.elements.forEach((element, i) => {
      element.hidden = !isShown
      if (!isShown) return
      const { box, pixel } = this.chart.view
      const [x, y] = pixel(this.spec.x[i], this.at[i])
      element.style.transform = `translate(${x}px, ${Math.max(box.y, Math.min(box.y + box.height, y))}px)`
      element.setAttribute("aria-valuenow", String(this.at[i]))
      element.setAttribute("aria-valuetext", brief(this.at[i]))
    })
  }

  grab(event, i) {
    if (event.button) return
    event.preventDefault()
    this.elements[i].setPointerCapture(event.pointerId)
    this.elements[i].focus()
    this.held = i
  }

  drag(event) {
    this.move(this.held, plotly.pointAt(this.chart.plot, event)[1])
  }

  release() {
    this.held = -1
    this.settle()
  }

  press(event, i) {
    const by = KEYS[event.key]
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    const [low, high] = plotly.rangesOf(this.chart.plot)[1]
    this.move(i, (this.wanted ?? this.at)[i] + by * (event.shiftKey ? 10 : 1) * KEY_STEP * (high - low))
    this.pausing = setTimeout(() => this.settle(), KEYS_PAUSE_MS)
  }

  /** Draw the line with one end elsewhere, and what comes of it.
   * @param {number} i
   * @param {number} y
   */
  move(i, y) {
    clearTimeout(this.pausing)
    this.wanted = (this.wanted ?? this.at).with(i, y)
    this.start(this.point, false, true)
  }

  /** Begin a run there. */
  settle() {
    if (!this.wanted) return
    this.start(this.point, true, true)
    this.wanted = null
  }

  /** The first point of a run with the line that is wanted. @returns {Messages.Point} */
  get point() {
    const { start: s } = this.spec
    const [a, b] = this.wanted
    const [x, y] = [s[0] * a + s[1] * b + s[2], s[3] * a + s[4] * b + s[5]]
    return [Number(x.toPrecision(DIGITS)), Number(y.toPrecision(DIGITS))]
  }
}
