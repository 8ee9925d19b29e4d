// A surface in three dimensions. Plotly draws the surface; what moves is drawn over it as in every chart,
// at the places where Plotly's camera has them: redrawing a line in space takes Plotly far too long.

import { svg } from "./chart.js"
import { clamp } from "./marks.js"
import { rounded } from "./numbers.js"
import { ahead, between, crossing, eye, place, times } from "./raycast.js"
import { Surface } from "./surface.js"

const EYE = { x: 0.7, y: -2.28, z: 1.75 }
const SHADES = 16
const CLICKED = 240 // steps in which a click looks for the surface,
const HALVINGS = 40 // and in which it then narrows down where that is
const HIDDEN = 32 // steps in which it is found out whether a point is hidden
const FINEST = 10000 // digits of a start are a ten-thousandth of its axis
const LIGHTING = { ambient: 0.85, diffuse: 0.35, specular: 0.04, roughness: 0.9 }

let webGL

/** Whether this browser has WebGL; asked once, for browsers hold few contexts. */
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
  get ground() {
    return "canvas"
  }

  words() {
    return ["click to start there", "drag to turn"]
  }

  traces(spec) {
    const [contour, ...flat] = structuredClone(spec.figure.data)
    const { xaxis: x, yaxis: y } = spec.figure.layout
    const surface = {
      type: "surface", showscale: false, lighting: LIGHTING, colorscale: opaque(contour.colorscale, this.theme.paper),
      hovertemplate: contour.hovertemplate.replace("customdata", "z"), ...this.numbers([x.range, y.range]),
    }
    const points = flat.filter((trace) => trace.mode === "markers").map((trace) => Object.assign(trace, {
      type: "scatter3d", z: [this.height(trace.x[0], trace.y[0])], marker: { color: trace.marker.color, size: 3 },
    }))
    // Plotly's own crosses are letters of a font that not every machine has.
    this.crosses ??= svg(this.inside, "path", "player-crosses")
    this.crosses.style.setProperty("--mark", points[0]?.marker.color)
    this.crossed = points.map((trace) => [trace.x[0], trace.y[0]])
    return [surface, ...points]
  }

  moving() {
    return []
  }

  layout(spec, theme) {
    const { xaxis, yaxis, ...rest } = super.layout(spec, theme)
    const lines = opaque([[0, theme.grid], [1, theme.grid]], theme.paper)[0][1]
    const axis = ({ title, range, tickformat }) => ({ title: { text: title.text, font: { size: 11 } }, range, tickformat, nticks: 5, gridcolor: lines, linecolor: lines, showbackground: false, showspikes: false })
    const font = { ...rest.font, size: 11 }
    return {
      ...rest, font, margin: { l: 0, r: 0, t: 0, b: 0 },
      scene: {
        xaxis: axis(xaxis), yaxis: axis(yaxis), zaxis: { ...axis({ title: { text: "loss" } }), type: spec.logarithmic ? "log" : "linear", exponentformat: "power", dtick: spec.logarithmic ? 1 : null },
        aspectmode: "manual", aspectratio: { x: 1, y: 1, z: 0.75 }, camera: { eye: EYE, center: { x: 0, y: 0, z: -0.15 } }, dragmode: "turntable",
      },
    }
  }

  async update(spec, theme, redraw) {
    this.theme = theme
    this.hint.classList.add("player-aside")
    await super.update(spec, theme, redraw)
    if (!this.front?.isConnected) {
      const [{ path }] = this.drawn
      this.front = path.cloneNode()
      path.after(this.front)
      path.classList.add("player-behind")
    }
    const { glplot } = this.scene
    if (glplot === this.turning) return
    this.turning = glplot
    const render = glplot.onrender
    glplot.onrender = () => {
      render()
      if (this.measure()) this.again()
    }
  }

  /** Find out which parts of the path the surface hides, once for each camera. */
  prepare(frames) {
    if (this.prepared === frames) return
    super.prepare(frames)
    const [path] = this.marks
    const points = path.kept.map((k) => path.point(frames, k))
    this.seen = path.parts.map((part, i) => (i && !this.hidesBetween(points[i - 1], points[i]) ? "L" : "M") + part)
  }

  /** The whole path is drawn faintly; over it, what is not hidden of it. */
  draw(frames, k) {
    super.draw(frames, k)
    if (!this.front) return
    const [path] = this.marks
    const [{ head }] = this.drawn
    const [last, now] = [path.kept[path.count - 1] ?? k, k].map((at) => path.point(frames, at))
    const end = this.pixel(...now).map(clamp)
    const ends = !path.count || Number.isNaN(end[0]) || this.hidesBetween(last, now) ? "" : `L${end}`
    this.front.setAttribute("d", this.seen.slice(0, path.count).join("") + ends)
    head.classList.toggle("player-behind", this.hides(now))
  }

  get scene() {
    return this.plot._fullLayout.scene._scene
  }

  /** Read where the camera is now; true if it moved. */
  measure() {
    const { _size: size, scene: { _scene: scene } } = this.plot._fullLayout
    const { projection, view, model } = scene.glplot.cameraParams
    const now = [size.l, size.t, size.w, size.h, scene.dataScale, projection, view, model].join()
    if (now === this.geometry) return false
    this.geometry = now
    const box = (this.box = { x: size.l, y: size.t, width: size.w, height: size.h })
    for (const [name, value] of Object.entries(box)) this.window.setAttribute(name, value)
    const [sx, sy, sz] = scene.dataScale
    const camera = (this.camera = times(times(projection, times(view, model)), [sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, sz, 0, 0, 0, 0, 1]))
    this.eye = eye(camera)
    this.pixel = (a, b) => {
      const [x, y, , w] = place(camera, [...this.lifted(a, b), 1])
      return w > 0 ? [box.x + (box.width * (1 + x / w)) / 2, box.y + (box.height * (1 - y / w)) / 2] : [NaN, NaN]
    }
    this.crosses.setAttribute("d", this.crossed.map((point) => this.pixel(...point)).map(([x, y]) => `M${x - 5},${y - 5}l10,10m-10,0l10,-10`).join(""))
    this.prepared = null
    return true
  }

  /** As high as the surface is drawn, which ends at the lowest point of its grid. */
  height(x, y) {
    return Math.max(this.heights.height(x, y), this.lowest)
  }

  /** The point of the surface over (x, y), as high as the axis has it. */
  lifted(x, y) {
    return [x, y, this.up(this.height(x, y))]
  }

  up(height) {
    return this.spec.logarithmic ? Math.log10(height) : height
  }

  /** The point of the surface under the pointer; null beside it. */
  point(event) {
    const { left, top } = this.plot.getBoundingClientRect()
    const { x, y, width, height } = this.box
    const share = [(event.clientX - left - x) / width, (event.clientY - top - y) / height]
    const seen = ahead(this.camera, 2 * share[0] - 1, 1 - 2 * share[1])
    const found = this.crossing(this.eye, seen, { most: Infinity, steps: CLICKED })
    if (!found) return null
    let [near, far] = found
    const side = this.above(between(this.eye, seen, near))
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (near + far) / 2
      if (this.above(between(this.eye, seen, middle)) === side) near = middle
      else far = middle
    }
    return this.ranges().map(([low, high], i) => rounded(between(this.eye, seen, near)[i], (high - low) / FINEST))
  }

  /** Whether the surface hides its middle between two points from the eye. */
  hidesBetween(from, to) {
    return this.hides(between(from, to, 0.5))
  }

  /** Whether the surface hides its own point over [x, y] from the eye. */
  hides(point) {
    return this.crossing(this.lifted(...point), this.eye, { most: 1, steps: HIDDEN, skip: 0.25 }) !== null
  }

  above([x, y, z]) {
    return z > this.up(this.height(x, y))
  }

  crossing(from, to, options) {
    const box = [...this.ranges(), [this.up(this.lowest), this.up(this.highest)]]
    return crossing((point) => this.above(point), box, from, to, options)
  }

  ranges() {
    const { xaxis: x, yaxis: y } = this.spec.figure.layout
    return [x.range, y.range]
  }

  filling({ x, y, heights, shades }) {
    this.prepared = null // The path lies on the surface as it is now.
    this.lowest = Math.max(1e-300, Math.min(...heights.map((row) => Math.min(...row))))
    this.highest = Math.max(this.lowest, ...heights.map((row) => Math.max(...row)))
    return { x, y, z: heights.map((row) => row.map((height) => Math.max(height, this.lowest))), surfacecolor: shades }
  }

  async settle() {
    await this.refine()
  }

  lift() {}
}

/** Shades seen through to the paper: Plotly's surfaces have no opacity of their own for each shade. */
function opaque([[, low], [, high]], paper) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })
  const [from, to] = [low, high].map((color) => color.match(/[\d.]+/g).map(Number))
  return Array.from({ length: SHADES + 1 }, (_, i) => {
    const shade = from.map((part, j) => part + ((to[j] - part) * i) / SHADES)
    for (canvas.fillStyle of [paper, `rgba(${shade})`]) canvas.fillRect(0, 0, 1, 1)
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data
    return [i / SHADES, `rgb(${r},${g},${b})`]
  })
}
