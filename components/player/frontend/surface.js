// A chart of heights: the contours are computed here, anew after each zoom, from a formula or a grid.

import { Chart } from "./chart.js"
import { rounded } from "./numbers.js"
import { StartHandle } from "./start_handle.js"
import { grid, makeHeights } from "./heights.js"

const FINE = 80 // points a side
const SOON = 200 // milliseconds after a zoom, in which there may be more of it
const SELDOM = 500 // milliseconds between two new surfaces while frames play that move it

export class Surface extends Chart {
  /** Calls start([x, y], done) for a first point elsewhere, and ask(ranges) for heights that it does not know. */
  constructor(host, name, start, ask) {
    super(host, name)
    this.ask = ask
    this.hint = this.plot.parentElement.appendChild(Object.assign(document.createElement("p"), { className: "player-hint" }))
    this.start = new StartHandle(this, start)
  }

  /** What of Plotly's takes the clicks. */
  get ground() {
    return ".nsewdrag"
  }

  async update(spec, theme, redraw) {
    const fresh = !this.plot.data
    this.heights = makeHeights(spec.heights)
    await super.update(spec, theme, redraw)
    this.say(spec)
    this.layer.append(this.drawn[0].head) // above the arrows that begin there
    if (fresh) this.plot.on("plotly_relayout", () => this.refine())
    await this.refine()
  }

  /** What the arrows are, and what the hand can do. */
  say(spec) {
    const arrows = spec.marks.filter((mark) => mark.kind === "arrow").map(({ name, color }) => {
      const line = Object.assign(document.createElement("b"), { textContent: `→ ${name}` })
      line.style.setProperty("--mark", color)
      return line
    })
    const words = this.words().map((textContent) => Object.assign(document.createElement("span"), { textContent }))
    this.hint.replaceChildren(...arrows, ...words)
  }

  words() {
    const lost = this.spec.kind === "surface3d" ? ["Without WebGL this browser shows contours."] : []
    return [...lost, "click to start there"]
  }

  draw(frames, k) {
    ;[this.frames, this.k] = [frames, k]
    this.heights.follow(frames, k)
    if (this.heights.moves && performance.now() - (this.refined ?? 0) > SELDOM) this.refine()
    super.draw(frames, this.start.held ? frames.length - 1 : k)
    this.start.draw(frames, this.marks[0].point(frames, 0))
  }

  /** The event's place in the axes' units, to a tenth of a pixel. */
  point(event) {
    const box = this.plot.getBoundingClientRect()
    const { xaxis, yaxis } = this.plot._fullLayout
    return [place(xaxis, event.clientX - box.left), place(yaxis, event.clientY - box.top)]
  }

  /** Draw once more what was drawn last. */
  again() {
    if (this.frames) this.draw(this.frames, this.k)
  }

  async settle(frames, k) {
    await super.settle(frames, k)
    await this.refine()
  }

  traces(spec) {
    const [surface, ...rest] = super.traces(spec)
    const { xaxis: x, yaxis: y } = spec.figure.layout
    return [{ ...surface, ...this.numbers([x.range, y.range]) }, ...rest]
  }

  /** The ranges that are shown now. */
  ranges() {
    const { xaxis: x, yaxis: y } = this.plot._fullLayout
    return [x.range, y.range]
  }

  /** The surface's numbers over these ranges. */
  numbers(ranges) {
    this.filled = [ranges, this.heights.shape].join()
    this.refined = performance.now()
    return this.filling(grid(this.heights, ranges, FINE))
  }

  filling({ x, y, heights, shades }) {
    return { x, y, z: shades, customdata: heights }
  }

  /** Fill in the surface as finely as ever if it shows another part, or has another shape. */
  async refine() {
    const ranges = this.ranges()
    if (!this.heights.covers(ranges)) this.inquire(ranges)
    if ([ranges, this.heights.shape].join() === this.filled) return
    const numbers = Object.entries(this.numbers(ranges)).map(([name, values]) => [name, [values]])
    await window.Plotly.restyle(this.plot, Object.fromEntries(numbers), [0])
  }

  /** Ask for the heights over these ranges, once they have stayed for a moment. */
  inquire(ranges) {
    const question = [ranges, this.heights.shape].join()
    if (question === this.asked) return
    this.asked = question
    clearTimeout(this.asking)
    this.asking = setTimeout(() => this.ask(ranges), SOON)
  }
}

function place(axis, pixel) {
  const value = axis.p2d(Math.max(0, Math.min(axis._length, pixel - axis._offset)))
  return rounded(value, Math.abs(axis.p2d(0.1) - axis.p2d(0)))
}
