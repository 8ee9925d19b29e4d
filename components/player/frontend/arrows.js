// An arrow from a frame's point, by an amount that moves with the frames, or to the next frame's point.

import { clamp } from "./marks.js"
import { unpack } from "./numbers.js"

const WIDTHS = { "player-broad": 5, "player-arrow": 2 } // pixels; where two coincide both are seen
const FARTHEST = 4000 // pixels; longer arrows end there, out of sight

export class Arrow {
  constructor(spec) {
    Object.assign(this, { kind: spec.kind, name: spec.name, color: spec.color, each: spec.each })
    this.point = [spec.x, spec.y].map(unpack)
    this.by = spec.by.map(unpack)
    this.look = this.by.length ? "player-broad" : "player-arrow"
    this.width = WIDTHS[this.look]
  }

  prepare() {}

  /** Where it begins and ends at frame k; null at the last one if it leads to the next. */
  ends(frames, k) {
    const from = this.point.map((row) => frames.affine(row, 0, k))
    if (this.by.length) return [from, this.by.map((part, i) => from[i] + (this.each ? part[k] : frames.affine(part, 0, k)))]
    return k + 1 < frames.length ? [from, this.point.map((row) => frames.affine(row, 0, k + 1))] : null
  }

  path(frames, k, pixel) {
    const ends = this.ends(frames, k)
    if (!ends) return { d: "" }
    const [[x, y], tip] = ends.map((end) => pixel(...end))
    let [dx, dy] = [tip[0] - x, tip[1] - y]
    const length = Math.hypot(dx, dy)
    if (!(length >= 1)) return { d: "" } // too short to see, or no number
    const shown = Math.min(length, FARTHEST)
    ;[dx, dy] = [dx / length, dy / length]
    const [tx, ty] = [x + shown * dx, y + shown * dy]
    const barb = Math.min(6 + 1.5 * this.width, 0.7 * length)
    const side = (turn) => [tx - barb * (dx - turn * dy * 0.6), ty - barb * (dy + turn * dx * 0.6)].map(clamp)
    const [from, to] = [[x, y], [tx, ty]].map((point) => point.map(clamp))
    return { d: `M${from}L${to}M${side(1)}L${to}L${side(-1)}` }
  }

  trace(frames, k) {
    const ends = this.ends(frames, k) ?? []
    return { x: ends.map((end) => end[0]), y: ends.map((end) => end[1]) }
  }

  style(color) {
    return { mode: "lines", line: { color, width: this.width }, hovertemplate: `${this.name}<extra></extra>` }
  }
}
