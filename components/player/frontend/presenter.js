// @ts-check
// A presenter's keys in lecture mode, with those that clickers send, and the list of stops that they walk through.

/**
 * @import * as Messages from "./messages.js"
 * @import { Player } from "./player.js"
 * @import { Settings, Stop } from "./stops.js"
 */

import { hold, schemeOfHall, toggle } from "./lecture.js"
import * as stops from "./stops.js"

const nothing = () => {}

/** Where a letter is a letter. */
const TYPING = "input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]"

const KEYS = [
  ["Page Down, Page Up", "the next stop, and the one before"],
  ["→ ← Space", "a step, a step back, play or pause"],
  [". or B", "a dark screen, until the next key"],
  ["1 2 3, 0", "one chart on the whole width, all charts"],
  ["A", "adds a stop here"],
  ["H", "hands up: how many are for which option"],
  ["D", "dark or light"],
  ["L or F2", "leaves lecture mode"],
  ["?", "this list"],
]

export class Presenter {
  /** The stop at which the lecture is; −1 before the first. */
  at = -1
  /** The settings that the server was last asked for, as a stop writes them. */
  settings = ""
  /** Whether the server was told once more. */
  toldAgain = false
  /** What a stop would keep of the page now. @type {Settings} */
  page = {}
  /** What the lecture began with; null outside of lecture mode. @type {Settings | null} */
  first = null
  /** Tells the server what to open. @type {Messages.Tell} */
  tell = nothing

