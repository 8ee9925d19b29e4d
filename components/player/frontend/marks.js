// @ts-check
// The moving parts of a chart. Each knows its shape at a frame as an SVG path and as a Plotly trace.
// A coordinate is an affine function of the frame's columns, or the frame's epoch.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 */

import { unpack } from "./numbers.js"
import { clamp } from "./svg.js"

const MIN_STEP_PX = 1.2 // between two points of a trail that are both drawn
const MAX_POINTS_PREPARED = 20000
const MAX_POINTS_DRAWN = 800
const MAX_DOTS_OF_A_PINNED_RUN = 60

/** @typedef {(x: number, y: number) => Messages.Point} Pixel  from the axes' units to pixels of the chart */
/** @typedef {{ d?: string, head?: Messages.Point, points?: Messages.Point[] }} Shape  of a mark at one frame */

export class Mark {
  /** CSS class of its SVG path. */
  className = ""
  /** Whether it ends in a dot. */
  hasHead = false
  /** Whether it stays behind as a ghost when another run replaces its own. */
  leavesGhost = false

  /** @param {Messages.AnyMark} spec */
  constructor({ name, color }) {
    this.name = name
    this.color = color
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

/** Everything up to frame k, with a dot at its head. */
export class Trail extends Mark {
  hasHead = true
  leavesGhost = true

  /** @param {Messages.Trail} spec */
  constructor(spec) {
    super(spec)
    this.x = spec.x === "epoch" ? null : unpack(spec.x)
    this.y = unpack(spec.y)
  }

  /**
   * @param {Frames} frames
   * @param {number} k
   * @returns {Messages.Point}
   */
  point(frames, k) {
    return [this.x ? frames.affine(this.x, 0, k) : frames.epoch(k), frames.affine(this.y, 0, k)]
  }

  prepared(frames, pixel) {
    return new Thinned(this, frames, pixel)
  }

  /**
   * @param {Frames} frames
   * @param {number} k
   * @param {Pixel} pixel
   * @param {Thinned} thinned
   * @returns {Shape}
   */
  path(frames, k, pixel, thinned) {
    const count = thinned.reachedBy(k)
    const head = this.head(frames, k, pixel)
    if (!head) return { d: "" }
    return { d: `M${thinned.parts.slice(0, count).join("L")}${count ? "L" : ""}${head}`, head }
  }

  /**
   * For a pinned run: only up to the last point kept, and without `d` if that has not changed, so that less is redrawn.
   * The dot covers the gap.
   * @param {Frames} frames
   * @param {number} k
   * @param {Pixel} pixel
   * @param {Thinned} thinned
   * @returns {Shape}
   */
  pinnedPath(frames, k, pixel, thinned) {
    const before = thinned.count
    const count = thinned.reachedBy(k)
    const head = this.head(frames, k, pixel)
    if (!head) return { d: "" }
    if (count === before) return { head }
    return { d: count ? `M${thinned.parts.slice(0, count).join("L")}` : "", head }
  }

  head(frames, k, pixel) {
    const head = pixel(...this.point(frames, k)).map(clamp)
    return Number.isNaN(head[0] + head[1]) ? undefined : head
  }

  trace(frames, k, thinned) {
    const points = [...thinned.kept.filter((i) => i < k), k].map((i) => this.point(frames, i))
    const size = points.map((_, i) => (i === points.length - 1 ? 11 : 0))
    return { x: points.map((p) => p[0]), y: points.map((p) => p[1]), size }
  }

  /** Plotly's attributes of its trace. */
  style() {
    const { color } = this
    return { mode: "lines+markers", line: { color, width: 2.5 }, marker: { color, size: [], line: { width: 0 }, opacity: 1 } }
  }
}

/** The points of a trail that are drawn: far enough apart to be seen apart, and not too many. */
export class Thinned {
  /** Their frames. @type {number[]} */
  kept = []
  /** Their coordinates, "x,y" in pixels. @type {string[]} */
  parts = []
  /** How many of them the last call of `reachedBy` counted. */
  count = 0

  /**
   * @param {Trail} trail
   * @param {Frames} frames
   * @param {Pixel} pixel
   */
  constructor(trail, frames, pixel) {
    let [lastX, lastY] = [Infinity, Infinity]
    const stride = Math.ceil(frames.length / MAX_POINTS_PREPARED)
    for (let k = 0; k < frames.length; k += stride) {
      const [x, y] = pixel(...trail.point(frames, k)).map(clamp)
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < MIN_STEP_PX || Number.isNaN(x + y)) continue
      this.kept.push(k)
      this.parts.push(`${x},${y}`)
      ;[lastX, lastY] = [x, y]
    }
    const every = Math.ceil(this.kept.length / MAX_POINTS_DRAWN)
    if (every > 1) {
      this.kept = this.kept.filter((_, i) => i % every === 0)
      this.parts = this.parts.filter((_, i) => i % every === 0)
    }
  }

  /** How many of the points frame k has reached; fast if k has grown a little since the last call.
   * @param {number} k
   */
  reachedBy(k) {
    const { kept } = this
    if (this.count && kept[this.count - 1] > k) this.count = 0
    while (this.count < kept.length && kept[this.count] <= k) this.count++
    return this.count
  }
}

/** A line through points whose x are fixed and whose y move with the frames. */
export class Line extends Mark {
  leavesGhost = true

  /** @param {Messages.Line | Messages.Points | Messages.Segments} spec */
  constructor(spec) {
    super(spec)
    this.x = unpack(spec.x)
    this.y = unpack(spec.y)
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
    return { mode: "lines", line: { color: this.color, width: 2.5, dash: "solid" } }
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

  dots(frames, k, pixel, radius, stride) {
    let d = ""
    for (let i = 0; i < this.x.length; i += stride) {
      const [x, y] = pixel(this.x[i], frames.affine(this.y, i, k)).map(clamp)
      d += `M${x - radius},${y}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0z`
    }
    return d
  }

  style() {
    return { mode: "markers", marker: { color: this.color, size: 8 } }
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
    return { mode: "lines", line: { color: this.color, width: 1.5, dash: "dot" } }
  }
}
