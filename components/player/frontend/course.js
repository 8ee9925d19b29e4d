// Where another first point leads: frames worked out here, for as long as a hand moves that point.

import { Frames } from "./frames.js"
import { unpack } from "./numbers.js"

const FARTHEST = 3e37 // losses; a path that goes further has left every chart

export class Course {
  constructor(spec) {
    for (const [name, value] of Object.entries(spec)) this[name] = unpack(value)
  }

  /** The frames that begin at this point of the surface. */
  from(x, y) {
    const c = this.best.length
    const columns = Array.from({ length: c + 1 }, () => new Float64Array(this.length))
    let before
    let now = times(this.begin, [x, y, 1]).map((value, i) => value - this.best[i])
    for (let k = 0; k < this.length; k++) {
      const height = this.value + dot(now, times(this.hessian, now)) / 2
      if (!(height < FARTHEST)) return new Frames(columns, Math.max(k, 1))
      for (let i = 0; i < c; i++) columns[i][k] = this.best[i] + now[i]
      columns[c][k] = height
      ;[before, now] = [now, before ? this.next(before, now) : times(this.first, now)]
    }
    return new Frames(columns, this.length)
  }

  next(before, now) {
    const back = times(this.determinant, before)
    return times(this.trace, now).map((value, i) => value - back[i])
  }
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0)

/** A matrix, row after row, times a vector. */
const times = (matrix, vector) =>
  Array.from({ length: matrix.length / vector.length }, (_, i) => dot(vector, matrix.subarray(i * vector.length)))
