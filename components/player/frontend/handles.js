// @ts-check
// Points in a chart that are moved up and down: dragged, or by arrow keys.

/** @import { Chart } from "./chart.js" */

import { brief } from "./numbers.js"
import * as plotly from "./plotly.js"

const KEYS_PAUSE_MS = 500 // after the last key, before the handle counts as let go
const UP = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }

/**
 * @typedef {object} Doing
 * @property {number} step  of a key, as a part of the axis' height
 * @property {number} far  how many of them with Shift
 * @property {(i: number, y: number) => void} move  a handle is wanted at this height
 * @property {() => void} settle  it is let go
 */

export class Handles {
  /** @type {HTMLElement[]} */
  elements = []
  /** Where each stands, in the units of the axes. @type {[number, number][]} */
  at = []
  /** Which one the pointer holds; −1 for none. */
  held = -1
  /** Timer. @type {number | undefined} */
  pausing

  /**
   * @param {Chart} chart
   * @param {Doing} doing
   */
  constructor(chart, doing) {
    this.chart = chart
    this.doing = doing
  }

  /** As many as these labels, called by them. @param {string[]} labels */
  update(labels) {
    while (this.elements.length > labels.length) this.elements.pop().remove()
    while (this.elements.length < labels.length) this.elements.push(this.create(this.elements.length))
    labels.forEach((label, i) => this.elements[i].setAttribute("aria-label", label))
  }

  /** @param {number} i */
  create(i) {
    const element = document.createElement("div")
    Object.assign(element, { className: "player-handle", tabIndex: 0, hidden: true })
    for (const [name, value] of Object.entries({ role: "slider", "aria-orientation": "vertical" })) element.setAttribute(name, value)
    element.addEventListener("pointerdown", (event) => this.grab(event, i))
    element.addEventListener("pointermove", (event) => this.held === i && this.move(i, event))
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => this.held === i && this.release())
    element.addEventListener("keydown", (event) => this.press(event, i))
    return this.chart.plot.parentElement.appendChild(element)
  }

  /**
   * Show a handle at a point, or at the axes' edge where that is beyond.
   * @param {number} i
   * @param {number} x
   * @param {number} y
   * @param {string} [words]  instead of the height
   */
  place(i, x, y, words = brief(y)) {
    this.at[i] = [x, y]
    const { box, pixel } = this.chart.view
    const [left, top] = pixel(x, y)
    const element = this.elements[i]
    element.hidden = false
    element.style.transform = `translate(${left}px, ${Math.max(box.y, Math.min(box.y + box.height, top))}px)`
    element.setAttribute("aria-valuenow", String(y))
    element.setAttribute("aria-valuetext", words)
  }

  hide() {
    for (const element of this.elements) element.hidden = true
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
    this.doing.settle()
  }

  press(event, i) {
    const by = UP[event.key]
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    const { box, pixel } = this.chart.view
    const { left, top } = this.chart.plot.getBoundingClientRect()
    const [x, y] = pixel(...this.at[i])
    const up = by * (event.shiftKey ? this.doing.far : 1) * this.doing.step * box.height
    this.move(i, /** @type {MouseEvent} */ ({ clientX: left + x, clientY: top + y - up }))
    this.pausing = setTimeout(() => this.doing.settle(), KEYS_PAUSE_MS)
  }

  /**
   * @param {number} i
   * @param {MouseEvent} event  at the height that is wanted
   */
  move(i, event) {
    clearTimeout(this.pausing)
    this.doing.move(i, plotly.pointAt(this.chart.plot, event)[1])
  }
}