  /**
   * @param {Player} player
   * @param {AbortSignal} signal  removes all listeners
   */
  constructor(player, signal) {
    this.player = player
    const enlarge = (i) => () => player.charts.enlarge(player.charts.all[i]?.spec.name ?? "")
    /** @type {Record<string, () => void>} */
    this.acts = {
      PageDown: () => this.walk(1), PageUp: () => this.walk(-1), ".": () => this.darken(), b: () => this.darken(),
      0: enlarge(-1), 1: enlarge(0), 2: enlarge(1), 3: enlarge(2), Escape: enlarge(-1),
      a: () => this.add(), l: toggle, "?": () => this.list(),
      h: () => document.dispatchEvent(new CustomEvent("hands")), d: () => hold(schemeOfHall() === "dark" ? "light" : "dark"),
      F5: nothing, r: nothing, c: nothing, // Clickers send F5 where a talk begins; r and c are Streamlit's.
    }
    for (const type of ["keydown", "keyup"]) addEventListener(type, (event) => this.press(/** @type {KeyboardEvent} */ (event)), { signal, capture: true })
    this.dark = make("div", { className: "lecture-dark", hidden: true, role: "img", ariaLabel: "The screen is dark. Any key brings the page back." })
    this.dark.onclick = () => (this.dark.hidden = true)
    this.help = make("button", { type: "button", className: "lecture-help", textContent: "?", title: "Keys and stops (?)", ariaLabel: "Keys and stops" })
    this.help.onclick = () => this.list()
    this.dialog = /** @type {HTMLDialogElement} */ (make("dialog", { className: "lecture-list", ariaLabel: "Keys and stops" }))
    document.body.append(this.dark, this.help, this.dialog)
    document.addEventListener("lecture", () => this.begin(), { signal })
    signal.addEventListener("abort", () => [this.dark, this.help, this.dialog].forEach((element) => element.remove()))
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!schemeOfHall() || event.ctrlKey || event.metaKey || event.altKey) return
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const isLetter = name.length === 1 && /** @type {Element} */ (event.target).closest?.(TYPING)
    const act = this.dark.hidden ? this.acts[name] : () => (this.dark.hidden = true)
    if (!act || isLetter || (this.dialog.open && name !== "F5")) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (event.type === "keydown" && !(event.repeat && name.length === 1)) act()
  }

  /** Begin a lecture if there is one and it has not begun; forget one that is over. */
  begin() {
    if (schemeOfHall()) this.first ??= this.page
    else Object.assign(this, { first: null, at: -1, settings: "" })
  }

  /** Go to the next stop or to the one before.
   * @param {1 | -1} by
   */
  walk(by) {
    const list = stops.kept()
    const to = Math.max(0, Math.min(list.length - 1, this.at + by))
    this.at = to
    const settings = stops.settingsAt(list, to)
    const isSame = settings === this.settings
    if (isSame && this.player.destination === null) return this.player.visit(list[to].where)
    this.player.destination = list[to].where
    if (isSame) return // as the run that is on its way
    this.settings = settings
    this.toldAgain = false
    this.tell("went", this.query)
  }

  /** What the server was last asked to open. */
  get query() {
    return stops.opening(this.settings, this.first ?? {})
  }

  darken() {
    this.dark.hidden = false
  }

  /** Take note of what the server shows now, and what it has opened.
   * @param {Messages.StopsMessage} message
   * @param {Messages.Tell} tell
   */
  follow({ page, went }, tell) {
    this.page = page
    this.begin()
    this.tell = tell
    const { player } = this
    player.showing.then(() => {
      if (player.destination === null) return
      if (went === this.query) return player.arrive()
      if (this.toldAgain) return
      this.toldAgain = true // of several stops in quick succession the server may have heard an earlier one alone
      tell("went", this.query)
    })
  }

  /** Add a stop after the one at which the lecture is: the page as it is now. */
  add() {
    const list = stops.kept()
    const settings = stops.difference(this.page, this.first ?? this.page)
    const where = String(this.player.frames.epoch(this.player.frame))
    this.at = Math.min(this.at + 1, list.length)
    const isThere = settings === stops.settingsAt(list, this.at - 1)
    stops.keep(list.toSpliced(this.at, 0, { settings: isThere ? "" : settings, where }))
    this.settings = settings
    this.list()
  }

  /** Show the keys and the stops. */
  list() {
    const all = stops.kept()
    const change = (list) => () => { stops.keep(list); this.list() }
    const lines = all.map((stop, i) => {
      const line = make("li", { textContent: stops.inWords(stop) })
      if (i === this.at) line.setAttribute("aria-current", "step")
      const swapped = (with_) => all.with(i, all[with_]).with(with_, stop)
      line.append(
        button("↑", `Move stop ${i + 1} up`, i > 0 && change(swapped(i - 1))),
        button("↓", `Move stop ${i + 1} down`, i + 1 < all.length && change(swapped(i + 1))),
        button("×", `Remove stop ${i + 1}`, all.length > 1 && change(all.toSpliced(i, 1))),
      )
      return line
    })
    const [stopList, keys] = [make("ol", {}), make("dl", {})]
    stopList.append(...lines)
    keys.append(...KEYS.flatMap((pair) => pair.map((textContent, i) => make(i ? "dd" : "dt", { textContent }))))
    const buttons = make("p", {})
    buttons.append(
      button("Add a stop here", "", () => this.add()), button("Usual stops", "", change([])),
      button("Close", "", () => this.dialog.close()),
    )
    const columns = make("div", {})
    const [left, right] = [make("section", {}), make("section", {})]
    left.append(make("h2", { textContent: "Stops" }), stopList, buttons)
    right.append(make("h2", { textContent: "Keys" }), keys)
    columns.append(left, right)
    this.dialog.replaceChildren(columns)
    if (!this.dialog.open) this.dialog.showModal()
  }
}

/** @param {string} tag @param {Record<string, any>} properties @returns {HTMLElement} */
export const make = (tag, properties) => Object.assign(document.createElement(tag), properties)

/**
 * @param {string} textContent
 * @param {string} ariaLabel
 * @param {false | (() => void)} act  false where there is nothing to do
 */
export function button(textContent, ariaLabel, act) {
  return make("button", { type: "button", textContent, ...(ariaLabel && { ariaLabel }), disabled: !act, onclick: act || null })
}
