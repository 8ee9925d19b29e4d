// @ts-check
// Beside a surface: which of its colours is low and which is high.

/**
 * @import { Box } from "./plotly.js"
 * @import { Theme } from "./theme.js"
 */

import { svg } from "./svg.js"
import { lettering } from "./theme.js"

const BAR_PX = 4
const GAP_PX = 3
const LETTER_PX = 10
const GRADIENT = "player-scale"

export class Scale {
  /** The height of its letters. */
  px = LETTER_PX

  /** @param {Element} parent */
  constructor(parent) {
    this.layer = svg(parent, "g")
    this.gradient = svg(this.layer, "linearGradient", { id: GRADIENT, x1: 0, x2: 0, y1: 1, y2: 0 })
    this.bar = svg(this.layer, "rect", { width: BAR_PX, fill: `url(#${GRADIENT})` })
    this.words = ["start", "end"].map((anchor) => svg(this.layer, "text", { "text-anchor": anchor }))
    this.words.forEach((text, i) => (text.textContent = ["low loss", "high loss"][i]))
  }

  /**
   * @param {[number, string][]} colorscale
   * @param {Theme} theme
   */
  dress(colorscale, theme) {
    this.gradient.replaceChildren()
    for (const [offset, color] of colorscale) svg(this.gradient, "stop", { offset, "stop-color": color })
    for (const text of this.words) this.px = lettering(text, theme, LETTER_PX)
  }

  /** @param {Box} box */
  draw({ x, y, width, height }) {
    const left = x + width + GAP_PX
    for (const [name, value] of Object.entries({ x: left, y, height })) this.bar.setAttribute(name, String(value))
    this.words.forEach((text, i) => text.setAttribute("transform", `translate(${left + BAR_PX + this.px - 1},${y + (i ? 0 : height)}) rotate(-90)`))
  }

  hide() {
    this.layer.setAttribute("visibility", "hidden")
  }
}
