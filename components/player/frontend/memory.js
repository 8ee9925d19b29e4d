// @ts-check
// Where the player stood, for this tab alone: after a reload it stands there again.

/** @import { Clock } from "./clock.js" */

const KEY = "player"

const [visit] = performance.getEntriesByType("navigation")
if (/** @type {PerformanceNavigationTiming} */ (visit)?.type === "navigate") remove()

/** Whoever opens the page anew begins at the start. */
function remove() {
  try {
    sessionStorage.removeItem(KEY)
  } catch {
    // Nothing is kept there.
  }
}

/** Remember where the clock stands. The page's address says what is played.
 * @param {Clock} clock
 */
export function remember({ epoch, isPlaying }) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ address: location.search, epoch, isPlaying }))
  } catch {
    // A browser that keeps nothing begins at the start again.
  }
}

/** Where the clock stood at this address.
 * @returns {{ epoch: number, isPlaying: boolean } | null}
 */
export function recalled() {
  try {
    const { address, epoch, isPlaying } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}")
    return address === location.search && epoch >= 0 ? { epoch, isPlaying } : null
  } catch {
    return null
  }
}
