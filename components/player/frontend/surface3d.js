// @ts-check
// A surface in three dimensions. Plotly draws only the surface: redrawing a line in space would take it far too long.
// What moves is drawn over it, as in every chart, where Plotly's camera projects it.

/**
 * @import * as Messages from "./messages.js"
 * @import { Box } from "./plotly.js"
 * @import { Theme } from "./theme.js"
 */

import { bold, letters, stroke } from "./hall.js"
import * as plotly from "./plotly.js"
import { ahead, along, crossing, eye, narrowed, transformed } from "./raycast.js"
import { rounded } from "./numbers.js"
import { Surface } from "./surface.js"
import { clamp, svg } from "./svg.js"
import { opaque } from "./theme.js"

const CAMERA = { eye: { x: 0.6, y: -1.95, z: 1.5 }, center: { x: 0, y: 0, z: -0.2 } }
const HALL_CAMERA = { ...CAMERA, eye: { x: 0.8, y: -2.6, z: 2 } } // farther away: larger letters need room
const ASPECT = { x: 1, y: 1, z: 0.75 }
const LIGHTING = { ambient: 0.85, diffuse: 0.35, specular: 0.04, roughness: 0.9 }
const CLICK_STEPS = 240 // along the ray of a click, to find where it meets the surface,
const CLICK_HALVINGS = 40 // to narrow that down
const HIDDEN_STEPS = 32 // along a ray that finds out whether a point is hidden
const FONT_PX = 11
const HALL_FONT_PX = 13 // of which `letters` makes those of a hall
const CROSS_PX = 5 // from the centre of a cross to its edge
const START_RESOLUTION = 1e-4 // of an axis, to which a start is rounded

/** @type {boolean | undefined} */
let webGL

/** Whether this browser has WebGL; asked once, for browsers allow few contexts. */
export function hasWebGL() {
  return (webGL ??= probe())
}

function probe() {
  try {
    const context = document.createElement("canvas").getContext("webgl")
    context?.getExtension("WEBGL_lose_context")?.loseContext()
    return Boolean(context)
  } catch {
    return false
  }
}

export class Surface3D extends Surface {
  /** The matrix from the axes' units to the screen; see raycast.js. @type {number[]} */
  camera
  /** Where the camera is. @type {number[]} */
  eye
  /** The part of the path that is not hidden. @type {SVGPathElement | undefined} */
  front
  /** Its pieces, one for each point of the path: "M…" after a hidden part, "L…" otherwise. @type {string[]} */
  visible = []
  /** Points marked by crosses, and the path that draws these. @type {Messages.Point[]} */
  crossed = []
  /** @type {SVGPathElement | undefined} */
  crosses
  /** The lowest and highest point of the sample that Plotly draws. */
  lowest = 0
  highest = 0

  get ground() {
    return plotly.GROUND_3D
  }

  hints() {
    return ["click to start there", "drag to turn"]
  }

  traces(spec) {
    const [contour, ...flat] = structuredClone(spec.figure.data).map((trace) => bold(trace, this.theme))
    const { xaxis: x, yaxis: y } = spec.figure.layout
    const surface = {
      type: "surface", showscale: false, lighting: LIGHTING, colorscale: contour.colorscale,
      hovertemplate: contour.hovertemplate.replace("customdata", "z"), ...this.numbersOver([x.range, y.range]),
    }
    const points = flat.filter((trace) => trace.mode === "markers").map((trace) => Object.assign(trace, {
      type: "scatter3d", z: [this.height(trace.x[0], trace.y[0])], marker: { color: trace.marker.color, size: 3 },
    }))
    // Plotly would draw a cross as a character of a font that not every machine has.
    this.crosses ??= svg(this.inside, "path", { class: "player-crosses" })
    this.crosses.style.setProperty("--mark", points[0]?.marker.color)
    this.crossed = points.map((trace) => [trace.x[0], trace.y[0]])
    return [surface, ...points]
  }

  moving() {
    return []
  }

