// @ts-check
// The charts of one player.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Theme } from "./theme.js"
 */

import { Chart } from "./chart.js"
import { Surface } from "./surface.js"
import { Surface3D, hasWebGL } from "./surface3d.js"

const RESIZE_PAUSE_MS = 60 // after a change of size, before the charts are drawn again: such changes come in bursts

export class Charts {
  /** By name. @type {Map<string, Chart>} */
  #charts = new Map()
  /** Timer. @type {number | undefined} */
  #resizing

  /**
   * @param {HTMLElement} host
   * @param {(point: Messages.Point, done: boolean) => void} start  called for a first point elsewhere
   * @param {(ranges: [Messages.Range, Messages.Range]) => void} ask  called for heights that are not known
   */
  constructor(host, start, ask) {
    this.host = host
    this.start = start
    this.ask = ask
    this.sizes = new ResizeObserver(() => this.resize())
    this.sizes.observe(host)
  }

  get all() {
    return [...this.#charts.values()]
  }

  /** Make sure that there is a chart for each of these; one whose kind has changed is replaced.
   * @param {(Messages.Chart | Messages.Surface)[]} specs
   */
  make(specs) {
    for (const spec of specs) {
      const before = this.#charts.get(spec.name)
      const Kind = spec.kind === "Chart" ? Chart : spec.in_3d && hasWebGL() ? Surface3D : Surface
      if (before?.constructor === Kind) continue
      const chart = new Kind(this.host, spec.name, this.start, this.ask)
      this.#charts.set(spec.name, chart)
      if (before) chart.replace(before)
    }
  }

  /**
   * @param {(Messages.Chart | Messages.Surface)[]} specs
   * @param {Theme} theme
   * @param {object} how
   * @param {boolean} how.isDragged  keeps the axes as they are, so that nothing jumps and half of the drawing is saved
   * @param {boolean} how.isQuick  whether the browser itself can compute where another start leads
   * @param {() => void} how.redraw
   */
  async update(specs, theme, { isDragged, isQuick, redraw }) {
    await Promise.all(specs.map((spec) => {
      const chart = this.#charts.get(spec.name)
      if (chart instanceof Surface) chart.handle.isQuick = isQuick
      return chart.update(isDragged ? chart.withSameAxes(spec) : spec, theme, redraw)
    }))
  }

  /**
   * @param {Frames} frames
   * @param {number} k
   */
  draw(frames, k) {
    for (const chart of this.#charts.values()) chart.draw(frames, k)
  }

  /** Leave `frames` behind as the ghost in every chart; null clears it.
   * @param {Frames | null} frames
   */
  ghost(frames) {
    for (const chart of this.#charts.values()) chart.ghost(frames)
  }

  /**
   * @param {Frames} frames
   * @param {number} k
   */
  handToPlotly(frames, k) {
    for (const chart of this.#charts.values()) chart.handToPlotly(frames, k)
  }

  takeBack() {
    for (const chart of this.#charts.values()) chart.takeBack()
  }

  resize() {
    clearTimeout(this.#resizing)
    this.#resizing = setTimeout(() => this.#charts.forEach((chart) => chart.resize()), RESIZE_PAUSE_MS)
  }

  /** Release everything. */
  purge() {
    this.sizes.disconnect()
    for (const chart of this.#charts.values()) chart.purge()
  }
}
