// @ts-check
// How far a vertical axis opens for what leaves it: in a few steps, so that it stands still in between.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 */

const STEPS = [0, 0.25, 1, 3, 8] // heights of the axis that are added above or below; with more, the data would be flat
const SPARE = 1.03 // of what is added, so that nothing touches the edge
const MAX_FRAMES = 600 // that are looked at, the first half of them one by one
const MAX_POINTS = 60 // of each mark

export class Opening {
  /**
   * @param {any[]} marks
   * @param {Frames} frames
   * @param {Messages.Range} range  of the axis as long as nothing leaves it
   */
  constructor(marks, frames, range) {
    const [low, high] = range
    this.frames = frames
    this.base = range
    /** The frames that were looked at. @type {number[]} */
    this.known = chosen(frames.length)
    const reaches = this.known.map((k) => marks.flatMap((mark) => mark.reach(frames, k, MAX_POINTS)).map(([, y]) => y))
    const beyond = [reaches.map((ys) => low - Math.min(...ys)), reaches.map((ys) => Math.max(...ys) - high)]
    /** The steps below and above, at each of them. */
    this.steps = beyond.map((far) => envelope(bothSides(far)).map((by) => step((SPARE * by) / (high - low))))
  }

  /** The range at frame k.
   * @param {number} k
   * @returns {Messages.Range}
   */
  at(k) {
    const next = this.known.findIndex((known) => known > k)
    const i = next < 0 ? this.known.length - 1 : next - 1
    const [below, above] = this.steps.map((steps) => Math.max(steps[i], steps[i + 1] ?? 0))
    const [low, high] = this.base
    return [low - below * (high - low), high + above * (high - low)]
  }
}

/** Some of n frames, evenly spaced after the first ones. The distance is odd, for many runs jump from side to side.
 * @param {number} n
 */
function chosen(n) {
  const all = Array.from({ length: Math.min(n, MAX_FRAMES / 2) }, (_, k) => k)
  const stride = Math.ceil((n - all.length) / (MAX_FRAMES / 2)) | 1
  for (let k = all.length; k < n; k += stride) all.push(k)
  return [...new Set([...all, n - 2, n - 1])].filter((k) => k >= 0).toSorted((a, b) => a - b)
}

/** Each with its neighbours: the axis has room for both sides of a run that jumps between them. */
const bothSides = (far) => far.map((by, i) => Math.max(by, far[i - 1] ?? by, far[i + 1] ?? by))

/** The least numbers above these that rise only before they fall: an axis that follows them opens and closes once.
 * @param {number[]} numbers
 */
function envelope(numbers) {
  let most = -Infinity
  const soFar = numbers.map((number) => (most = Math.max(most, number)))
  most = -Infinity
  const toCome = numbers.toReversed().map((number) => (most = Math.max(most, number))).toReversed()
  return soFar.map((number, i) => Math.min(number, toCome[i]))
}

const step = (by) => STEPS.find((size) => by <= size) ?? STEPS.at(-1)
