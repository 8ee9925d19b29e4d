// @ts-check
// The player's buttons, its slider, the choice of speed, and the keys that do the same.

import { SPEEDS } from "./clock.js"

const PLAY_ICON = "M8 5v14l11-7z"
const PAUSE_ICON = "M6 5h4.2v14H6zM13.8 5H18v14h-4.2z"
/** Elements that use these keys themselves. */
const KEY_USERS = "input:not(.player-scrub), textarea, select, [contenteditable], [role=slider], [role=combobox], [role=grid], [role=tab], canvas"

/** What the controls do; the first five by a button's `data-do`.
 * @typedef {object} Acts
 * @property {() => void} restart
 * @property {() => void} back
 * @property {() => void} forward
 * @property {() => void} play  or pause
 * @property {() => void} branch
 * @property {() => void} first
 * @property {() => void} last
 * @property {(epoch: number) => void} seek
 * @property {(speed: number) => void} setSpeed
 */

export class Controls {
  /** Whether there is anything to control. */
  isReady = false

  /**
   * @param {HTMLElement} root
   * @param {Acts} acts
   * @param {AbortSignal} signal  removes all listeners
   */
  constructor(root, acts, signal) {
    /** @type {(selector: string) => any} */
    const find = (selector) => root.querySelector(selector)
    const on = (target, type, act) => target.addEventListener(type, act, { signal })
    this.scrub = find(".player-scrub")
    this.speed = find("select")
    this.play = find(".player-play")
    this.icon = find(".player-play-icon")
    this.branch = find(".player-branch")
    this.label = find(".player-epoch")
    /** The number in the label: changing a text node's data does not rebuild the page's tree. */
    this.number = document.createTextNode("")
    this.keys = { " ": acts.play, ArrowRight: acts.forward, ArrowLeft: acts.back, Home: acts.first, End: acts.last }
    for (const button of root.querySelectorAll("button[data-do]")) on(button, "click", () => acts[button.dataset.do]())
    on(this.scrub, "input", () => acts.seek(Number(this.scrub.value)))
    on(this.speed, "change", () => acts.setSpeed(Number(this.speed.value)))
    on(document, "keydown", (event) => this.press(event))
    this.speed.replaceChildren(...SPEEDS.map((speed) => new Option(`${speed}×`, String(speed))))
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(KEY_USERS)) return
    if (event.target.closest?.("button, a, summary") && event.key === " ") return
    const act = this.keys[event.key]
    if (!act || !this.isReady) return
    event.preventDefault()
    act()
  }

  /** @param {boolean} isPlaying */
  showState(isPlaying) {
    const name = isPlaying ? "Pause" : "Play"
    this.play.setAttribute("aria-label", name)
    this.play.title = `${name} (space)`
    this.icon.setAttribute("d", isPlaying ? PAUSE_ICON : PLAY_ICON)
  }

  /**
   * @param {number} end  the last epoch so far
   * @param {number} speed
   */
  showRange(end, speed) {
    this.isReady = true
    this.scrub.max = end
    this.speed.value = speed
  }

  /** @param {number} total  the last epoch that there will be */
  showTotal(total) {
    const bold = document.createElement("b")
    bold.append(this.number)
    this.label.replaceChildren("epoch ", bold, ` of ${total.toLocaleString("en-US")}`)
  }

  /** @param {number} epoch */
  showPlace(epoch) {
    this.scrub.value = epoch
  }

  /** @param {number} epoch */
  write(epoch) {
    this.number.data = epoch.toLocaleString("en-US")
  }
}
