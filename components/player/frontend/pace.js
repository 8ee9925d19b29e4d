// @ts-check
// How long each step is shown: as long as the speed says, or at a slow start by how far it leads.

/** @import { Column, Frames } from "./frames.js" */

const EPOCHS_PER_SECOND = 100 // at speed 1
const SECONDS_PER_RUN = 8 // of a slow start, unless even the lowest speed takes less
const NEAR_SHARE = 1e-3 // of the first height above the lowest: nearer to that, nothing is seen to move
const MAX_SECONDS_BY_FALL = 0.8 // of one step, which may lead all the way down
const SLOW_STEPS = 8 // of a run that ends higher than it begins, as there the first steps are the best
const SECONDS_PER_SLOW_STEP = 0.5

export const SPEEDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

export class Pace {
  /** A slow start unless there is a speed. @type {number | null} */
  speed = null
  /** @type {Frames} */
  #frames
  /** @type {Column} */
  #height
  /** Of each step at a slow start, computed when first needed. @type {Float64Array | null} */
  #seconds = null
  #climbs = false

  /**
   * From now on, pace these frames.
   * @param {Frames} frames
   * @param {Column} height  [columns + 1], a row whose product with a frame's columns and 1 is what the run is to lower
   */
  follow(frames, height) {
    const last = frames.length - 1
    this.#frames = frames
    this.#height = height
    this.#seconds = null
    this.#climbs = frames.affine(height, 0, last) > frames.affine(height, 0, 0)
  }

  /** The epoch that is reached when so many seconds have passed.
   * @param {number} epoch
   * @param {number} seconds
   */
  after(epoch, seconds) {
    const frames = this.#frames
    for (let k = frames.at(epoch); k + 1 < frames.length; k++) {
      const [from, to] = [frames.epoch(k), frames.epoch(k + 1)]
      const step = this.#secondsOf(k, to - from)
      const left = (step * (to - epoch)) / (to - from)
      if (left > seconds) return epoch + ((to - from) * seconds) / step
      seconds -= left
      epoch = to
    }
    return epoch
  }

  /**
   * @param {number} k
   * @param {number} epochs  that the step takes
   */
  #secondsOf(k, epochs) {
    const usual = this.speed ? epochs / (this.speed * EPOCHS_PER_SECOND) : (this.#seconds ??= slowStart(this.#frames, this.#height))[k]
    return this.#climbs && k < SLOW_STEPS ? Math.max(usual, SECONDS_PER_SLOW_STEP) : usual
  }
}

/**
 * How long each step is shown at a slow start: half of the time goes by equal parts of the way down, which is measured
 * by the logarithm of the height above the lowest; the other half by the epoch's logarithm, so that the first steps
 * are seen wherever they lead, and noise is passed over. Only what is lower than all before counts as a part of the way.
 * @param {Frames} frames
 * @param {Column} height
 * @returns {Float64Array}
 */
export function slowStart(frames, height) {
  const heights = Float64Array.from({ length: frames.length }, (_, k) => frames.affine(height, 0, k))
  const lowest = heights.reduce((a, b) => Math.min(a, b))
  const near = NEAR_SHARE * (heights[0] - lowest)
  const wayLeft = (now) => (now > lowest ? Math.log1p((now - lowest) / near) : 0)
  const total = Math.min(SECONDS_PER_RUN, frames.end / SPEEDS[0] / EPOCHS_PER_SECOND)
  const seconds = new Float64Array(frames.length - 1)
  const way = wayLeft(heights[0])
  let [left, given] = [way, 0]
  for (let k = 0; k < seconds.length; k++) {
    const now = Math.min(left, wayLeft(heights[k + 1]))
    seconds[k] = Math.min(MAX_SECONDS_BY_FALL, (total / 2) * ((left - now) / (way || 1)))
    given += seconds[k]
    left = now
  }
  const share = (total - given) / Math.log1p(frames.end)
  for (let k = 0; k < seconds.length; k++) seconds[k] += share * Math.log((1 + frames.epoch(k + 1)) / (1 + frames.epoch(k)))
  return seconds
}
