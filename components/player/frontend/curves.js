// @ts-check
// Curves through a frame's own point, and the functions with piecewise linear slope that they may include.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 */

import { Mark } from "./marks.js"
import { brief, unpack } from "./numbers.js"
import { clamp } from "./svg.js"

/** The mean over many rows of one function of a number per row; see Python's class of this name. */
export class PiecewiseSlope {
  /** The function's values at the breakpoints, 0 at the first. */
  values = [0]

  /** @param {Messages.PiecewiseSlope} spec */
  constructor(spec) {
    this.rows = unpack(spec.rows)
    this.growth = unpack(spec.growth)
    this.breakpoints = unpack(spec.breakpoints)
    this.slopes = unpack(spec.slopes)
    for (let i = 1; i < this.breakpoints.length; i++) {
      const mean = (this.slopes[i - 1] + this.slopes[i]) / 2
      this.values.push(this.values[i - 1] + mean * (this.breakpoints[i] - this.breakpoints[i - 1]))
    }
  }

  /** The function and its slope at a number.
   * @param {number} number
   * @returns {[number, number]}
   */
  at(number) {
    const { breakpoints, slopes, values } = this
    const last = breakpoints.length - 1
    if (number <= breakpoints[0]) return [slopes[0] * (number - breakpoints[0]), slopes[0]]
    if (number >= breakpoints[last]) return [values[last] + slopes[last] * (number - breakpoints[last]), slopes[last]]
    let [low, high] = [0, last]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (breakpoints[middle] <= number) low = middle
      else high = middle
    }
    const past = number - breakpoints[low]
    const slope = slopes[low] + ((slopes[high] - slopes[low]) / (breakpoints[high] - breakpoints[low])) * past
    return [values[low] + ((slopes[low] + slope) / 2) * past, slope]
  }

  /**
   * The mean at frame k: its slope with respect to x, and its change when x grows by `by`.
   * @param {Frames} frames
   * @param {number} k
   */
  from(frames, k) {
    const numbers = Array.from(this.growth, (_, i) => frames.affine(this.rows, i, k))
    const mean = (of) => numbers.reduce((sum, number, i) => sum + of(number, this.growth[i]), 0) / numbers.length
    const here = mean((number) => this.at(number)[0])
    return {
      slope: mean((number, growth) => this.at(number)[1] * growth),
      /** @param {number} by */
      change: (by) => mean((number, growth) => this.at(number + growth * by)[0]) - here,
    }
  }
}

/** A curve through the frame's own point, or its tangent; without any `x`, only the part up to the next frame's place. */
export class Curve extends Mark {
  /** @param {Messages.Curve} spec */
  constructor(spec) {
    super(spec)
    this.x = unpack(spec.x)
    this.place = unpack(spec.place)
    this.height = unpack(spec.height)
    this.slope = unpack(spec.slope)
    this.curvature = spec.curvature
    this.straight = spec.straight
    this.rate = spec.rate
    this.piecewise = spec.piecewise.map((part) => new PiecewiseSlope(part))
    this.isStep = this.x.length === 0
    this.isDashed = this.straight && !this.isStep
    this.className = this.isDashed ? "player-thin" : ""
  }

  /**
   * @param {Frames} frames
   * @param {number} k
   * @returns {Messages.Point[]}
   */
  points(frames, k) {
    const [place, height, slope] = [this.place, this.height, this.slope].map((row) => frames.affine(row, 0, k))
    const next = frames.affine(this.place, 0, Math.min(k + 1, frames.length - 1))
    const parts = this.piecewise.map((part) => part.from(frames, k))
    const rise = this.straight
      ? (by) => parts.reduce((sum, part) => sum + part.slope, slope) * by
      : (by) => parts.reduce((sum, part) => sum + part.change(by), slope * by + (this.curvature / 2) * by ** 2)
    const xs = this.isStep ? [place, next] : Array.from(this.x)
    return xs.map((x) => [x, height + rise(x - place)])
  }

  /** The tangent's slope, and the step if it is the slope times a rate.
   * @param {Frames} frames
   * @param {number} k
   */
  says(frames, k) {
    if (!this.isDashed) return []
    const slope = this.piecewise.reduce((sum, part) => sum + part.from(frames, k).slope, frames.affine(this.slope, 0, k))
    return [`slope ${brief(slope)}`, ...(this.rate ? [`step = −slope × rate = ${brief(-slope * this.rate)}`] : [])]
  }

  path(frames, k, pixel) {
    const points = this.points(frames, k).map(([x, y]) => pixel(x, y).map(clamp))
    if (points.flat().some(Number.isNaN)) return { d: "" }
    const [x, y] = points.at(-1)
    const r = this.radiusOf(3)
    const dot = this.isStep ? `M${x - r},${y}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0z` : ""
    return { d: `M${points.join("L")}${dot}` }
  }

  trace(frames, k) {
    const points = this.points(frames, k)
    return { x: points.map((p) => p[0]), y: points.map((p) => p[1]) }
  }

  style() {
    const [width, dash] = this.isDashed ? [1.5, "dot"] : [2.5, "solid"]
    return { mode: "lines", line: { color: this.color, width, dash }, hovertemplate: `${this.name}<br>%{x}: loss %{y}<extra></extra>` }
  }
}
