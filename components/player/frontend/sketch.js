// @ts-check
// A curve that somebody draws before the run does: handles at fixed x, dragged or moved by arrow keys.

/**
 * @import * as Messages from "./messages.js"
 * @import { Chart } from "./chart.js"
 */

import { brief } from "./numbers.js"
import * as plotly from "./plotly.js"
import { svg } from "./svg.js"

const KEY_STEP = 0.02 // of the axis' height; five times as much with Shift
const KEYS_PAUSE_MS = 500 // after the last key, before it is told
const DIGITS = 3 // of a height: as many as a hand can place
const KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }

export class Sketch {
  /** @type {Messages.Sketch | null} */
  spec = null
  /** A handle for each x. @type {HTMLElement[]} */
  elements = []
  /** The heights; null where nothing is drawn yet. @type {(number | null)[]} */
  at = []
  /** Which handle the pointer holds; −1 for none. */
  held = -1
  /** Whether heights are still to be told. */
  isDue = false
  /** Timer. @type {number | undefined} */
  pausing

  /** @param {Chart} chart */
  constructor(chart) {
    this.chart = chart
    this.path = svg(chart.inside, "path", { class: "player-sketch" })
  }

  /** @param {Messages.Sketch | null} spec */
  update(spec) {
    if (String(spec?.x) !== String(this.spec?.x)) this.forget()
    this.spec = spec
    if (!this.isDue) this.at = spec?.y ?? []
    const wanted = spec?.open ? spec.x.length : 0
    while (this.elements.length > wanted) this.elements.pop().remove()
    while (this.elements.length < wanted) this.elements.push(this.handle(this.elements.length))
    spec?.labels.forEach((label, i) => this.elements[i]?.setAttribute("aria-label", label))
    for (const element of [this.path, ...this.elements]) element.style.setProperty("--mark", spec?.color ?? null)
  }

  /** @param {number} i */
  handle(i) {
    const element = document.createElement("div")
    Object.assign(element, { className: "player-line-end player-sketch-handle", tabIndex: 0, hidden: true })
    for (const [name, value] of Object.entries({ role: "slider", "aria-orientation": "vertical" })) element.setAttribute(name, value)
    element.addEventListener("pointerdown", (event) => this.grab(event, i))
    element.addEventListener("pointermove", (event) => this.held === i && this.move(i, plotly.pointAt(this.chart.plot, event)[1]))
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => this.held === i && this.release())
    element.addEventListener("keydown", (event) => this.press(event, i))
    return this.chart.plot.parentElement.appendChild(element)
  }

  /** Draw the curve as far as there is one, and the handles at the first frame.
   * @param {number} k
   */
  draw(k) {
    if (!this.spec) return void this.path.setAttribute("d", "")
    const { pixel } = this.chart.view
    const { x, begin } = this.spec
    const drawn = this.at.flatMap((y, i) => (y === null ? [] : [pixel(x[i], y)]))
    this.path.setAttribute("d", drawn.length ? `M${[pixel(...begin), ...drawn].join("L")}` : "")
    this.elements.forEach((element, i) => {
      const isDrawn = this.at[i] !== null
      const [left, top] = pixel(x[i], this.at[i] ?? begin[1])
      element.hidden = k > 0
      element.classList.toggle("player-undrawn", !isDrawn)
      element.style.transform = `translate(${left}px, ${top}px)`
      element.setAttribute("aria-valuenow", String(this.at[i] ?? begin[1]))
      element.setAttribute("aria-valuetext", isDrawn ? brief(this.at[i]) : "not drawn yet")
    })
  }

  grab(event, i) {
    if (event.button) return
    event.preventDefault()
    this.elements[i].setPointerCapture(event.pointerId)
    this.elements[i].focus()
    this.held = i
  }

  release() {
    this.held = -1
    this.tell()
  }

  press(event, i) {
    const by = KEYS[event.key]
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    const { box, pixel } = this.chart.view
    const { left, top } = this.chart.plot.getBoundingClientRect()
    const [x, y] = pixel(this.spec.x[i], this.at[i] ?? this.spec.begin[1])
    const up = by * (event.shiftKey ? 5 : 1) * KEY_STEP * box.height
    const there = /** @type {MouseEvent} */ ({ clientX: left + x, clientY: top + y - up })
    this.move(i, plotly.pointAt(this.chart.plot, there)[1])
    this.pausing = setTimeout(() => this.tell(), KEYS_PAUSE_MS)
  }

  /**
   * @param {number} i
   * @param {number} y
   */
  move(i, y) {
    clearTimeout(this.pausing)
    this.at = this.at.with(i, Number(y.toPrecision(DIGITS)))
    this.isDue = true
    this.draw(0)
  }

  /** Leave untold what is not told yet. */
  forget() {
    clearTimeout(this.pausing)
    this.isDue = false
  }

  /** Tell the document all heights; 0 stands for those not drawn yet. */
  tell() {
    if (!this.isDue) return
    this.isDue = false
    document.dispatchEvent(new CustomEvent("sketched", { detail: this.at.map((y) => y ?? 0) }))
  }
}
