// One chart: Plotly draws what stands still; an SVG over it draws what moves.
// At rest Plotly is given the moving parts too, under the SVG, so that hover and zoom tell the truth.

import { Arrow } from "./arrows.js"
import { makeMark } from "./marks.js"
import { Pins } from "./pins.js"

const SVG = "http://www.w3.org/2000/svg"
// Plotly's picture of a chart would lack all that the SVG draws.
const CONFIG = {
  responsive: true, displaylogo: false, showSendToCloud: false, displayModeBar: "hover",
  modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"],
}

export const svg = (parent, tag, className = "") => {
  const element = parent.appendChild(document.createElementNS(SVG, tag))
  if (className) element.setAttribute("class", className)
  return element
}

export class Chart {
  constructor(host, name) {
    this.figure = host.appendChild(document.createElement("figure"))
    this.figure.innerHTML = `<figcaption><span></span><small></small></figcaption><div class="player-canvas"><div data-chart="${name}"></div></div>`
    this.plot = this.figure.querySelector("[data-chart]")
    this.overlay = svg(this.plot.parentElement, "svg", "player-overlay")
    this.overlay.setAttribute("aria-hidden", "true")
    const clip = svg(svg(this.overlay, "defs"), "clipPath")
    clip.id = `player-clip-${name}`
    this.window = svg(clip, "rect")
    this.inside = svg(this.overlay, "g")
    this.inside.setAttribute("clip-path", `url(#${clip.id})`)
    this.ghostLayer = svg(this.inside, "g", "player-ghost")
    this.pins = new Pins(this.overlay, clip.id)
    this.layer = svg(this.inside, "g")
    this.marks = []
    this.shown = ""
  }

