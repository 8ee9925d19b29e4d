// @ts-check
// The moving parts of a chart. Each knows its shape at a frame as an SVG path and as a Plotly trace.
// A coordinate is an affine function of the frame's columns, or the frame's epoch.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Theme } from "./theme.js"
 * @import { Thinned } from "./trail.js"
 */

import { diameter, strong } from "./hall.js"
import { brief, signed, unpack } from "./numbers.js"
import { clamp } from "./svg.js"

const MAX_DOTS_OF_A_PINNED_RUN = 60

/** @typedef {(x: number, y: number) => Messages.Point} Pixel  from the axes' units to pixels of the chart */
/** @typedef {{ d?: string, head?: Messages.Point, points?: Messages.Point[], recent?: Messages.Point[] }} Shape  of a mark at one frame */

export class Mark {
  /** CSS class of its SVG path. */
  className = ""
  /** Whether it ends in a dot. */
  hasHead = false
  /** Whether it stays behind as a ghost when another run replaces its own. */
  leavesGhost = false
  /** @type {{ hall: boolean }} */
  theme = { hall: false }

  /** @param {Messages.AnyMark} spec */
  constructor({ name, color }) {
    this.name = name
    this.color = color
  }

  /** This mark as it is drawn in a theme.
   * @param {Theme} theme
   */
  dressed(theme) {
    this.theme = theme
    this.color = strong(this.color, theme)
    return this
  }

  /** A dot's radius, of one that it has at a desk.
   * @param {number} px
   */
  radiusOf(px) {
    return diameter(this.theme, 2 * px) / 2
  }

  /**
   * Numbers of frame k that stand in the chart, line by line.
   * @param {Frames} _frames
   * @param {number} _k
   * @returns {string[]}
   */
  says(_frames, _k) {
    return []
  }

  /**
   * Its outermost points at frame k; none if it need not be seen as a whole.
   * @param {Frames} _frames
   * @param {number} _k
   * @param {number} [_most]  of its points that are looked at
   * @returns {Messages.Point[]}
   */
  reach(_frames, _k, _most) {
    return []
  }

  /**
   * What is computed once for all frames of a run, until the axes move; `path`, `pinnedPath` and `trace` are passed it.
   * @param {Frames} _frames
   * @param {Pixel} _pixel
   * @returns {Thinned | null}
   */
  prepared(_frames, _pixel) {
    return null
  }
}

/** A line through points whose x are fixed and whose y move with the frames. */
export class Line extends Mark {
  leavesGhost = true

  /** @param {Messages.Line | Messages.Points | Messages.Predictions | Messages.Segments} spec */
  constructor(spec) {
    super(spec)
    this.x = unpack(spec.x)
    this.y = unpack(spec.y)
  }

  /** The lowest and the highest. */
  reach(frames, k, most = Infinity) {
    const stride = Math.ceil(this.x.length / most) || 1
    let [low, high] = [0, 0]
    let [lowest, highest] = [Infinity, -Infinity]
    for (let i = 0; i < this.x.length; i += stride) {
      const y = frames.affine(this.y, i, k)
      if (y < lowest) [low, lowest] = [i, y]
      if (y > highest) [high, highest] = [i, y]
    }
    return lowest > highest ? [] : [[this.x[low], lowest], [this.x[high], highest]]
  }

  /** @returns {Shape} */
  path(frames, k, pixel) {
    const points = Array.from(this.x, (x, i) => pixel(x, frames.affine(this.y, i, k)).map(clamp))
    return { d: `M${points.join("L")}`, points }
  }

  pinnedPath(frames, k, pixel) {
    return this.path(frames, k, pixel)
  }

  trace(frames, k) {
    return { x: Array.from(this.x), y: Array.from(this.x, (_, i) => frames.affine(this.y, i, k)) }
  }

  /** @returns {Record<string, any>} */
  style() {
    return { mode: "lines", line: { color: this.color, width: 2.5, dash: "solid" }, hoverinfo: "skip" }
  }
}

