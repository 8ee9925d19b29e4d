// How high a surface is, anywhere: from a formula, or between the points of a grid.

import { unpack } from "./numbers.js"

const HIGHEST = 3e37 // what Plotly can still draw, as float32

const finite = (height) => (height < HIGHEST ? Math.max(height, 0) : HIGHEST) // no number is as high as can be

/** value + slope·d + ½ dᵀ hessian d + kinks·(|p| − |at|), with d = p − at; each may move with the frames. */
class Quadratic {
  constructor(spec) {
    this.spec = { at: spec.at.map(unpack), value: unpack(spec.value), slope: spec.slope.map(unpack) }
    this.moves = [...this.spec.at, this.spec.value, ...this.spec.slope].some((place) => typeof place !== "number")
    Object.assign(this, { hessian: spec.hessian, kinks: spec.kinks })
    if (!this.moves) this.stand((number) => number)
  }

  /** Take the shape that it has at frame k. */
  follow(frames, k) {
    if (this.moves) this.stand((place) => (typeof place === "number" ? place : frames.affine(place, 0, k)))
  }

  stand(number) {
    const { at, value, slope } = this.spec
    this.shape = [...at, value, ...slope].map(number)
  }

  /** Whether it is known as finely as can be over these ranges. */
  covers() {
    return true
  }

  height(x, y) {
    if (!this.shape) return 0
    const [x0, y0, value, slopeX, slopeY] = this.shape
    const [xx, xy, yy] = this.hessian
    const [dx, dy] = [x - x0, y - y0]
    const kinks = this.kinks[0] * (Math.abs(x) - Math.abs(x0)) + this.kinks[1] * (Math.abs(y) - Math.abs(y0))
    return finite(value + slopeX * dx + slopeY * dy + (xx * dx * dx) / 2 + xy * dx * dy + (yy * dy * dy) / 2 + kinks)
  }
}

/** Heights at the points of a grid, and between them along straight lines. */
class Grid {
  constructor(spec) {
    ;[this.x, this.y, this.z] = [spec.x, spec.y, spec.z].map(unpack)
    this.shape = [this.x[0], this.x.at(-1), this.y[0], this.y.at(-1)]
  }

  follow() {}

  covers([[left, right], [bottom, top]]) {
    const near = (a, b, i) => Math.abs(a - b) <= 1e-3 * Math.abs(this.shape[i + 1] - this.shape[i])
    return near(left, this.shape[0], 0) && near(right, this.shape[1], 0) && near(bottom, this.shape[2], 2) && near(top, this.shape[3], 2)
  }

  height(x, y) {
    const [i, s] = between(this.x, x)
    const [j, t] = between(this.y, y)
    const row = (k) => this.z[k * this.x.length + i] * (1 - s) + this.z[k * this.x.length + i + 1] * s
    return finite(row(j) * (1 - t) + row(j + 1) * t)
  }
}

/** The interval of evenly spaced `ends` that holds a value, and how far it lies along it. */
function between(ends, value) {
  const last = ends.length - 1
  const place = Math.max(0, Math.min(last, ((value - ends[0]) / (ends[last] - ends[0])) * last))
  const i = Math.min(last - 1, Math.floor(place))
  return [i, place - i]
}

export const makeHeights = (spec) => (spec.kind === "quadratic" ? new Quadratic(spec) : new Grid(spec))

/** n × n heights over two ranges, and their shades: logarithms, down to a trillionth of the highest. */
export function grid(field, ranges, n) {
  const [x, y] = ranges.map(([low, high]) => Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1)))
  const heights = y.map((b) => Float64Array.from(x, (a) => field.height(a, b)))
  const highest = Math.max(...heights.map((row) => Math.max(...row)))
  const floor = Math.max(highest * 1e-12, 1e-300)
  const shades = heights.map((row) => row.map((height) => Math.log10(Math.max(height, floor))))
  return { x, y, heights, shades }
}
