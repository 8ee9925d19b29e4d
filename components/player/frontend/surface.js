// @ts-check
// A chart of heights: the contours are computed here, again after each zoom, from a formula or a grid.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Theme } from "./theme.js"
 */

import { Chart } from "./chart.js"
import { pale, strong } from "./hall.js"
import { makeHeights, sampled } from "./heights.js"
import { Labels } from "./labels.js"
import * as plotly from "./plotly.js"
import { Scale } from "./scale.js"
import { StartHandle } from "./start_handle.js"

const POINTS_PER_SIDE = 80
const ZOOM_PAUSE_MS = 200 // after a zoom, before the server is asked: zooms come in bursts
const REFINE_INTERVAL_MS = 500 // between two computations while the playing frames move the surface

export class Surface extends Chart {
  /** @type {ReturnType<typeof makeHeights>} */
  heights
  /** The frames and the frame drawn last. @type {Frames | undefined} */
  frames
  k = 0
  /** The ranges and the shape for which the heights were last computed, as text. */
  filled = ""
  refinedAt = -Infinity
  /** The ranges and the shape that the server was last asked for, as text. */
  asked = ""
  /** Timer. @type {number | undefined} */
  asking

  /**
   * @param {Element} host
   * @param {string} name
   * @param {(point: Messages.Point, done: boolean) => void} start  called for a first point elsewhere
   * @param {(ranges: [Messages.Range, Messages.Range]) => void} ask  called for heights that are not known
   */
  constructor(host, name, start, ask) {
    super(host, name, start)
    this.ask = ask
    this.hint = this.plot.parentElement.appendChild(Object.assign(document.createElement("p"), { className: "player-hint" }))
    this.handle = new StartHandle(this, start)
    this.labels = new Labels(this.overlay, this.figure, () => this.redrawLast())
    this.scale = new Scale(this.overlay)
  }

  /** CSS selector of what takes the clicks. */
  get ground() {
    return plotly.GROUND
  }

  /**
   * @param {Messages.Surface} spec
   * @param {Theme} theme
   * @param {() => void} redraw
   */
  async update(spec, theme, redraw) {
    const isNew = !plotly.isDrawn(this.plot)
    this.heights = makeHeights(spec.heights)
    await super.update(spec, theme, redraw)
    this.explain(spec)
    this.labels.dress(theme)
    this.scale.dress(pale(spec.figure.data[0].colorscale, theme), theme)
    this.layer.append(this.drawn[0].head) // above the arrows that begin there
    if (isNew) plotly.onZoom(this.plot, () => this.refine())
    await this.refine()
  }

  /** Write over the chart what its arrows mean and what the pointer can do.
   * @param {Messages.Surface} spec
   */
  explain(spec) {
    const arrows = spec.marks.filter((mark) => mark.kind === "Arrow").map(({ name, color }) => {
      const line = Object.assign(document.createElement("b"), { textContent: `→ ${name}` })
      line.style.setProperty("--mark", strong(color, this.theme))
      return line
    })
    const hints = this.hints().map((textContent) => Object.assign(document.createElement("span"), { textContent }))
    this.hint.replaceChildren(...arrows, ...hints)
    this.edges.taken = this.hint.offsetHeight
  }

  hints() {
    const lost = this.spec.in_3d ? ["Without WebGL this browser shows contours."] : []
    return [...lost, "click to start there"]
  }

  draw(frames, k) {
    this.frames = frames
    this.k = k
    this.heights.follow(frames, k)
    if (this.heights.moves && performance.now() - this.refinedAt > REFINE_INTERVAL_MS) this.refine()
    super.draw(frames, this.handle.isHeld ? frames.length - 1 : k)
    this.handle.draw(frames, this.marks[0].point(frames, 0))
    this.label(frames, k)
  }

  /** Say which mark is which.
   * @param {Frames} frames
   * @param {number} k
   */
  label(frames, k) {
    const { box, pixel } = this.view
    const [path] = this.marks
    const lowest = this.spec.figure.data.find((trace) => trace.mode === "markers")
    const places = [path.point(frames, k), [lowest.x[0], lowest.y[0]], path.point(frames, 0)]
    this.labels.draw(places.map(([x, y]) => pixel(x, y)), box, this.edges.places)
    this.scale.draw(box)
  }

  /** The event's place in the axes' units; null beside the surface.
   * @param {MouseEvent} event
   * @returns {Messages.Point | null}
   */
  point(event) {
    return plotly.pointAt(this.plot, event)
  }

  /** Draw again what was drawn last. */
  redrawLast() {
    if (this.frames) this.draw(this.frames, this.k)
  }

  async handToPlotly(frames, k) {
    await super.handToPlotly(frames, k)
    await this.refine()
  }

  traces(spec) {
    const [surface, ...rest] = super.traces(spec)
    const { xaxis: x, yaxis: y } = spec.figure.layout
    return [{ ...surface, ...this.numbersOver([x.range, y.range]) }, ...rest]
  }

  /** The ranges that are shown now. */
  ranges() {
    return plotly.rangesOf(this.plot)
  }

  /** The numbers of the first trace over these ranges.
   * @param {[Messages.Range, Messages.Range]} ranges
   */
  numbersOver(ranges) {
    this.filled = [ranges, this.heights.shape].join()
    this.refinedAt = performance.now()
    return this.attributes(sampled(this.heights, ranges, POINTS_PER_SIDE))
  }

  /** The attributes in which Plotly takes them.
   * @param {ReturnType<typeof sampled>} sample
   * @returns {Record<string, any>}
   */
  attributes({ x, y, heights, shades }) {
    return { x, y, z: shades, customdata: heights }
  }

  /** Compute the heights again if the chart shows another part of the surface, or its shape has changed. */
  async refine() {
    const ranges = this.ranges()
    if (!this.heights.covers(ranges)) this.inquire(ranges)
    if ([ranges, this.heights.shape].join() === this.filled) return
    const update = Object.entries(this.numbersOver(ranges)).map(([name, values]) => [name, [values]])
    await plotly.restyle(this.plot, Object.fromEntries(update), [0])
  }

  /** Ask for the heights over these ranges, once they have stayed for a moment.
   * @param {[Messages.Range, Messages.Range]} ranges
   */
  inquire(ranges) {
    const question = [ranges, this.heights.shape].join()
    if (question === this.asked) return
    this.asked = question
    clearTimeout(this.asking)
    this.asking = setTimeout(() => this.ask(ranges), ZOOM_PAUSE_MS)
  }
}
