// @ts-check
// One chart: Plotly draws what stands still; an SVG over it draws what moves.
// At rest Plotly is given the moving parts too, under the SVG, so that hover and zoom tell the truth.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Mark, Pixel, Thinned } from "./marks.js"
 * @import { Plot, View } from "./plotly.js"
 * @import { Theme } from "./theme.js"
 */

import { Arrow } from "./arrows.js"
import { Curve } from "./curves.js"
import { Line, Points, Segments, Trail } from "./marks.js"
import { Pins } from "./pins.js"
import * as plotly from "./plotly.js"
import { OUT_OF_SIGHT, svg } from "./svg.js"
import { themed } from "./theme.js"

/** @type {Record<string, new (spec: any) => any>} */
const MARKS = { Trail, Line, Points, Segments, Curve, Arrow }

export class Chart {
  /** The message that is shown. @type {any} */
  spec
  /** Its moving parts. @type {any[]} */
  marks = []
  /** The SVG elements of each. @type {{ path: SVGPathElement, head?: SVGCircleElement }[]} */
  drawn = []
  /** What each mark returned from `prepared` for the frames below. @type {(Thinned | null)[]} */
  prepared = []
  /** @type {Frames | null} */
  preparedFor = null
  /** Where the axes are. @type {View | undefined} */
  view
  /** What was last drawn with Plotly, as text. */
  shown = ""
  /** Plotly's index of the trace that is the first moving part. */
  first = 0
  /** Whether Plotly draws the moving parts now. */
  isHanded = false
  /** The frames of the previous run. @type {Frames | null} */
  ghostFrames = null
  /** The marks that they are drawn with. @type {any[]} */
  ghostMarks = []

  /**
   * @param {Element} host
   * @param {string} name
   */
  constructor(host, name) {
    this.figure = host.appendChild(document.createElement("figure"))
    this.figure.innerHTML = `<figcaption><span></span><small></small></figcaption><div class="player-canvas"><div data-chart="${name}"></div></div>`
    /** @type {Plot} */
    this.plot = this.figure.querySelector("[data-chart]")
    this.overlay = svg(this.plot.parentElement, "svg", { class: "player-overlay", "aria-hidden": "true" })
    const clip = svg(svg(this.overlay, "defs"), "clipPath", { id: `player-clip-${name}` })
    this.clipRect = svg(clip, "rect")
    this.inside = svg(this.overlay, "g", { "clip-path": `url(#${clip.id})` })
    this.ghostLayer = svg(this.inside, "g", { class: "player-ghost" })
    this.pins = new Pins(this.overlay, clip.id)
    this.layer = svg(this.inside, "g")
  }

  /**
   * Show this spec. Plotly draws only if something that it draws has changed.
   * @param {any} spec  a chart's message
   * @param {Theme} theme
   * @param {() => void} redraw
   */
  async update(spec, theme, redraw) {
    this.spec = spec
    const [title, note] = /** @type {any} */ (this.figure.querySelector("figcaption").children)
    title.textContent = spec.title
    note.textContent = note.title = spec.note
    this.figure.setAttribute("aria-label", spec.alt)
    const wanted = JSON.stringify([spec.figure, spec.heights, spec.logarithmic, spec.marks.map((m) => [m.name, m.kind, m.color]), theme])
    this.marks = spec.marks.map((mark) => new MARKS[mark.kind](mark))
    this.preparedFor = null
    this.pins.follow(this.marks)
    if (wanted === this.shown) return void this.measure()
    this.shown = wanted
    this.layer.replaceChildren()
    this.drawn = this.marks.map((mark) => this.elementsOf(mark))
    this.first = spec.figure.data.length
    const isNew = !plotly.isDrawn(this.plot)
    await plotly.draw(this.plot, [...this.traces(spec), ...this.moving()], this.layout(spec, theme))
    this.isHanded = false
    this.measure()
    if (!isNew) return
    plotly.onAxes(this.plot, () => {
      this.measure()
      redraw()
    })
  }

  /** @param {Mark} mark */
  elementsOf(mark) {
    const path = svg(this.layer, "path", { class: mark.className })
    path.style.setProperty("--mark", mark.color)
    if (!mark.hasHead) return { path }
    const head = svg(this.layer, "circle", { r: 6 })
    head.style.setProperty("--mark", mark.color)
    return { path, head }
  }

