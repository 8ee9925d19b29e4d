// @ts-check
// One chart: Plotly draws what stands still; an SVG over it draws what moves.
// At rest Plotly is given the moving parts too, under the SVG, so that hover and zoom tell the truth.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Mark, Pixel } from "./marks.js"
 * @import { Plot, View } from "./plotly.js"
 * @import { Theme } from "./theme.js"
 * @import { Thinned } from "./trail.js"
 */

import { Arrow } from "./arrows.js"
import { Curve } from "./curves.js"
import { Edges } from "./edges.js"
import { bold, diameter } from "./hall.js"
import { entriesOf, showLegend } from "./legend.js"
import { LineEnds } from "./line_ends.js"
import { Line, Points, Predictions, Segments, Squares } from "./marks.js"
import { Opening } from "./opening.js"
import { Pins } from "./pins.js"
import * as plotly from "./plotly.js"
import { Sketch } from "./sketch.js"
import { OUT_OF_SIGHT, svg } from "./svg.js"
import { fitted, themed, wholeText } from "./theme.js"
import { Trail } from "./trail.js"

const HEAD_PX = 12

/** @type {Record<string, new (spec: any) => any>} */
const MARKS = { Trail, Line, Points, Predictions, Segments, Squares, Curve, Arrow }

/** A mark's line and the dot at its head, and of a path also its last steps and a dot for each.
 * @typedef {{ path: SVGPathElement, head?: SVGCircleElement, steps?: SVGPathElement, dots?: SVGPathElement }} Drawn
 */

export class Chart {
  /** The message that is shown. @type {any} */
  spec
  /** @type {Theme} */
  theme
  /** Its moving parts. @type {any[]} */
  marks = []
  /** The SVG elements of each. @type {Drawn[]} */
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
  /** How far the vertical axis opens in the frames below. @type {Opening | null} */
  opening = null
  /** The range of the vertical axis that is shown unless someone has zoomed. @type {Messages.Range} */
  range
  /** Whether the vertical axis is just being opened. */
  isOpening = false
  /** The frames of the previous run. @type {Frames | null} */
  ghostFrames = null
  /** The marks that they are drawn with. @type {any[]} */
  ghostMarks = []

  /**
   * @param {Element} host
   * @param {string} name
   * @param {Messages.Start} start  called for a line elsewhere
   */
  constructor(host, name, start) {
    this.figure = host.appendChild(document.createElement("figure"))
    this.figure.innerHTML = `<figcaption><span></span><small></small></figcaption><div class="player-canvas"><div data-chart="${name}"></div></div><p class="player-legend"></p>`
    /** @type {Plot} */
    this.plot = this.figure.querySelector("[data-chart]")
    this.overlay = svg(this.plot.parentElement, "svg", { class: "player-overlay", "aria-hidden": "true" })
    const clip = svg(svg(this.overlay, "defs"), "clipPath", { id: `player-clip-${name}` })
    this.clipRect = svg(clip, "rect")
    this.inside = svg(this.overlay, "g", { "clip-path": `url(#${clip.id})` })
    this.ghostLayer = svg(this.inside, "g", { class: "player-ghost" })
    this.pins = new Pins(this.overlay, clip.id)
    this.layer = svg(this.inside, "g")
    this.edges = new Edges(this.overlay)
    this.ends = new LineEnds(this, start)
    this.sketch = new Sketch(this)
  }

  /**
   * Show this spec. Plotly draws only if something that it draws has changed.
   * @param {any} spec  a chart's message
   * @param {Theme} theme
   * @param {() => void} redraw
   */
  async update(spec, theme, redraw) {
    this.spec = spec
    this.theme = theme
    this.ends.update(spec.ends)
    this.sketch.update(spec.sketch)
    const [title, note] = /** @type {any} */ (this.figure.querySelector("figcaption").children)
    title.textContent = spec.title
    note.textContent = note.title = spec.note
    this.figure.setAttribute("aria-label", spec.alt)
    const wanted = JSON.stringify([spec.figure, spec.heights, spec.logarithmic, spec.marks.map((m) => [m.name, m.kind, m.color]), theme])
    this.marks = spec.marks.map((mark) => new MARKS[mark.kind](mark).dressed(theme))
    this.preparedFor = this.opening = null
    this.edges.dress(theme)
    this.explainSymbols()
    this.pins.follow(this.marks, theme)
    if (wanted === this.shown) return void this.measure()
    this.shown = wanted
    this.range = spec.figure.layout.yaxis.range
    this.layer.replaceChildren()
    this.drawn = this.marks.map((mark) => this.elementsOf(mark))
    this.first = spec.figure.data.length
    const isNew = !plotly.isDrawn(this.plot)
    await plotly.draw(this.plot, [...this.traces(spec), ...this.moving()], this.layout(spec, theme))
    this.isHanded = false
    this.measure()
    this.tellTitles()
    if (!isNew) return
    plotly.onAxes(this.plot, () => {
      this.measure()
      this.tellTitles()
      if (!this.isOpening) redraw()
    })
  }

