// @ts-check
// Two handles on a line at the first frame: dragged, or moved by arrow keys, they say where the next run begins.

/**
 * @import * as Messages from "./messages.js"
 * @import { Chart } from "./chart.js"
 * @import { Frames } from "./frames.js"
 */

import { Handles } from "./handles.js"
import { unpack } from "./numbers.js"

const DIGITS = 6 // of weight and bias: finer than a pixel, and short in the address

export class LineEnds {
  /** Whether the browser itself can compute where another line leads; only then there are handles. */
  isQuick = false
  /** Where both ends are. @type {number[]} */
  at = []
  /** Where the user wants both ends; null where the run begins as it is. @type {number[] | null} */
  wanted = null

  /**
   * @param {Chart} chart
   * @param {Messages.Start} start  called for a line elsewhere
   */
  constructor(chart, start) {
    this.start = start
    this.handles = new Handles(chart, { step: 0.01, far: 10, move: (i, y) => this.move(i, y), settle: () => this.settle() })
  }

  /** @param {Messages.Ends | null} spec */
  update(spec) {
    this.spec = spec && { x: unpack(spec.x), y: unpack(spec.y), start: unpack(spec.start) }
    this.handles.update(spec?.labels ?? [])
  }

  /**
   * Show the handles at the first frame, at the edge where the line has left the axes.
   * @param {Frames} frames
   * @param {number} k
   */
  draw(frames, k) {
    if (!this.spec || !this.isQuick || k > 0) return this.handles.hide()
    this.at = [0, 1].map((i) => frames.affine(this.spec.y, i, 0))
    this.at.forEach((y, i) => this.handles.place(i, this.spec.x[i], y))
  }

  /** Draw the line with one end elsewhere, and what comes of it.
   * @param {number} i
   * @param {number} y
   */
  move(i, y) {
    this.wanted = (this.wanted ?? this.at).with(i, y)
    this.start(this.point, false, true)
  }

  /** Begin a run there. */
  settle() {
    if (!this.wanted) return
    this.start(this.point, true, true)
    this.wanted = null
  }

  /** The first point of a run with the line that is wanted. @returns {Messages.Point} */
  get point() {
    const { start: s } = this.spec
    const [a, b] = this.wanted
    const [x, y] = [s[0] * a + s[1] * b + s[2], s[3] * a + s[4] * b + s[5]]
    return [Number(x.toPrecision(DIGITS)), Number(y.toPrecision(DIGITS))]
  }
}
