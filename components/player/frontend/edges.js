// @ts-check
// Notes at a chart's edges: where something that moves has gone once it has left the axes.

/**
 * @import { Frames } from "./frames.js"
 * @import { View } from "./plotly.js"
 * @import { Theme } from "./theme.js"
 */

import { rough } from "./numbers.js"
import { svg } from "./svg.js"
import { lettering } from "./theme.js"

const SIDES = {
  top: { sign: "▲", word: "up to", axis: 1, anchor: "end" }, bottom: { sign: "▼", word: "down to", axis: 1, anchor: "middle" },
  left: { sign: "◀", word: "", axis: 0, anchor: "start" }, right: { sign: "▶", word: "", axis: 0, anchor: "end" },
}
const INDENT_PX = 6
const LETTER_PX = 12
const HALF_WIDTH_LETTERS = 7.5 // of a note, in heights of a letter, about
const WIDTH_OF_A_LETTER = 0.58 // of its height, about

export class Edges {
  /** The height of its letters. */
  px = LETTER_PX
  /** Pixels at the upper edge that are taken by other words. */
  taken = 0
  /** Where the notes at the sides stand now: from and to, across, and how far down. @type {number[][]} */
  places = []

  /** @param {Element} parent */
  constructor(parent) {
    const layer = svg(parent, "g", { class: "player-edges" })
    /** @type {Record<string, SVGTextElement>} */
    this.notes = Object.fromEntries(Object.entries(SIDES).map(([side, { anchor }]) => [side, svg(layer, "text", { "data-side": side, "text-anchor": anchor })]))
    this.lines = [0, 1].map(() => svg(layer, "text", { class: "player-saying", "text-anchor": "middle" }))
  }

  /** @param {Theme} theme */
  dress(theme) {
    for (const note of [...Object.values(this.notes), ...this.lines]) this.px = lettering(note, theme, LETTER_PX)
  }

  /** Write these lines, two at most, in the middle of the upper edge: a valley is empty there, and its rims have the dot.
   * @param {string[]} texts
   * @param {View} view
   */
  say(texts, { box }) {
    this.lines.forEach((line, i) => write(line, texts[i] && { text: texts[i], at: [box.x + box.width / 2, box.y + INDENT_PX + (1 + 1.3 * i) * this.px] }))
  }

  /**
   * @param {any[]} marks
   * @param {Frames} frames
   * @param {number} k
   * @param {View} view
   */
  draw(marks, frames, k, { box, pixel }) {
    const said = {}
    for (const mark of marks) {
      for (const place of mark.reach(frames, k)) {
        const at = pixel(place[0], place[1])
        const [side, beyond] = left(at, box)
        if (!(beyond > (said[side]?.beyond ?? 0))) continue
        const { sign, word, axis } = SIDES[side]
        const text = `${sign} ${mark.name} ${mark.hasHead ? "at" : word} ${rough(place[axis])}`
        const below = { ...box, y: box.y + this.taken, height: box.height - this.taken }
        said[side] = { beyond, text, at: placed(side, at, below, this.px) }
      }
    }
    for (const [side, note] of Object.entries(this.notes)) write(note, said[side])
    this.places = Object.entries(said).map(([side, { text, at: [x, y] }]) => {
      const width = text.length * this.px * WIDTH_OF_A_LETTER
      const from = x - { start: 0, middle: width / 2, end: width }[SIDES[side].anchor]
      return [from, from + width, y]
    })
  }

  hide() {
    this.places = []
    for (const note of Object.values(this.notes)) write(note)
  }
}

/** The side on which a point has left a box, and by how many pixels. */
function left([x, y], box) {
  const ways = { top: box.y - y, bottom: y - box.y - box.height, left: box.x - x, right: x - box.x - box.width }
  return Object.entries(ways).reduce((far, way) => (way[1] > far[1] ? way : far))
}

const within = (at, low, high) => Math.round(Math.max(low, Math.min(high, at)))

function placed(side, [x, y], box, px) {
  const halfWidth = HALF_WIDTH_LETTERS * px
  const [right, bottom] = [box.x + box.width, box.y + box.height]
  const across = box.width < 2 * halfWidth ? box.x + box.width / 2 : within(x, box.x + halfWidth, right - halfWidth)
  const up = within(y, box.y + 2 * px, bottom - INDENT_PX)
  return {
    top: [right - INDENT_PX, box.y + INDENT_PX + px], bottom: [across, bottom - INDENT_PX],
    left: [box.x + INDENT_PX, up], right: [right - INDENT_PX, up],
  }[side]
}

function write(note, { text = "", at = [0, 0] } = {}) {
  if (note.textContent !== text) note.textContent = text
  if (text) note.setAttribute("transform", `translate(${at})`)
}