  /** Show this spec {title, note, alt, figure, marks}; draws with Plotly only what changed. */
  async update(spec, theme, redraw) {
    this.spec = spec
    const [title, note] = this.figure.querySelector("figcaption").children
    title.textContent = spec.title
    note.textContent = note.title = spec.note
    this.figure.setAttribute("aria-label", spec.alt)
    const wanted = JSON.stringify([spec.figure, spec.heights, spec.logarithmic, spec.marks.map((m) => [m.name, m.kind, m.color]), theme])
    this.marks = spec.marks.map((mark) => (mark.kind === "arrow" ? new Arrow(mark) : makeMark(mark)))
    this.pins.follow(this.marks)
    if (wanted === this.shown) return this.measure()
    this.shown = wanted
    this.layer.replaceChildren()
    this.drawn = this.marks.map((mark) => {
      const path = svg(this.layer, "path", { segments: "player-thin", points: "player-dots" }[mark.dashed ? "segments" : mark.kind] ?? mark.look ?? "")
      path.style.setProperty("--mark", mark.color)
      if (mark.kind) return { path }
      const head = svg(this.layer, "circle")
      head.setAttribute("r", 6)
      head.style.setProperty("--mark", mark.color)
      return { path, head }
    })
    this.first = spec.figure.data.length
    const fresh = !this.plot.data
    await window.Plotly.react(this.plot, [...this.traces(spec), ...this.moving()], this.layout(spec, theme), CONFIG)
    this.settled = false
    this.measure()
    if (!fresh) return
    const again = () => (this.measure(), redraw())
    for (const event of ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]) this.plot.on(event, again)
  }

  /** A spec with the axes that stand there now. */
  still(spec) {
    return this.spec ? { ...spec, figure: this.spec.figure } : spec
  }

  /** What Plotly draws and never moves. */
  traces(spec) {
    return structuredClone(spec.figure.data)
  }

  /** What Plotly draws at rest, empty at first. */
  moving() {
    return this.marks.map((mark) => ({ type: "scatter", name: mark.name, x: [], y: [], ...mark.style(mark.color) }))
  }

  layout(spec, theme) {
    return themed(spec.figure.layout, theme)
  }

  /** Read where the axes are now; true if they moved. */
  measure() {
    const { xaxis: x, yaxis: y } = this.plot._fullLayout
    const now = [x._offset, y._offset, x._length, y._length, x.range, y.range, x.type, y.type].join()
    this.pixel = (a, b) => [x._offset + x.d2p(a), y._offset + y.d2p(b)]
    if (now === this.geometry) return false
    this.geometry = now
    const box = { x: x._offset, y: y._offset, width: x._length, height: y._length }
    for (const [name, value] of Object.entries(box)) this.window.setAttribute(name, value)
    this.prepared = null
    return true
  }

  prepare(frames) {
    if (this.prepared === frames) return
    this.prepared = frames
    for (const mark of this.marks) mark.prepare(frames, this.pixel)
    this.drawGhost()
  }

  draw(frames, k) {
    this.prepare(frames)
    this.marks.forEach((mark, i) => {
      const { d, head } = mark.path(frames, k, this.pixel)
      const { path, head: dot } = this.drawn[i]
      path.setAttribute("d", d)
      if (dot) dot.setAttribute("transform", head ? `translate(${head[0]},${head[1]})` : "translate(-99,-99)")
    })
    this.pins.draw(frames, k, this.pixel, this.geometry)
  }

  /** Hand the moving parts to Plotly, true to frame k. */
  async settle(frames, k) {
    if (!this.marks.length) return
    this.prepare(frames)
    const traces = this.marks.map((mark) => mark.trace(frames, k))
    const update = { x: traces.map((t) => t.x), y: traces.map((t) => t.y) }
    if (traces.some((t) => t["marker.size"])) update["marker.size"] = traces.map((t, i) => t["marker.size"] ?? this.marks[i].style("").marker?.size)
    this.settled = true
    await window.Plotly.restyle(this.plot, update, this.marks.map((_, i) => this.first + i))
  }

  /** Take the moving parts back from Plotly before they move: out of sight now, which is quick, and then for good. */
  lift() {
    if (!this.settled) return
    this.settled = false
    const theirs = [...this.plot.querySelectorAll(".scatterlayer .trace")].filter((g) => g.__data__[0].trace.index >= this.first)
    const hide = (display) => theirs.forEach((group) => (group.style.display = display))
    hide("none")
    requestAnimationFrame(() => setTimeout(() => {
      hide("")
      if (!this.settled) window.Plotly.restyle(this.plot, { x: [[]], y: [[]] }, this.marks.map((_, i) => this.first + i))
    }))
  }

  /** Leave `frames` behind as a faint trace of the run before; null clears it. */
  ghost(frames) {
    this.ghostFrames = frames
    // Marks of its own, for each knows the frames that it was prepared for.
    this.ghostMarks = this.marks.filter((mark) => !mark.kind || mark.kind === "line").map((mark) => Object.create(mark))
    this.drawGhost()
  }

  drawGhost() {
    this.ghostLayer.replaceChildren()
    if (!this.ghostFrames) return
    for (const mark of this.ghostMarks) {
      mark.prepare(this.ghostFrames, this.pixel)
      svg(this.ghostLayer, "path").setAttribute("d", mark.path(this.ghostFrames, this.ghostFrames.length - 1, this.pixel).d)
    }
  }

  resize() {
    window.Plotly.Plots.resize(this.plot)
  }

  purge() {
    window.Plotly?.purge(this.plot)
  }
}

/** Whether fingers move the page: on a phone a chart is as wide as the screen, and a zoom would keep it from scrolling. */
const touched = () => matchMedia("(hover: none)").matches

/** The layout in the page's own colours. */
function themed(layout, theme) {
  const axis = { gridcolor: theme.grid, zerolinecolor: theme.grid, linecolor: theme.grid, tickcolor: theme.grid }
  const base = structuredClone(layout)
  return {
    ...base, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.ink, family: theme.font, size: 13 },
    ...(touched() && { dragmode: false }),
    hoverlabel: { bgcolor: theme.paper, font: { color: theme.ink } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.muted, activecolor: theme.ink },
    xaxis: { ...base.xaxis, ...axis }, yaxis: { ...base.yaxis, ...axis },
  }
}
