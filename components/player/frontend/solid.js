// A surface in three dimensions. Plotly draws the surface; what moves is drawn over it as in every chart,
// at the places where Plotly's camera has them: redrawing a line in space takes Plotly far too long.

import { svg } from "./chart.js"
import { Surface } from "./surface.js"

const EYE = { x: 0.6, y: -1.95, z: 1.5 }
const SHADES = 16
const LIGHTING = { ambient: 0.85, diffuse: 0.35, specular: 0.04, roughness: 0.9 }

let solid

/** Whether this browser has WebGL; asked once, for browsers hold few contexts. */
export function canBeSolid() {
  return (solid ??= probe())
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

export class Solid extends Surface {
  makeStart() {
    return null
  }

  words() {
    return ["drag to turn"]
  }

  traces(spec) {
    const [contour, ...flat] = structuredClone(spec.figure.data)
    const { xaxis: x, yaxis: y } = spec.figure.layout
    const surface = {
      type: "surface", showscale: false, lighting: LIGHTING, colorscale: opaque(contour.colorscale, this.theme.paper),
      hovertemplate: contour.hovertemplate.replace("customdata", "z"), ...this.numbers([x.range, y.range]),
    }
    const points = flat.filter((trace) => trace.mode === "markers").map((trace) => ({
      ...trace, type: "scatter3d", z: [this.height(trace.x[0], trace.y[0])],
      marker: { color: trace.marker.color, size: 3 },
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
    await super.update(spec, theme, redraw)
    const { glplot } = this.scene
    if (glplot === this.turning) return
    this.turning = glplot
    const render = glplot.onrender
    glplot.onrender = () => {
      render()
      if (this.measure()) this.again()
    }
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
    const box = { x: size.l, y: size.t, width: size.w, height: size.h }
    for (const [name, value] of Object.entries(box)) this.window.setAttribute(name, value)
    const camera = times(projection, times(view, model))
    const [sx, sy, sz] = scene.dataScale
    const up = this.spec.logarithmic ? Math.log10 : (height) => height
    this.pixel = (a, b) => {
      const [x, y, , w] = place(camera, [a * sx, b * sy, up(this.height(a, b)) * sz, 1])
      return w > 0 ? [box.x + (box.width * (1 + x / w)) / 2, box.y + (box.height * (1 - y / w)) / 2] : [NaN, NaN]
    }
    this.crosses.setAttribute("d", this.crossed.map((point) => this.pixel(...point)).map(([x, y]) => `M${x - 5},${y - 5}l10,10m-10,0l10,-10`).join(""))
    this.prepared = null
    return true
  }

  /** As high as the surface is drawn, which ends at the lowest point of its grid. */
  height(x, y) {
    return Math.max(this.terrain.height(x, y), this.lowest)
  }

  ranges() {
    const { xaxis: x, yaxis: y } = this.spec.figure.layout
    return [x.range, y.range]
  }

  filling({ x, y, heights, shades }) {
    this.lowest = Math.max(1e-300, Math.min(...heights.map((row) => Math.min(...row))))
    return { x, y, z: heights.map((row) => row.map((height) => Math.max(height, this.lowest))), surfacecolor: shades }
  }

  async settle() {
    await this.refine()
  }

  lift() {}
}

// Matrices are arrays of 16, a column after the other, as WebGL has them.
const place = (m, v) => [0, 1, 2, 3].map((i) => m[i] * v[0] + m[i + 4] * v[1] + m[i + 8] * v[2] + m[i + 12] * v[3])
const times = (a, b) => [0, 4, 8, 12].flatMap((j) => place(a, b.slice(j, j + 4)))

/** Shades seen through to the paper: Plotly's surfaces have no opacity of their own for each shade. */
function opaque([[, low], [, high]], paper) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })
  const [from, to] = [low, high].map((color) => color.match(/[\d.]+/g).map(Number))
  return Array.from({ length: SHADES + 1 }, (_, i) => {
    const between = from.map((part, j) => part + ((to[j] - part) * i) / SHADES)
    for (canvas.fillStyle of [paper, `rgba(${between})`]) canvas.fillRect(0, 0, 1, 1)
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data
    return [i / SHADES, `rgb(${r},${g},${b})`]
  })
}
