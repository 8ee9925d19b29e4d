// @ts-check
// The frames of one run: columns of numbers, a row per frame, and the frames' epochs.

/** @typedef {Float32Array | Float64Array} Column */

export class Frames {
  /**
   * @param {Column[]} columns
   * @param {number} length  how many frames of them count
   * @param {Column | null} epochs  null if frame k is epoch k
   */
  constructor(columns, length, epochs = null) {
    this.columns = columns
    this.length = length
    this.epochs = epochs
  }

  /** Those of an Arrow table; it has a column "epoch" only when frames are not consecutive.
   * @param {any} table
   */
  static of(table) {
    const names = table.schema.fields.map((field) => field.name)
    const column = (name) => table.getChild(name).toArray()
    const columns = names.filter((name) => name !== "epoch").map(column)
    return new Frames(columns, table.numRows, names.includes("epoch") ? column("epoch") : null)
  }

  /** @param {number} k */
  epoch(k) {
    return this.epochs ? this.epochs[k] : k
  }

  /** The last frame's epoch. */
  get end() {
    return this.epoch(this.length - 1)
  }

  /** The last frame that is not after this epoch.
   * @param {number} epoch
   */
  at(epoch) {
    if (!this.epochs) return Math.max(0, Math.min(this.length - 1, Math.floor(epoch)))
    let low = 0
    let high = this.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.epochs[middle] <= epoch) low = middle
      else high = middle - 1
    }
    return low
  }

  /**
   * Row i of `matrix` [m, columns + 1] times frame k's columns and 1.
   * @param {Column} matrix
   * @param {number} i
   * @param {number} k
   */
  affine(matrix, i, k) {
    const p = this.columns.length
    let sum = matrix[i * (p + 1) + p]
    for (let j = 0; j < p; j++) {
      const factor = matrix[i * (p + 1) + j]
      if (factor !== 0) sum += factor * this.columns[j][k]
    }
    return sum
  }
}
