// @ts-check
// Numbers outside the charts: a sentence and a table. Strings are fixed, moving numbers follow the frames.

/**
 * @import * as Messages from "./messages.js"
 * @import { Frames } from "./frames.js"
 */

import { brief, minus, readable, signed, unpack } from "./numbers.js"

/** A number of epochs in words.
 * @param {number} epochs
 */
function more(epochs) {
  const noun = epochs === 1 ? "more epoch" : "more epochs"
  if (epochs >= 1e6) return `about ${Number((epochs / 1e6).toPrecision(3)).toLocaleString("en-US")} million ${noun}`
  if (epochs >= 1000) return `about ${Number(epochs.toPrecision(3)).toLocaleString("en-US")} ${noun}`
  return `${Math.ceil(epochs)} ${noun}`
}

class Readout {
  /** Each writes one of a frame's numbers. @type {((frames: Frames, k: number) => void)[]} */
  cells = []
  /** The frame drawn last. @type {[Frames, number] | undefined} */
  shown
  /** In a word or two what it says, if it says something. */
  heading = ""

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

/** Sayings of which one is shown at a time, each from an epoch on. */
export class Sayings extends Readout {
  /**
   * @param {HTMLElement} element
   * @param {Messages.Saying[]} sayings
   */
  constructor(element, sayings) {
    super(element)
    this.since = sayings.map((saying) => saying.since)
    this.headings = sayings.map((saying) => saying.heading)
    this.sentences = sayings.map((saying) => this.sentence(saying))
    element.replaceChildren(...this.sentences.map((sentence) => sentence.element))
    this.show(sayings.length - 1)
  }

  /** @param {Messages.Saying} saying */
  sentence({ heading, parts, alarming }) {
    const line = document.createElement("span")
    const words = document.createElement("span")
    const start = Object.assign(document.createElement("strong"), { textContent: `${heading} `, className: alarming ? "player-alarm" : "" })
    line.append(start, words)
    return { element: line, words: new Sentence(words, parts) }
  }

  /** @param {number} i */
  show(i) {
    this.sentences.forEach(({ element }, j) => (element.hidden = i !== j))
    this.heading = this.headings[i] ?? ""
  }

  draw(frames, k) {
    const epoch = frames.epoch(k)
    const i = Math.max(0, this.since.findLastIndex((since) => since <= epoch))
    this.show(i)
    this.sentences[i].words.draw(frames, k)
  }
}

export class Sentence extends Readout {
  /**
   * @param {HTMLElement} element
   * @param {(string | Messages.Moving | Messages.Likeness | Messages.Countdown)[]} parts
   */
  constructor(element, parts) {
    super(element)
    element.replaceChildren(...parts.map((part) => (typeof part === "string" ? part : this[part.kind](part))))
  }

  /** @param {Messages.Moving} number */
  Moving({ row, sign }) {
    const element = document.createElement("b")
    this.follow(element, row, sign ? signed : brief)
    return element
  }

  /** @param {Messages.Likeness} likeness */
  Likeness({ row, value, alike, unlike }) {
    const element = document.createElement("span")
    const other = unlike.replace("{}", brief(value))
    this.follow(element, row, (now) => (brief(now) === brief(value) ? alike : other))
    return element
  }

  /** @param {Messages.Countdown} countdown */
  Countdown({ until }) {
    const node = document.createTextNode("")
    this.cells.push((frames, k) => (node.data = more(until - frames.epoch(k))))
    return node
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

/** Readouts elsewhere on the page, by their elements. @type {Map<Element, Readout>} */
export const elsewhere = new Map()

/** What those are told who only hear the page: one sentence whenever the player rests, and nothing while it plays. */
export class Announcement {
  /** @param {HTMLElement} element  a live region */
  constructor(element) {
    this.element = element
  }

  /**
   * @param {string} place  such as "Epoch 5 of 20"
   * @param {Frames} frames
   * @param {number} k
   * @param {Messages.PlayerMessage} message
   */
  say(place, frames, k, { height, outcome }) {
    const now = `${place}: ${height.name} ${readable(frames.affine(unpack(height.row), 0, k))}.`
    const headings = [...elsewhere.values()].flatMap(({ heading }) => (heading ? heading.replace(":", ".") : []))
    const verdict = outcome === "diverged" && k === frames.length - 1 ? ["It diverged."] : headings
    this.element.textContent = [now, ...verdict].join(" ")
  }

  hush() {
    this.element.textContent = ""
  }
}

/** Show a number with all its digits while the pointer is over the element. */
function exactly(element, value) {
  element.addEventListener("pointerenter", () => (element.title = minus(String(value()))))
}
