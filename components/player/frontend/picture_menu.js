// @ts-check
// The player's menu "Save picture": of all charts or of one, as PNG or SVG.

/** @import { Player } from "./player.js" */

import { fileName, pictureOf, pngOf, save } from "./picture.js"
import { themeOf } from "./theme.js"

export class PictureMenu {
  /**
   * @param {Player} player
   * @param {AbortSignal} signal  removes all listeners
   */
  constructor(player, signal) {
    this.player = player
    this.menu = /** @type {HTMLDetailsElement} */ (player.root.querySelector(".player-picture"))
    this.choice = this.menu.querySelector("select")
    this.menu.addEventListener("toggle", () => this.fill(), { signal })
    this.menu.addEventListener("keydown", (event) => event.key === "Escape" && this.close(), { signal })
    document.addEventListener("pointerdown", (event) => this.menu.contains(/** @type {Node} */ (event.target)) || (this.menu.open = false), { signal })
    for (const button of this.menu.querySelectorAll("button")) {
      button.addEventListener("click", () => this.save(button.dataset.save), { signal })
    }
  }

  /** The charts on the screen: one that is enlarged is alone. */
  get charts() {
    return this.player.charts.all.filter((chart) => !chart.figure.hidden)
  }

  /** List these. */
  fill() {
    if (!this.menu.open) return
    const chosen = this.choice.value
    const each = this.charts.map((chart) => new Option(chart.spec.title, chart.spec.name))
    const options = each.length > 1 ? [new Option("all charts", ""), ...each] : each
    this.choice.replaceChildren(...options)
    this.choice.value = (options.find((option) => option.value === chosen) ?? options[0]).value
  }

  close() {
    this.menu.open = false
    this.menu.querySelector("summary").focus()
  }

  /** @param {string} format  "png" or "svg" */
  async save(format) {
    const { root, data, heading: detail, place } = this.player
    const wanted = this.charts.filter((chart) => [chart.spec.name, ""].includes(this.choice.value))
    const heading = { title: root.querySelector(".player-equation").textContent, detail }
    const name = fileName(data.title, place, wanted.length > 1 ? "" : wanted[0].spec.name)
    this.close()
    const source = await pictureOf(wanted, heading, themeOf(root))
    save(format === "svg" ? new Blob([source], { type: "image/svg+xml" }) : await pngOf(source), `${name}.${format}`)
  }
}
