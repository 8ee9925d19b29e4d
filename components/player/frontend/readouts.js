// @ts-check
// Numbers outside the charts: a sentence and a table. Strings are fixed, moving numbers follow the frames.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 */

import { brief, readable, unpack } from "./numbers.js"

const unsigned = (value) => brief(value).replace("-", "−")
const signed = (value) => `${value < 0 ? "−" : "+"} ${brief(Math.abs(value))}`

class Readout {
  /** Each writes one of a frame's numbers. @type {((frames: Frames, k: number) => void)[]} */
  cells = []
  /** The frame drawn last. @type {[Frames, number] | undefined} */
  shown

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element
  }

  /**
   * @param {Frames} frames
   * @param {number} k
   */
  draw(frames, k) {
    this.shown = [frames, k]
    for (const cell of this.cells) cell(frames, k)
  }

  /**
   * Write row · frame into the element; a hover shows all its digits.
   * @param {HTMLElement} element
   * @param {Messages.Packed} row
   * @param {(value: number) => string} write
   */
  follow(element, row, write) {
    const coefficients = unpack(row)
    // A table elsewhere on the page may be a message ahead of the player, or behind it, with other columns.
    const number = (frames, k) => (coefficients.length === frames.columns.length + 1 ? frames.affine(coefficients, 0, k) : null)
    const text = (value) => (value === null ? "" : write(value))
    const node = document.createTextNode("") // changing a text node's data does not rebuild the page's tree
    element.replaceChildren(node)
    this.cells.push((frames, k) => {
      const now = text(number(frames, k))
      if (node.data !== now) node.data = now
    })
    exactly(element, () => (this.shown && number(...this.shown)) ?? "")
  }
}

export class Sentence extends Readout {
  /**
   * @param {HTMLElement} element
   * @param {(string | Messages.Moving)[]} parts
   */
  constructor(element, parts) {
    super(element)
    element.replaceChildren(...parts.map((part) => (typeof part === "string" ? part : this.number(part))))
  }

  /** @param {Messages.Moving} number */
  number({ row, sign }) {
    const element = document.createElement("b")
    this.follow(element, row, sign ? signed : unsigned)
    return element
  }
}

export class Table extends Readout {
  /**
   * @param {HTMLElement} element
   * @param {Messages.Table} table
   */
  constructor(element, { head, rows }) {
    super(element)
    const table = document.createElement("table")
    const line = table.createTHead().insertRow()
    for (const name of head) line.appendChild(Object.assign(document.createElement("th"), { textContent: name, scope: "col" }))
    const body = table.createTBody()
    for (const cells of rows) {
      const tr = body.insertRow()
      cells.forEach((cell, i) => this.fill(tr.appendChild(document.createElement(i ? "td" : "th")), cell))
    }
    element.replaceChildren(table)
  }

  /**
   * @param {HTMLTableCellElement} element
   * @param {string | number | Messages.Moving} cell
   */
  fill(element, cell) {
    if (typeof cell === "string") {
      element.textContent = element.title = cell
      if (element.tagName === "TD") element.className = "player-note"
    } else if (typeof cell === "number") {
      element.textContent = readable(cell)
      exactly(element, () => cell)
    } else {
      if (cell.strong) element.className = "player-now"
      if (cell.name) element.dataset.value = cell.name
      this.follow(element, cell.row, readable)
    }
  }
}

/** Tables elsewhere on the page, by their elements. @type {Map<Element, Table>} */
export const liveTables = new Map()

/** Show a number with all its digits while the pointer is over the element. */
function exactly(element, value) {
  element.addEventListener("pointerenter", () => (element.title = String(value())))
}
