// @ts-check
// The trail of a point: a mark that grows with the frames.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 * @import { Pixel, Shape } from "./marks.js"
 */

import { Mark } from "./marks.js"
import { unpack } from "./numbers.js"
import { clamp } from "./svg.js"

const MIN_STEP_PX = 1.2 // between two points of a trail that are both drawn
const MAX_POINTS_PREPARED = 20000
const MAX_POINTS_DRAWN = 800
const MIN_TURNS = 20 // sharp ones, of a path that would become a solid band
const RECENT_STEPS = 50 // of such a path that are drawn in full

/** Everything up to frame k, with a dot at its head. */
export class Trail extends Mark {
  hasHead = true
  leavesGhost = true

  /** @param {Messages.Trail} spec */
  constructor(spec) {
    super(spec)
    this.x = spec.x === "epoch" ? null : unpack(spec.x)
    this.y = unpack(spec.y)
    this.hover = spec.hover
  }

  /**
   * @param {Frames} frames
   * @param {number} k
   * @returns {Messages.Point}
   */
  point(frames, k) {
    return [this.x ? frames.affine(this.x, 0, k) : frames.epoch(k), frames.affine(this.y, 0, k)]
  }

  reach(frames, k) {
    return [this.point(frames, k)]
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
    return { d: `M${thinned.parts.slice(0, count).join("L")}${count ? "L" : ""}${head}`, head, recent: this.recent(frames, k, pixel, thinned) }
  }

  /** The last steps of a path that zigzags; undefined for others, and for a curve over the epochs. */
  recent(frames, k, pixel, thinned) {
    if (!this.x || !thinned.zigzags) return undefined
    const first = Math.max(0, k - RECENT_STEPS)
    return Array.from({ length: k - first + 1 }, (_, i) => pixel(...this.point(frames, first + i)).map(clamp))
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
    const shown = [...thinned.kept.filter((i) => i < k), k]
    const points = shown.map((i) => this.point(frames, i))
    return { x: points.map((p) => p[0]), y: points.map((p) => p[1]), customdata: shown.map((i) => frames.epoch(i)) }
  }

  /** Plotly's attributes of its trace. */
  style() {
    const { color } = this
    return { mode: "lines+markers", line: { color }, marker: { color }, hovertemplate: `${this.hover}<extra></extra>` }
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
  /** Whether the trail mostly jumps from side to side. */
  zigzags = false

  /**
   * @param {Trail} trail
   * @param {Frames} frames
   * @param {Pixel} pixel
   */
  constructor(trail, frames, pixel) {
    let [lastX, lastY] = [Infinity, Infinity]
    /** @type {Messages.Point[]} */
    const places = []
    const stride = Math.ceil(frames.length / MAX_POINTS_PREPARED)
    for (let k = 0; k < frames.length; k += stride) {
      const [x, y] = pixel(...trail.point(frames, k)).map(clamp)
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < MIN_STEP_PX || Number.isNaN(x + y)) continue
      this.kept.push(k)
      this.parts.push(`${x},${y}`)
      places.push([x, y])
      ;[lastX, lastY] = [x, y]
    }
    this.zigzags = turns(places) > Math.max(MIN_TURNS, places.length / 2)
    const every = Math.ceil(this.kept.length / MAX_POINTS_DRAWN) | 1 // odd, or a zigzag would lose one of its sides
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

/** How often a line through these points turns by more than a right angle.
 * @param {Messages.Point[]} points
 */
function turns(points) {
  let count = 0
  for (let i = 2; i < points.length; i++) {
    const [[ax, ay], [bx, by], [cx, cy]] = [points[i - 2], points[i - 1], points[i]]
    if ((bx - ax) * (cx - bx) + (by - ay) * (cy - by) < 0) count++
  }
  return count
}
