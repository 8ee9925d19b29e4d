// @ts-check
// Words beside the marks of a surface: shown until the visitor has done a few things, and later under the pointer or
// with the focus.

/**
 * @import * as Messages from "./messages.js"
 * @import { View } from "./plotly.js"
 * @import { Theme } from "./theme.js"
 */

import { svg } from "./svg.js"
import { lettering } from "./theme.js"

const ACTS = 4 // of a visitor, after which the words are known
const KEY = "player-acts" // in the browser's storage, which may be forbidden
const LETTER_PX = 12.5
const OFFSET_PX = 13
const TOP_PX = 45 // of the chart, where its hints stand
const WIDTH_OF_A_LETTER = 0.55 // of its height, about

let acts = remembered()
for (const event of ["pointerdown", "keydown"]) {
  document.addEventListener(event, () => {
    if (acts++ >= ACTS) return
    try {
      localStorage.setItem(KEY, String(acts))
    } catch {} // then they come back at the next visit
  }, { capture: true })
}

function remembered() {
  try {
    return Number(localStorage.getItem(KEY)) || 0
  } catch {
    return 0
  }
}

export class Labels {
  isLookedAt = false
  /** The height of its letters. */
  px = LETTER_PX

  /**
   * @param {Element} parent
   * @param {HTMLElement} figure
   * @param {() => void} redraw
   */
  constructor(parent, figure, redraw) {
    const layer = svg(parent, "g", { class: "player-labels" })
    this.texts = ["you are here", "lowest point", "start"].map((words) => Object.assign(svg(layer, "text"), { textContent: words }))
    for (const event of ["pointerenter", "pointerleave", "focusin", "focusout"]) {
      figure.addEventListener(event, () => {
        this.isLookedAt = figure.matches(":hover, :focus-within")
        redraw()
      })
    }
  }

  /** @param {Theme} theme */
  dress(theme) {
    for (const text of this.texts) this.px = lettering(text, theme, LETTER_PX)
  }

  /**
   * @param {(Messages.Point | undefined)[]} places  of the point now, of the lowest and of the start, in pixels; the first ones come first
   * @param {View["box"]} box
   * @param {number[][]} others  where other words are: from and to, across, and how far down
   */
  draw(places, box, others) {
    const isShown = acts < ACTS || this.isLookedAt
    const taken = [...others]
    this.texts.forEach((text, i) => {
      const [x, y] = places[i] ?? [NaN, NaN]
      const isInside = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height
      const isRight = x > box.x + 0.6 * box.width
      const [left, up] = [x + (isRight ? -OFFSET_PX : OFFSET_PX), y + (y < box.y + TOP_PX ? 1.8 * this.px : -OFFSET_PX / 2)]
      const width = text.textContent.length * this.px * WIDTH_OF_A_LETTER
      const ends = isRight ? [left - width, left, up] : [left, left + width, up]
      const isFree = !taken.some(([from, to, at]) => ends[0] < to && from < ends[1] && Math.abs(at - up) < 1.3 * this.px)
      const isSeen = isShown && isInside && isFree
      text.setAttribute("visibility", isSeen ? "visible" : "hidden")
      if (!isSeen) return
      taken.push(ends)
      text.setAttribute("text-anchor", isRight ? "end" : "start")
      text.setAttribute("transform", `translate(${left},${up})`)
    })
  }
}
