// @ts-check
// How high a surface is at any point: by a formula, or between the points of a grid.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Column } from "./frames.js"
 */

import { unpack } from "./numbers.js"

const MAX_HEIGHT = 3e37 // Plotly draws in float32
const SHADE_RANGE = 1e-12 // the lowest height with a shade of its own, as a share of the highest
const SAME_RANGE = 1e-3 // ranges that differ by less than this share are the same

const drawable = (height) => (height < MAX_HEIGHT ? Math.max(height, 0) : MAX_HEIGHT) // NaN becomes MAX_HEIGHT

/** value + slope·d + ½ dᵀ hessian d + kinks·(|p| − |at|), with d = p − at; each may move with the frames. */
export class Quadratic {
  /** `at`, `value` and `slope` at the frame followed. @type {number[] | undefined} */
  shape

  /** @param {Messages.Quadratic} spec */
  constructor(spec) {
    /** @type {(number | Column)[]} */
    this.places = [...spec.at, spec.value, ...spec.slope].map((place) => (typeof place === "number" ? place : unpack(place)))
    this.hessian = spec.hessian
    this.kinks = spec.kinks
    /** Whether its shape depends on the frame. */
    this.moves = this.places.some((place) => typeof place !== "number")
    if (!this.moves) this.shape = this.places.map(Number)
  }

  /**
   * Take the shape of frame k.
   * @param {Frames} frames
   * @param {number} k
   */
  follow(frames, k) {
    if (this.moves) this.shape = this.places.map((place) => (typeof place === "number" ? place : frames.affine(place, 0, k)))
  }

  /** Whether it is as fine as it can be over these ranges. */
  covers() {
    return true
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  height(x, y) {
    if (!this.shape) return 0
    const [x0, y0, value, slopeX, slopeY] = this.shape
    const [xx, xy, yy] = this.hessian
    const [dx, dy] = [x - x0, y - y0]
    const kinks = this.kinks[0] * (Math.abs(x) - Math.abs(x0)) + this.kinks[1] * (Math.abs(y) - Math.abs(y0))
    return drawable(value + slopeX * dx + slopeY * dy + (xx * dx * dx) / 2 + xy * dx * dy + (yy * dy * dy) / 2 + kinks)
  }
}

const isSame = (a, b, width) => Math.abs(a - b) <= SAME_RANGE * Math.abs(width)

/** Heights at the points of a grid, and between them by bilinear interpolation. */
export class Grid {
  /** Whether its shape depends on the frame. */
  moves = false

  /** @param {Messages.Grid} spec */
  constructor(spec) {
    this.x = unpack(spec.x)
    this.y = unpack(spec.y)
    this.z = unpack(spec.z)
    this.shape = [this.x[0], this.x.at(-1), this.y[0], this.y.at(-1)]
  }

  follow() {}

  /** Whether these are the ranges of the grid: over others it is too coarse, or ends.
   * @param {[Messages.Range, Messages.Range]} ranges
   */
  covers([[left, right], [bottom, top]]) {
    const [x0, x1, y0, y1] = this.shape
    return isSame(left, x0, x1 - x0) && isSame(right, x1, x1 - x0) && isSame(bottom, y0, y1 - y0) && isSame(top, y1, y1 - y0)
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  height(x, y) {
    const [i, s] = located(this.x, x)
    const [j, t] = located(this.y, y)
    const row = (k) => this.z[k * this.x.length + i] * (1 - s) + this.z[k * this.x.length + i + 1] * s
    return drawable(row(j) * (1 - t) + row(j + 1) * t)
  }
}

/**
 * The interval between evenly spaced ends that holds a value, and the share of it below the value.
 * @param {Column} ends
 * @param {number} value
 */
function located(ends, value) {
  const last = ends.length - 1
  const place = Math.max(0, Math.min(last, ((value - ends[0]) / (ends[last] - ends[0])) * last))
  const i = Math.min(last - 1, Math.floor(place))
  return [i, place - i]
}

/** @param {Messages.Quadratic | Messages.Grid} spec */
export const makeHeights = (spec) => (spec.kind === "Quadratic" ? new Quadratic(spec) : new Grid(spec))

/**
 * n × n heights over two ranges, and their logarithms, which set the shades.
 * @param {Quadratic | Grid} surface
 * @param {[Messages.Range, Messages.Range]} ranges
 * @param {number} n
 */
export function sampled(surface, ranges, n) {
  const [x, y] = ranges.map(([low, high]) => Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1)))
  const heights = y.map((b) => Float64Array.from(x, (a) => surface.height(a, b)))
  const highest = Math.max(...heights.map((row) => Math.max(...row)))
  const floor = Math.max(highest * SHADE_RANGE, 1e-300)
  const shades = heights.map((row) => row.map((height) => Math.log10(Math.max(height, floor))))
  return { x, y, heights, shades }
}
