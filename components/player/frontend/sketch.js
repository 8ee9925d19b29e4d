// @ts-check
// A curve that somebody draws before the run does: handles at fixed x, dragged or moved by arrow keys.

/**
 * @import * as Messages from "./messages.js"
 * @import { Chart } from "./chart.js"
 */

import { Handles } from "./handles.js"
import { svg } from "./svg.js"

const DIGITS = 3 // of a height: as many as a hand can place

export class Sketch {
  /** @type {Messages.Sketch | null} */
  spec = null
  /** The heights; null where nothing is drawn yet. @type {(number | null)[]} */
  at = []
  /** Whether heights are still to be told. */
  isDue = false

  /** @param {Chart} chart */
  constructor(chart) {
    this.chart = chart
    this.handles = new Handles(chart, { step: 0.02, far: 5, move: (i, y) => this.move(i, y), settle: () => this.tell() })
    this.path = svg(chart.inside, "path", { class: "player-sketch" })
  }

  /** @param {Messages.Sketch | null} spec */
  update(spec) {
    if (String(spec?.x) !== String(this.spec?.x)) this.isDue = false
    this.spec = spec
    if (!this.isDue) this.at = spec?.y ?? []
    this.handles.update(spec?.open ? spec.labels : [])
    this.path.style.setProperty("--mark", spec?.color ?? null)
    for (const element of this.handles.elements) element.style.setProperty("--player-accent", spec?.color ?? null)
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
    if (k > 0) return this.handles.hide()
    this.handles.elements.forEach((element, i) => {
      const isDrawn = this.at[i] !== null
      element.classList.toggle("player-undrawn", !isDrawn)
      this.handles.place(i, x[i], this.at[i] ?? begin[1], isDrawn ? undefined : "not drawn yet")
    })
  }

  /**
   * @param {number} i
   * @param {number} y
   */
  move(i, y) {
    this.at = this.at.with(i, Number(y.toPrecision(DIGITS)))
    this.isDue = true
    this.draw(0)
  }

  /** Tell the document all heights; 0 stands for those not drawn yet. */
  tell() {
    if (!this.isDue) return
    this.isDue = false
    document.dispatchEvent(new CustomEvent("sketched", { detail: this.at.map((y) => y ?? 0) }))
  }
}
