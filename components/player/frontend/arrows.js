// @ts-check
// An arrow from a frame's point, by an amount that moves with the frames, or to the next frame's point.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 */

import { stroke } from "./hall.js"
import { Mark } from "./marks.js"
import { unpack } from "./numbers.js"
import { clamp } from "./svg.js"

const MAX_LENGTH_PX = 4000 // out of sight
const MIN_LENGTH_PX = 1
const BROAD_PX = 5 // two widths, so that both are seen where two arrows coincide
const NARROW_PX = 2

export class Arrow extends Mark {
  /** @param {Messages.Arrow} spec */
  constructor(spec) {
    super(spec)
    this.point = [unpack(spec.x), unpack(spec.y)]
    this.by = spec.by && spec.by.map(unpack)
    this.each = spec.each
    this.className = this.by ? "player-broad" : "player-arrow"
    this.width = this.by ? BROAD_PX : NARROW_PX
  }

  /**
   * Where it begins and ends at frame k; null at the last one if it leads to the next.
   * @param {Frames} frames
   * @param {number} k
   * @returns {number[][] | null}
   */
  ends(frames, k) {
    const from = this.point.map((row) => frames.affine(row, 0, k))
    if (this.by) return [from, this.by.map((part, i) => from[i] + (this.each ? part[k] : frames.affine(part, 0, k)))]
    return k + 1 < frames.length ? [from, this.point.map((row) => frames.affine(row, 0, k + 1))] : null
  }

  path(frames, k, pixel) {
    const ends = this.ends(frames, k)
    if (!ends) return { d: "" }
    const [[x, y], tip] = ends.map(([a, b]) => pixel(a, b))
    let [dx, dy] = [tip[0] - x, tip[1] - y]
    const length = Math.hypot(dx, dy)
    if (!(length >= MIN_LENGTH_PX)) return { d: "" } // NaN too
    const shown = Math.min(length, MAX_LENGTH_PX)
    ;[dx, dy] = [dx / length, dy / length]
    const [tx, ty] = [x + shown * dx, y + shown * dy]
    const barb = Math.min(6 + 1.5 * stroke(this.theme, this.width), 0.7 * length)
    const side = (turn) => [tx - barb * (dx - turn * dy * 0.6), ty - barb * (dy + turn * dx * 0.6)].map(clamp)
    const [from, to] = [[x, y], [tx, ty]].map((point) => point.map(clamp))
    return { d: `M${from}L${to}M${side(1)}L${to}L${side(-1)}` }
  }

  trace(frames, k) {
    const ends = this.ends(frames, k) ?? []
    return { x: ends.map((end) => end[0]), y: ends.map((end) => end[1]) }
  }

  style() {
    return { mode: "lines", line: { color: this.color, width: this.width }, hovertemplate: `${this.name}<extra></extra>` }
  }
}