  layout(spec, theme) {
    const { xaxis, yaxis, scene, ...rest } = super.layout(spec, theme)
    const size = letters(theme, theme.hall ? HALL_FONT_PX : FONT_PX)
    const lines = opaque([[0, theme.grid], [1, theme.grid]], theme.paper)[0][1]
    const axis = ({ title, range, tickformat, hoverformat }) => ({
      title: { text: title.text, font: { size } }, range, tickformat, hoverformat, nticks: theme.hall ? 3 : 5, gridcolor: lines, linecolor: lines,
      showbackground: false, showspikes: false,
    })
    const decades = Math.log10(this.highest / this.lowest)
    const labels = decades < 1.2 ? { tickformat: "~g" } : theme.hall ? powersOfTen(this.lowest, this.highest) : { dtick: Math.ceil(decades / 6) } // else Plotly writes first digits alone
    const scale = spec.logarithmic ? { type: "log", ...labels } : { type: "linear" }
    return {
      ...rest, font: { ...rest.font, size }, margin: { l: 0, r: 0, t: 0, b: 0 },
      scene: {
        xaxis: axis(xaxis), yaxis: axis(yaxis), zaxis: { ...axis(scene.zaxis), ...scale, exponentformat: "power" },
        aspectmode: "manual", aspectratio: ASPECT, camera: theme.hall ? HALL_CAMERA : CAMERA, dragmode: "turntable",
      },
    }
  }

  async update(spec, theme, redraw) {
    this.hint.classList.add("player-aside")
    this.scale.hide() // the vertical axis says it
    await super.update(spec, theme, redraw)
    if (!this.front?.isConnected) {
      const [{ path }] = this.drawn
      this.front = /** @type {SVGPathElement} */ (path.cloneNode())
      path.after(this.front)
      path.classList.add("player-behind")
    }
    plotly.onRender(this.plot, () => {
      if (this.measure()) this.redrawLast()
    })
  }

  /** Find out, too, which parts of the path the surface hides from this camera. */
  prepare(frames) {
    if (this.preparedFor === frames) return
    super.prepare(frames)
    const [path] = this.marks
    const [{ kept, parts }] = this.prepared
    const points = kept.map((k) => path.point(frames, k))
    this.visible = parts.map((part, i) => (i && !this.hidesBetween(points[i - 1], points[i]) ? "L" : "M") + part)
  }

  /** The whole path is drawn faintly, and over it the part that is not hidden. */
  draw(frames, k) {
    super.draw(frames, k)
    if (!this.front) return
    const [path] = this.marks
    const [{ kept, count }] = this.prepared
    const [{ head }] = this.drawn
    const [last, now] = [kept[count - 1] ?? k, k].map((at) => path.point(frames, at))
    const end = this.view.pixel(now[0], now[1]).map(clamp)
    const ends = !count || Number.isNaN(end[0]) || this.hidesBetween(last, now) ? "" : `L${end}`
    this.front.setAttribute("d", this.visible.slice(0, count).join("") + ends)
    head.classList.toggle("player-behind", this.hides(now))
    this.front.classList.toggle("player-faded", this.prepared[0].zigzags)
  }

  /** Nothing leaves these axes: the path is drawn at their edge. */
  note() {}

  measure() {
    const seen = plotly.cameraViewOf(this.plot)
    if (seen.key === this.view?.key) return false
    const { key, box, camera } = seen
    this.camera = camera
    this.eye = eye(camera)
    this.look({ key, box, pixel: (x, y) => onScreen(camera, box, this.lifted(x, y)) })
    this.crosses.setAttribute("d", this.crossed.map(([x, y]) => crossAt(this.view.pixel(x, y), stroke(this.theme, CROSS_PX))).join(""))
    return true
  }

  /** The height at which the surface is drawn: no lower than its lowest sample. */
  height(x, y) {
    return Math.max(this.heights.height(x, y), this.lowest)
  }

  /** The point of the surface over (x, y), in the units of the axes.
   * @param {number} x
   * @param {number} y
   */
  lifted(x, y) {
    const [a, b] = this.within(x, y)
    return [a, b, this.up(this.height(a, b))]
  }