/** Dots. */
export class Points extends Line {
  className = "player-dots"
  leavesGhost = false

  path(frames, k, pixel) {
    return { d: this.dots(frames, k, pixel, 4, 1) }
  }

  /** Some of them, small. */
  pinnedPath(frames, k, pixel) {
    return { d: this.dots(frames, k, pixel, 2.5, Math.ceil(this.x.length / MAX_DOTS_OF_A_PINNED_RUN)) }
  }

  dots(frames, k, pixel, px, stride) {
    const radius = this.radiusOf(px)
    let d = ""
    for (let i = 0; i < this.x.length; i += stride) {
      const [x, y] = pixel(this.x[i], frames.affine(this.y, i, k)).map(clamp)
      d += `M${x - radius},${y}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0z`
    }
    return d
  }

  style() {
    return { mode: "markers", marker: { color: this.color, size: 8 }, hoverinfo: "x+y+name" }
  }
}

/** What is predicted of known values. */
export class Predictions extends Points {
  /** @param {Messages.Predictions} spec */
  constructor(spec) {
    super(spec)
    this.actual = unpack(spec.actual)
    this.labels = spec.labels
    this.radius = spec.radius
    if (spec.hollow) this.className = "player-hollow"
  }

  path(frames, k, pixel) {
    return { d: this.radius ? this.dots(frames, k, pixel, this.radius, 1) : "" }
  }

  /** The dots, and once more where the actual values are: both say the same. */
  trace(frames, k) {
    const { x, y } = super.trace(frames, k)
    const text = y.map((value, i) => `${this.labels[i]}<br>predicted ${brief(value)}<br>error ${signed(value - this.actual[i]).replace(" ", "")}`)
    return { x: [...x, ...x], y: [...y, ...this.actual], text: [...text, ...text] }
  }

  style() {
    return { ...super.style(), hovertemplate: "%{text}<extra></extra>" }
  }
}

/** Vertical lines from a fixed y. */
export class Segments extends Line {
  className = "player-thin"
  leavesGhost = false

  /** @param {Messages.Segments} spec */
  constructor(spec) {
    super(spec)
    this.origin = unpack(spec.origin)
  }

  /** What they lead to is a mark of its own. */
  reach() {
    return []
  }

  path(frames, k, pixel) {
    let d = ""
    for (let i = 0; i < this.x.length; i++) {
      const [x, y] = pixel(this.x[i], frames.affine(this.y, i, k)).map(clamp)
      d += `M${x},${clamp(pixel(this.x[i], this.origin[i])[1])}V${y}`
    }
    return { d }
  }

  trace(frames, k) {
    const { x, y } = super.trace(frames, k)
    return { x: x.flatMap((at) => [at, at, null]), y: y.flatMap((to, i) => [this.origin[i], to, null]) }
  }

  style() {
    return { mode: "lines", line: { color: this.color, width: 1.5, dash: "dot" }, hoverinfo: "skip" }
  }
}

/** Squares on such lines, drawn towards the middle of them all. */
export class Squares extends Segments {
  className = "player-squares"

  path(frames, k, pixel) {
    const middle = (Math.min(...this.x) + Math.max(...this.x)) / 2
    let d = ""
    for (let i = 0; i < this.x.length; i++) {
      const [x, y] = pixel(this.x[i], frames.affine(this.y, i, k)).map(clamp)
      const high = clamp(pixel(this.x[i], this.origin[i])[1]) - y
      const wide = this.x[i] > middle ? -Math.abs(high) : Math.abs(high)
      // All the same way round: where two overlap, both are filled.
      d += wide * high > 0 ? `M${x},${y}v${high}h${wide}v${-high}z` : `M${x},${y}h${wide}v${high}h${-wide}z`
    }
    return { d }
  }

  /** What a hover would find are the lines. */
  trace() {
    return { x: [], y: [] }
  }
}
