// @ts-check
// Hands up: the options of a lesson's question, large, with how many hands each had; then the run answers, and how many were
// right says how to go on. The counts stay here.

/** @import { Player } from "./player.js" */

import { schemeOfHall } from "./lecture.js"
import { button, make } from "./presenter.js"

const OPTIONS = ".st-key-lesson [role=radiogroup] label"
const QUESTION = ".st-key-lesson [data-testid=stRadio] > label"
const WORDS = "[data-testid=stMarkdownContainer]"
const [FEW, MOST] = [0.35, 0.7] // right, after Mazur's Peer Instruction: below the first and above the second a discussion is of no use
const PATIENCE_MS = 5000 // with the server

/** The step of a lesson that the address names. */
const here = () => ["lesson", "step"].map((name) => new URLSearchParams(location.search).get(name)).join("/")

/** Act once a condition holds, unless that takes too long.
 * @param {() => boolean} holds
 * @param {() => void} act
 */
function soon(holds, act, until = performance.now() + PATIENCE_MS) {
  if (holds()) act()
  else if (performance.now() < until) requestAnimationFrame(() => soon(holds, act, until))
}

/** What so many right ones call for.
 * @param {number} share
 */
export const advice = (share) => (share < FEW ? "Explain again." : share > MOST ? "Go on." : "Discuss and vote again.")

export class Hands {
  /** Of each option, by step. @type {Map<string, number[]>} */
  counts = new Map()
  /** The step whose run has been revealed and has not answered yet. */
  asked = ""
  /** The options' words, by step. @type {Map<string, string[]>} */
  options = new Map()

  /**
   * @param {Player} player
   * @param {AbortSignal} signal  removes all listeners
   */
  constructor(player, signal) {
    this.player = player
    this.dialog = /** @type {HTMLDialogElement} */ (make("dialog", { className: "lecture-list lecture-hands", ariaLabel: "Hands up" }))
    this.result = make("div", { className: "lecture-result", role: "status", hidden: true })
    document.body.append(this.dialog, this.result)
    document.addEventListener("hands", () => this.begin(), { signal })
    document.addEventListener("answered", (/** @type {CustomEvent} */ event) => this.tell(event.detail), { signal })
    document.addEventListener("lecture", () => (this.result.hidden = true), { signal })
    signal.addEventListener("abort", () => [this.dialog, this.result].forEach((element) => element.remove()))
  }

  /** Ask the question of this step, if there is one with options; once more if whoever presents has answered it before. */
  begin() {
    if (document.querySelector(OPTIONS)) return this.ask()
    document.dispatchEvent(new CustomEvent("again"))
    soon(() => Boolean(document.querySelector(OPTIONS)), () => this.ask())
  }

  /** Show the question that waits, if one does. */
  ask() {
    const labels = [...document.querySelectorAll(OPTIONS)]
    if (!schemeOfHall() || !labels.length) return
    this.result.hidden = true
    this.player.visit("0")
    const step = here()
    const counts = this.counts.get(step) ?? labels.map(() => 0)
    this.counts.set(step, counts)
    this.options.set(step, labels.map((label) => label.textContent))
    const list = make("ol", { type: "A" })
    labels.forEach((label, i) => {
      const words = label.querySelector(WORDS).cloneNode(true)
      const field = make("input", { type: "number", min: "0", max: "9999", value: String(counts[i]), ariaLabel: `Hands for ${label.textContent}` })
      field.oninput = () => (counts[i] = Math.max(0, Math.floor(Number(field.value)) || 0))
      field.onfocus = () => field.select()
      const line = make("li", {})
      line.append(words, field)
      list.append(line)
    })
    const buttons = make("p", {})
    buttons.append(button("Reveal the run", "", () => this.reveal()), button("Close", "", () => this.dialog.close()))
    this.dialog.replaceChildren(make("h2", { textContent: document.querySelector(QUESTION)?.textContent ?? "" }), list, buttons)
    this.dialog.showModal()
    list.querySelector("input").focus()
  }

  /** Take what most hands were for as the guess, and play. */
  reveal() {
    this.dialog.close()
    this.asked = here()
    const counts = this.counts.get(here())
    const label = document.querySelectorAll(OPTIONS)[counts.indexOf(Math.max(...counts))]
    label?.querySelector("input").click()
    soon(() => !this.player.data.waits, () => this.player.visit("play"))
  }

  /** Say how many were right, once the run has answered.
   * @param {{ answer: number }} answered
   */
  tell({ answer }) {
    const step = here()
    const [counts, options] = [this.counts.get(step), this.options.get(step)]
    const all = counts?.reduce((sum, count) => sum + count, 0)
    if (!schemeOfHall() || step !== this.asked || !all || options[answer] === undefined) return
    this.asked = ""
    const share = counts[answer] / all
    const bars = make("dl", {})
    options.forEach((words, i) => {
      const line = make("dd", {})
      line.style.setProperty("--share", String(counts[i] / all))
      line.append(make("span", { textContent: String(counts[i]) }))
      bars.append(make("dt", { textContent: words, className: i === answer ? "lecture-right" : "" }), line)
    })
    const words = make("p", {})
    words.append(
      make("strong", { textContent: advice(share) }), ` ${counts[answer]} of ${all} right, ${Math.round(100 * share)} %.`,
      button("Close", "", () => (this.result.hidden = true)),
    )
    this.result.replaceChildren(words, bars)
    this.result.hidden = false
  }
}