  /** Say below the chart what its symbols mean. */
  explainSymbols() {
    showLegend(this.figure.querySelector(".player-legend"), entriesOf(this.spec, Boolean(this.ghostFrames)), this.theme)
  }

  /** @param {Mark} mark */
  elementsOf(mark) {
    const path = svg(this.layer, "path", { class: mark.className })
    path.style.setProperty("--mark", mark.color)
    path.dataset.mark = mark.name
    if (!mark.hasHead) return { path }
    const [steps, dots] = ["player-steps", "player-step-dots"].map((name) => svg(this.layer, "path", { class: name }))
    const head = svg(this.layer, "circle", { r: diameter(this.theme, HEAD_PX) / 2, "data-mark": mark.name })
    for (const element of [steps, dots, head]) element.style.setProperty("--mark", mark.color)
    return { path, head, steps, dots }
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
    return structuredClone(spec.figure.data).map((trace) => bold(trace, this.theme))
  }

  /** Plotly's traces of the moving parts, empty until it is handed them. */
  moving() {
    return this.marks.map((mark) => ({ type: "scatter", name: mark.name, x: [], y: [], opacity: 0, ...mark.style() }))
  }

  /**
   * @param {any} spec
   * @param {Theme} theme
   */
  layout(spec, theme) {
    const layout = themed(spec.figure.layout, theme)
    const { xaxis, yaxis } = this.titles(layout)
    return { ...layout, xaxis: { ...layout.xaxis, title: { ...layout.xaxis.title, text: xaxis } }, yaxis: { ...layout.yaxis, title: { ...layout.yaxis.title, text: yaxis } } }
  }

  /** Show the whole title of an axis under the pointer. */
  tellTitles() {
    const { xaxis, yaxis } = this.spec.figure.layout
    plotly.explainTitles(this.plot, [xaxis, yaxis].map((axis) => wholeText(axis.title.text)))
  }

  /** The axes' titles, as long as there is room for.
   * @param {any} layout
   */
  titles({ xaxis, yaxis, font, margin: { l, r, t, b } }) {
    const { clientWidth, clientHeight } = this.plot
    return { xaxis: fitted(xaxis.title, clientWidth - l - r, font), yaxis: fitted(yaxis.title, clientHeight - t - b, font) }
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
    this.open(frames, k)
    this.prepare(frames)
    const { pixel } = this.view
    this.marks.forEach((mark, i) => {
      const { d, head, recent } = mark.path(frames, k, pixel, this.prepared[i])
      const { path, head: dot, steps, dots } = this.drawn[i]
      path.setAttribute("d", d)
      if (!dot) return
      dot.setAttribute("transform", head ? `translate(${head[0]},${head[1]})` : OUT_OF_SIGHT)
      path.classList.toggle("player-faded", Boolean(recent))
      steps.setAttribute("d", recent ? `M${recent.join("L")}` : "")
      dots.setAttribute("d", recent ? `M${recent.join("h0M")}h0` : "")
    })
    this.pins.draw(frames, k, this.view)
    this.ends.draw(frames, k)
    this.sketch.draw(k)
    this.note(frames, k)
  }

  /** Whether the axes are where this page has put them, not where a zoom has. */
  get isWhole() {
    const [x, y] = plotly.rangesOf(this.plot).map(String)
    const { xaxis, yaxis } = this.spec.figure.layout // to which a double click returns
    return x === String(xaxis.range) && (y === String(yaxis.range) || y === String(this.range))
  }

  /** Let the vertical axis hold what is drawn at frame k, if it may, and nobody has zoomed.
   * @param {Frames} frames
   * @param {number} k
   */
  open(frames, k) {
    const { range } = this.spec.figure.layout.yaxis
    if (!this.spec.opens || !this.isWhole) return
    if (this.opening?.frames !== frames) this.opening = new Opening(this.marks, frames, range)
    const wanted = this.opening.at(k)
    if (String(wanted) === String(plotly.rangesOf(this.plot)[1])) return
    this.range = wanted
    this.isOpening = true // Plotly announces its own change, too
    plotly.setVertical(this.plot, wanted)
    this.isOpening = false
    this.measure()
  }

  /** Say at the edges what has left the axes.
   * @param {Frames} frames
   * @param {number} k
   */
  note(frames, k) {
    if (this.isWhole) this.edges.draw(this.marks, frames, k, this.view)
    else this.edges.hide()
    this.edges.say(this.marks.flatMap((mark) => mark.says(frames, k)), this.view)
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
    const update = Object.fromEntries(["x", "y", "text", "customdata"].map((name) => [name, traces.map((t) => t[name] ?? null)]))
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
    if (this.spec) this.explainSymbols()
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
      const { d, recent } = mark.path(frames, frames.length - 1, pixel, mark.prepared(frames, pixel))
      svg(this.ghostLayer, "path", { d, class: recent ? "player-faded" : "" })
    }
  }

  async resize() {
    if (!plotly.isDrawn(this.plot)) return
    await plotly.resize(this.plot)
    await plotly.setTitles(this.plot, this.titles(themed(this.spec.figure.layout, this.theme)))
  }

  purge() {
    plotly.purge(this.plot)
  }
}
