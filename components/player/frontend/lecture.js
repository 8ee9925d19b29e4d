// @ts-check
// Lecture mode: the page as a hall sees it. The root element says so (data-lecture), and style sheets and charts follow.

/** @import { Player } from "./player.js" */

import { isDark } from "./theme.js"

const PARAMETER = "lecture"
const KEY = "F2" // no letter: those are for whoever dictates or types
const MIN_CHART_PX = 150
const MAX_FRAMES_TO_SETTLE = 30

/** @typedef {"light" | "dark" | null} Scheme  null outside of lecture mode */

const page = document.documentElement

/** @returns {Scheme} */
export const schemeOfHall = () => /** @type {Scheme} */ (page.dataset.lecture ?? null)

/** What the system says. */
const systemMatches = window.matchMedia.bind(window)

/** Streamlit has the colours that the system prefers, unless the reader has chosen others. In lecture mode it is told that the
 * system prefers those of the presenter, so that nothing is changed for good. */
window.matchMedia = (query) => {
  const list = systemMatches(query)
  const scheme = schemeOfHall()
  if (!scheme || !query.includes("prefers-color-scheme")) return list
  return new Proxy(list, {
    get(of, name) {
      if (name === "matches") return query.includes(scheme)
      const value = Reflect.get(of, name, of)
      return typeof value === "function" ? value.bind(of) : value
    },
  })
}

/** Enter lecture mode, in light or dark colours, or leave it.
 * @param {Scheme} scheme
 */
export function hold(scheme) {
  if (scheme) page.dataset.lecture = scheme
  else delete page.dataset.lecture
  writeAddress()
  dispatchEvent(new Event("afterprint")) // after which Streamlit asks for the colours again
  const isToBeDark = scheme ? scheme === "dark" : systemMatches("(prefers-color-scheme: dark)").matches
  settle(isToBeDark, MAX_FRAMES_TO_SETTLE)
}

/** Say so once the page has its colours.
 * @param {boolean} isToBeDark
 * @param {number} frames  for which that is waited for
 */
function settle(isToBeDark, frames) {
  const app = /** @type {HTMLElement} */ (document.querySelector("[data-testid=stApp]"))
  if (frames > 0 && isDark(app) !== isToBeDark) return void requestAnimationFrame(() => settle(isToBeDark, frames - 1))
  document.dispatchEvent(new CustomEvent("lecture"))
}

export const toggle = () => hold(schemeOfHall() ? null : "light")

/** Let the address say it; the server's own writing may have brought an older one. */
function writeAddress() {
  const address = new URL(location.href)
  const wanted = schemeOfHall() ? "1" : null
  if (address.searchParams.get(PARAMETER) === wanted) return
  if (wanted) address.searchParams.set(PARAMETER, wanted)
  else address.searchParams.delete(PARAMETER)
  history.replaceState(history.state, "", address)
}

/** Let a player follow the mode, for as long as it is there.
 * @param {Player} player
 * @param {AbortSignal} signal
 */
export function attend(player, signal) {
  const button = /** @type {HTMLElement} */ (player.root.querySelector(".player-lecture"))
  const name = () => {
    button.setAttribute("aria-label", schemeOfHall() ? "Leave lecture mode" : "Lecture mode")
    button.title = `${schemeOfHall() ? "Back to the page with all its controls" : "Large, for a hall"} (${KEY})`
  }
  name()
  const sizes = new ResizeObserver(() => fit(player.root))
  for (const element of [document.querySelector("[data-testid=stMainBlockContainer]"), player.root]) if (element) sizes.observe(element)
  addEventListener("resize", () => fit(player.root), { signal })
  addEventListener("keydown", (event) => event.key === KEY && toggle(), { signal })
  document.addEventListener("lecture", () => {
    name()
    fit(player.root)
    player.refresh()
  }, { signal })
  signal.addEventListener("abort", () => sizes.disconnect())
  if (schemeOfHall()) writeAddress()
}

/** Give the charts the height that the controls, at the lower edge, leave.
 * @param {HTMLElement} root
 */
function fit(root) {
  const figure = /** @type {HTMLElement} */ (root.querySelector("figure:not([hidden])"))
  if (!schemeOfHall() || !figure) return
  const [controls, canvas] = ["controls", "canvas"].map((part) => /** @type {HTMLElement} */ ((part === "canvas" ? figure : root).querySelector(`.player-${part}`)))
  const around = figure.offsetHeight - canvas.offsetHeight
  const height = innerHeight - controls.offsetHeight - figure.getBoundingClientRect().top - around - 1
  root.style.setProperty("--hall-chart", `${Math.max(MIN_CHART_PX, Math.floor(height))}px`)
}

if (new URLSearchParams(location.search).get(PARAMETER) === "1") hold("light")