  /** The point itself, or where the way to it from the middle leaves the axes.
   * @param {number} x
   * @param {number} y
   */
  within(x, y) {
    const middles = this.ranges().map(([low, high]) => (low + high) / 2)
    const far = this.ranges().map(([low, high], i) => Math.abs([x, y][i] - middles[i]) / ((high - low) / 2))
    const share = Math.max(1, ...far)
    return [x, y].map((at, i) => middles[i] + (at - middles[i]) / share)
  }

  /** A height in the units of the vertical axis.
   * @param {number} height
   */
  up(height) {
    return this.spec.logarithmic ? Math.log10(height) : height
  }

  /** The point of the surface under the pointer; null beside it.
   * @param {MouseEvent} event
   * @returns {Messages.Point | null}
   */
  point(event) {
    const { left, top } = this.plot.getBoundingClientRect()
    const { x, y, width, height } = this.view.box
    const [across, down] = [(event.clientX - left - x) / width, (event.clientY - top - y) / height]
    const seen = ahead(this.camera, 2 * across - 1, 1 - 2 * down)
    const shares = this.crossing(this.eye, seen, { most: Infinity, steps: CLICK_STEPS })
    if (!shares) return null
    const met = along(this.eye, seen, narrowed(this.isAbove, this.eye, seen, shares, CLICK_HALVINGS))
    const [a, b] = this.ranges().map(([low, high], i) => rounded(met[i], (high - low) * START_RESOLUTION))
    return [a, b]
  }

  /** Whether the surface hides the point midway between two others from the eye. */
  hidesBetween(from, to) {
    return this.hides(along(from, to, 0.5))
  }

  /** Whether the surface hides its own point over [x, y] from the eye.
   * @param {number[]} point
   */
  hides([x, y]) {
    return this.crossing(this.lifted(x, y), this.eye, { most: 1, steps: HIDDEN_STEPS, skip: 0.25 }) !== null
  }

  /** Whether a point in space lies above the surface. @type {(point: number[]) => boolean} */
  isAbove = ([x, y, z]) => z > this.up(this.height(x, y))

  crossing(from, to, options) {
    const box = [...this.ranges(), [this.up(this.lowest), this.up(this.highest)]]
    return crossing(this.isAbove, box, from, to, options)
  }

  /** @returns {[Messages.Range, Messages.Range]} */
  ranges() {
    const { xaxis: x, yaxis: y } = this.spec.figure.layout
    return [x.range, y.range]
  }

  attributes({ x, y, heights, shades }) {
    this.preparedFor = null // The path lies on the surface as it is now.
    this.lowest = Math.max(1e-300, Math.min(...heights.map((row) => Math.min(...row))))
    this.highest = Math.max(this.lowest, ...heights.map((row) => Math.max(...row)))
    return { x, y, z: heights.map((row) => row.map((height) => Math.max(height, this.lowest))), surfacecolor: shades }
  }

  /** Plotly is given no moving parts here; only the surface is refined. */
  async handToPlotly() {
    await this.refine()
  }

  takeBack() {}
}

const crossAt = ([x, y], px) => `M${x - px},${y - px}l${2 * px},${2 * px}m${-2 * px},0l${2 * px},${-2 * px}`

/** Up to three labels between these numbers, powers of ten.
 * @param {number} low
 * @param {number} high
 */
function powersOfTen(low, high) {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  const step = Math.max(1, Math.ceil((last - first) / 2))
  const count = Math.floor((last - first) / step) + 1
  const powers = Array.from({ length: Math.max(0, count) }, (_, i) => last - i * step)
  return { tickvals: powers.map((power) => 10 ** power), ticktext: powers.map((power) => `10<sup>${power}</sup>`) }
}

/**
 * Where a camera projects a point, in pixels of the chart; NaN if it is behind the camera.
 * @param {number[]} camera
 * @param {Box} box
 * @param {number[]} point
 * @returns {Messages.Point}
 */
function onScreen(camera, box, [x, y, z]) {
  const [across, up, , depth] = transformed(camera, [x, y, z, 1])
  if (!(depth > 0)) return [NaN, NaN]
  return [box.x + (box.width * (1 + across / depth)) / 2, box.y + (box.height * (1 - up / depth)) / 2]
}
