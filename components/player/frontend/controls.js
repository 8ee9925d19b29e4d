// @ts-check
// The player's buttons, its slider, the choice of speed, and the keys that do the same.

import { SPEEDS } from "./pace.js"

const PLAY_ICON = "M8 5v14l11-7z"
const PAUSE_ICON = "M6 5h4.2v14H6zM13.8 5H18v14h-4.2z"
/** Elements that use these keys themselves. */
const KEY_USERS = "input:not(.player-scrub), textarea, select, [contenteditable], [role=slider], [role=combobox], [role=grid], [role=tab], canvas, details"

const SCROLL_KEYS = new Set([" ", "Home", "End"])
/** Keys that others may use for something else unless the player has the focus. */
const FOCUS_KEYS = new Set(["+", "-", "Escape"])

/** What the controls do; the first six by a button's `data-do`.
 * @typedef {object} Acts
 * @property {() => void} restart
 * @property {() => void} back
 * @property {() => void} forward
 * @property {() => void} play  or pause
 * @property {() => void} branch
 * @property {() => void} lecture
 * @property {() => void} last
 * @property {(focused: Element) => void} enlarge  a chart
 * @property {() => void} shrink  it
 * @property {(epoch: number) => void} seek
 * @property {(speed: number | null) => void} setSpeed  null for a slow start
 */

export class Controls {
  /** Whether there is anything to control. */
  isReady = false
  /** The epoch at which the run stopped early. @type {number | null} */
  stop = null

  /**
   * @param {HTMLElement} root
   * @param {Acts} acts
   * @param {AbortSignal} signal  removes all listeners
   */
  constructor(root, acts, signal) {
    /** @type {(selector: string) => any} */
    const find = (selector) => root.querySelector(selector)
    this.root = root
    const on = (target, type, act) => target.addEventListener(type, act, { signal })
    this.scrub = find(".player-scrub")
    this.speed = find("select")
    this.play = find(".player-play")
    this.icon = find(".player-play-icon")
    this.branch = find(".player-branch")
    this.label = find(".player-epoch")
    /** The number in the label: changing a text node's data does not rebuild the page's tree. */
    this.number = document.createTextNode("")
    this.word = document.createTextNode("")
    this.keys = {
      " ": acts.play, ArrowRight: acts.forward, ArrowLeft: acts.back, Home: acts.restart, End: acts.last,
      "+": acts.enlarge, "-": acts.shrink, Escape: acts.shrink,
    }
    for (const button of root.querySelectorAll("button[data-do]")) on(button, "click", () => acts[button.dataset.do]())
    on(this.scrub, "input", () => acts.seek(Number(this.scrub.value)))
    on(this.speed, "change", () => acts.setSpeed(Number(this.speed.value) || null))
    on(document, "keydown", (event) => this.press(event))
    this.speed.replaceChildren(new Option("Slow start", ""), ...SPEEDS.map((speed) => new Option(`${speed}×`, String(speed))))
  }

  press(event) {
    const { target } = event
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest?.(KEY_USERS)) return
    if (target.closest?.("button, a, summary") && event.key === " ") return
    const act = this.keys[event.key]
    if (!act || !this.isReady || !this.listensTo(event)) return
    event.preventDefault()
    act(target)
  }

  /** Whether a key is meant for the player: it has the focus, or nothing has and the page does not need the key.
   * @param {KeyboardEvent} event
   */
  listensTo({ target, key }) {
    const focused = /** @type {Element} */ (target)
    if (this.root.contains(focused)) return true
    return focused.contains(this.root) && !FOCUS_KEYS.has(key) && (!SCROLL_KEYS.has(key) || fits(this.root))
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
   * @param {number} total  the last epoch that there was to be
   * @param {boolean} isOpen  whether later ones may follow
   */
  showRange(end, total, isOpen) {
    this.isReady = true
    this.scrub.max = end
    this.stop = end < total && !isOpen ? end : null
    const bold = document.createElement("b")
    bold.append(this.number)
    const all = Object.assign(document.createElement("span"), { textContent: ` of ${total.toLocaleString("en-US")}` })
    this.label.replaceChildren(this.word, bold, all)
    this.label.classList.toggle("player-stops", this.stop !== null)
  }

  /** @param {number} epoch */
  showPlace(epoch) {
    this.scrub.value = epoch
  }

  /** The place in words, as last written. */
  get place() {
    const [first, ...rest] = this.label.textContent
    return first.toUpperCase() + rest.join("")
  }

  /** @param {number} epoch */
  write(epoch) {
    this.word.data = epoch === this.stop ? "stopped at epoch " : "epoch "
    this.number.data = epoch.toLocaleString("en-US")
  }
}

/** Whether nothing around an element scrolls, so that no key is needed for it.
 * @param {Element} element
 */
function fits(element) {
  for (let around = element.parentElement; around; around = around.parentElement) {
    const scrolls = around === document.scrollingElement || /auto|scroll/.test(getComputedStyle(around).overflowY)
    if (scrolls && around.scrollHeight > around.clientHeight + 1) return false
  }
  return true
}
