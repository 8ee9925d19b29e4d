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
import { svg } from "./svg.js"

const ENLARGE_ICON = "M4 10V4h6v2H6v4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z"
const SHRINK_ICON = "M8 4h2v6H4V8h4zM14 4h2v4h4v2h-6zM4 14h6v6H8v-4H4zM14 14h6v2h-4v4h-2z"
const RESIZE_PAUSE_MS = 60 // after a change of size, before the charts are drawn again: such changes come in bursts

export class Charts {
  /** By name. @type {Map<string, Chart>} */
  #charts = new Map()
  /** The name of the chart that alone is shown, on the whole width; "" for all of them. */
  #enlarged = ""
  /** Timer. @type {number | undefined} */
  #resizing

  /**
   * @param {HTMLElement} host
   * @param {Messages.Start} start  called for a first point elsewhere
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
      const button = Object.assign(document.createElement("button"), { type: "button", className: "player-enlarge" })
      button.addEventListener("click", () => this.enlarge(this.#enlarged ? "" : spec.name))
      svg(svg(button, "svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }), "path")
      chart.figure.querySelector("figcaption").append(button)
    }
  }

  /** Show one chart alone, on the whole width; "" shows all of them.
   * @param {string} name
   */
  enlarge(name) {
    this.#enlarged = name
    this.#arrange()
    this.resize()
  }

  /** Enlarge the chart that an element is in, or the one under the pointer, or the first; if one is enlarged, the next.
   * @param {Element} element
   */
  enlargeNext(element) {
    const names = [...this.#charts.keys()]
    const at = element.closest("figure") ?? this.host.querySelector("figure:hover")
    const here = names.find((name) => this.#charts.get(name).figure === at) ?? names[0]
    this.enlarge(this.#enlarged ? names[(names.indexOf(this.#enlarged) + 1) % names.length] : here)
  }

  /** Hide what is not shown, and say what the buttons do. */
  #arrange() {
    const name = this.#enlarged
    this.host.classList.toggle("player-alone", Boolean(name))
    const focused = document.activeElement
    for (const [own, { figure, spec }] of this.#charts) {
      figure.hidden = Boolean(name) && own !== name
      const button = figure.querySelector(".player-enlarge")
      button.setAttribute("aria-label", name ? "Back to all charts" : `Enlarge ${spec.title}`)
      button.title = name ? "Back to all charts (Esc)" : "Enlarge (+)"
      button.querySelector("path").setAttribute("d", name ? SHRINK_ICON : ENLARGE_ICON)
    }
    if (focused?.closest("figure")?.hidden) this.#charts.get(name).figure.querySelector("button").focus()
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
    const updated = Promise.all(specs.map((spec) => {
      const chart = this.#charts.get(spec.name)
      chart.ends.isQuick = isQuick
      if (chart instanceof Surface) chart.handle.isQuick = isQuick
      return chart.update(isDragged ? chart.withSameAxes(spec) : spec, theme, redraw)
    }))
    this.#arrange()
    await updated
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
    this.#resizing = setTimeout(() => this.all.forEach((chart) => chart.figure.hidden || chart.resize()), RESIZE_PAUSE_MS)
  }

  /** Release everything. */
  purge() {
    this.sizes.disconnect()
    for (const chart of this.#charts.values()) chart.purge()
  }
}