  /** A spec with the axes that are shown now.
   * @param {any} spec
   */
  withSameAxes(spec) {
    return this.spec ? { ...spec, figure: this.spec.figure } : spec
  }

  /** Plotly's traces that stand still.
   * @param {any} spec
   */
  traces(spec) {
    return structuredClone(spec.figure.data)
  }

  /** Plotly's traces of the moving parts, empty until it is handed them. */
  moving() {
    return this.marks.map((mark) => ({ type: "scatter", name: mark.name, x: [], y: [], ...mark.style() }))
  }

  /**
   * @param {any} spec
   * @param {Theme} theme
   */
  layout(spec, theme) {
    return themed(spec.figure.layout, theme)
  }

  /** Read where the axes are now; true if they moved. */
  measure() {
    return this.look(plotly.viewOf(this.plot))
  }

  /** @param {View} view */
  look(view) {
    const moved = view.key !== this.view?.key
    this.view = view
    if (!moved) return false
    for (const [name, value] of Object.entries(view.box)) this.clipRect.setAttribute(name, value)
    this.preparedFor = null
    return true
  }

  /** @param {Frames} frames */
  prepare(frames) {
    if (this.preparedFor === frames) return
    this.preparedFor = frames
    this.prepared = this.marks.map((mark) => mark.prepared(frames, this.view.pixel))
    this.drawGhost()
  }

  /**
   * @param {Frames} frames
   * @param {number} k
   */
  draw(frames, k) {
    this.prepare(frames)
    const { pixel } = this.view
    this.marks.forEach((mark, i) => {
      const { d, head } = mark.path(frames, k, pixel, this.prepared[i])
      const { path, head: dot } = this.drawn[i]
      path.setAttribute("d", d)
      if (dot) dot.setAttribute("transform", head ? `translate(${head[0]},${head[1]})` : OUT_OF_SIGHT)
    })
    this.pins.draw(frames, k, this.view)
  }

  /**
   * Let Plotly draw the moving parts too, at frame k.
   * @param {Frames} frames
   * @param {number} k
   */
  async handToPlotly(frames, k) {
    if (!this.marks.length) return
    this.prepare(frames)
    const traces = this.marks.map((mark, i) => mark.trace(frames, k, this.prepared[i]))
    const update = { x: traces.map((t) => t.x), y: traces.map((t) => t.y) }
    if (traces.some((t) => t.size)) update["marker.size"] = traces.map((t, i) => t.size ?? this.marks[i].style().marker?.size)
    this.isHanded = true
    await plotly.restyle(this.plot, update, this.movingIndices)
  }

  /** Remove the moving parts from Plotly before they move: hide them now, which is fast, and empty them a frame later. */
  takeBack() {
    if (!this.isHanded) return
    this.isHanded = false
    const elements = plotly.traceElements(this.plot, this.first)
    const display = (value) => elements.forEach((element) => (element.style.display = value))
    display("none")
    requestAnimationFrame(() => setTimeout(() => {
      display("")
      if (!this.isHanded) plotly.restyle(this.plot, { x: [[]], y: [[]] }, this.movingIndices)
    }))
  }

  get movingIndices() {
    return this.marks.map((_, i) => this.first + i)
  }

  /** Show `frames` as a faint ghost of the previous run; null clears it.
   * @param {Frames | null} frames
   */
  ghost(frames) {
    this.ghostFrames = frames
    this.ghostMarks = this.marks.filter((mark) => mark.leavesGhost)
    this.drawGhost()
  }

  /** Take the place of another chart, and its ghost.
   * @param {Chart} before
   */
  replace(before) {
    before.figure.replaceWith(this.figure)
    before.purge()
    this.ghostFrames = before.ghostFrames
    this.ghostMarks = before.ghostMarks
  }

  drawGhost() {
    this.ghostLayer.replaceChildren()
    const frames = this.ghostFrames
    if (!frames) return
    for (const mark of this.ghostMarks) {
      const { pixel } = this.view
      const { d } = mark.path(frames, frames.length - 1, pixel, mark.prepared(frames, pixel))
      svg(this.ghostLayer, "path", { d })
    }
  }

  resize() {
    plotly.resize(this.plot)
  }

  purge() {
    plotly.purge(this.plot)
  }
}
