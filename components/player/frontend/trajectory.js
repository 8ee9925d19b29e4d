// Where another first point leads, or another turn of a dial: frames worked out here, for as long as a hand moves them.

import { Frames } from "./frames.js"
import { unpack } from "./numbers.js"

const FARTHEST = 3e37 // heights; a path that goes further has left every chart

export class Trajectory {
  constructor(spec) {
    for (const [name, value] of Object.entries(spec)) this[name] = unpack(value)
  }

  /** The frames that begin at this point of the surface, at this turn of the dial. */
  frames([x, y], turn) {
    const { best, modes, curvatures, length } = this
    const c = best.length
    const columns = Array.from({ length: c + 1 }, (_, j) => new Float64Array(length).fill(j < c ? best[j] : this.value))
    curvatures.forEach((curvature, i) => {
      const [first, trace, determinant] = [this.first, this.trace, this.determinant].map(([a, b]) => a + b * turn * curvature)
      let before
      let now = this.begin[3 * i] * x + this.begin[3 * i + 1] * y + this.begin[3 * i + 2]
      for (let k = 0; k < length; k++) {
        for (let j = 0; j < c; j++) columns[j][k] += modes[j * c + i] * now
        columns[c][k] += (curvature / 2) * now * now
        ;[before, now] = [now, k ? trace * now - determinant * before : first * now]
      }
    })
    return new Frames(columns, this.end(columns[c]))
  }

  /** How many frames there are before there is nothing more to see. */
  end(heights) {
    const [window, share] = this.still
    for (let k = 0; k < heights.length; k++) {
      if (!(heights[k] < FARTHEST)) return Math.max(k, 1)
      if (heights[k] > this.beyond * heights[0]) return k + 1
      if (share && k >= window && Math.abs(heights[k - window] - heights[k]) <= share * heights[k - window]) return k + 1
    }
    return heights.length
  }
}
