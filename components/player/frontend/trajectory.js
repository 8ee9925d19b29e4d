// @ts-check
// The frames from another first point, or at another value of a dial, computed here while the user moves these.

/** @import * as Messages from "./messages.js" */

import { Frames } from "./frames.js"
import { unpack } from "./numbers.js"

const MAX_HEIGHT = 3e37 // a path that goes higher has left every chart, and soon float32 too

export class Trajectory {
  /** @param {Messages.Trajectory} spec */
  constructor(spec) {
    /** The first point that the server knows. */
    this.at = spec.at
    /** The dial's value that the server knows. */
    this.dialValue = spec.dial_value
    /** The dial's name. */
    this.dial = spec.dial
    this.begin = unpack(spec.begin)
    this.fixedPoint = unpack(spec.fixed_point)
    this.modes = unpack(spec.modes)
    this.curvatures = unpack(spec.curvatures)
    this.value = spec.value
    this.recurrence = [spec.first, spec.trace, spec.determinant]
    this.length = spec.length
    this.maxGrowth = spec.max_growth
    this.minChange = spec.min_change
  }

  /**
   * The frames that begin at this point of the surface, at this value of the dial.
   * @param {Messages.Point} point
   * @param {number} dialValue
   */
  frames([x, y], dialValue) {
    const { fixedPoint, modes, curvatures, length } = this
    const c = fixedPoint.length
    const columns = Array.from({ length: c + 1 }, (_, j) => new Float64Array(length).fill(j < c ? fixedPoint[j] : this.value))
    curvatures.forEach((curvature, i) => {
      const [first, trace, determinant] = this.recurrence.map(([a, b]) => a + b * dialValue * curvature)
      let before = 0
      let now = this.begin[3 * i] * x + this.begin[3 * i + 1] * y + this.begin[3 * i + 2]
      for (let k = 0; k < length; k++) {
        for (let j = 0; j < c; j++) columns[j][k] += modes[j * c + i] * now
        columns[c][k] += (curvature / 2) * now * now
        ;[before, now] = [now, k ? trace * now - determinant * before : first * now]
      }
    })
    return new Frames(columns, this.lengthOf(columns[c]))
  }

  /** How many frames there are until the height diverges or stops changing.
   * @param {Float64Array} heights
   */
  lengthOf(heights) {
    const [window, share] = this.minChange
    for (let k = 0; k < heights.length; k++) {
      if (!(heights[k] < MAX_HEIGHT)) return Math.max(k, 1)
      if (heights[k] > this.maxGrowth * heights[0]) return k + 1
      if (share && k >= window && Math.abs(heights[k - window] - heights[k]) <= share * heights[k - window]) return k + 1
    }
    return heights.length
  }
}
