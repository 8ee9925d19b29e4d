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

  /** List the charts that there are. */
  fill() {
    if (!this.menu.open) return
    const chosen = this.choice.value
    const options = this.player.charts.all.map((chart) => new Option(chart.spec.title, chart.spec.name))
    this.choice.replaceChildren(new Option("all charts", ""), ...options)
    this.choice.value = options.some((option) => option.value === chosen) ? chosen : ""
  }

  close() {
    this.menu.open = false
    this.menu.querySelector("summary").focus()
  }

  /** @param {string} format  "png" or "svg" */
  async save(format) {
    const { root, data, charts } = this.player
    const wanted = charts.all.filter((chart) => [chart.spec.name, ""].includes(this.choice.value))
    const epoch = `epoch ${Number(root.dataset.epoch).toLocaleString("en-US")}`
    const heading = { title: root.querySelector(".player-equation").textContent, detail: `${data.title} · ${epoch}` }
    const name = fileName(data.title, epoch, wanted.length > 1 ? "" : wanted[0].spec.name)
    this.close()
    const source = await pictureOf(wanted, heading, themeOf(root))
    save(format === "svg" ? new Blob([source], { type: "image/svg+xml" }) : await pngOf(source), `${name}.${format}`)
  }
}
