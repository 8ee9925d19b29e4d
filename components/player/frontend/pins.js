// @ts-check
// Pinned runs, drawn behind the one that plays: the same marks with their frames, each at the epoch shown.

/**
 * @import * as Messages from "./messages.js"
 * @import { Box, View } from "./plotly.js"
 * @import { Theme } from "./theme.js"
 */

import { Frames } from "./frames.js"
import { letters, strong } from "./hall.js"
import { OUT_OF_SIGHT, svg } from "./svg.js"

const LABEL_PX = 10 // the height of its letters
const RADIUS = 0.7 // in heights of a letter,
const BASELINE = 0.36
const PLACES_ON_A_LINE = 41 // where a label may sit

/** @typedef {Omit<Messages.Pinned, "length"> & { frames: Sparse }} Run */

/** @type {Map<Element, Run[]>} */
const hosts = new Map()
/** @type {Run[]} */
let pinned = []

/**
 * Draw a message's runs in every chart, and list their names in `host`; null removes them.
 * @param {Element} host
 * @param {Messages.PinsMessage | null} data
 */
export function pin(host, data) {
  if (data) hosts.set(host, runsOf(data))
  else hosts.delete(host)
  pinned = [...hosts.values()].flat()
  if (data) host.replaceChildren(...data.runs.map(nameOf))
}

/** @param {Messages.PinsMessage} data */
function runsOf({ frames, runs }) {
  let first = 0
  return runs.map(({ length, ...run }) => {
    first += length
    return { ...run, frames: new Sparse(frames, first - length, length) }
  })
}

/** @param {Messages.Pinned} run */
function nameOf({ name, label, color }) {
  const chip = document.createElement("span")
  const dot = chip.appendChild(Object.assign(document.createElement("i"), { textContent: label }))
  dot.style.setProperty("--mark", color)
  chip.append(name)
  return chip
}

/** Some frames of a run. Those left out lie on straight lines between them: a frame's number k may have a fraction. */
class Sparse extends Frames {
  /**
   * @param {any} table
   * @param {number} first
   * @param {number} length
   */
  constructor(table, first, length) {
    const { columns, epochs } = Frames.of(table)
    const part = (column) => column.subarray(first, first + length)
    super(columns.map(part), length, part(epochs))
  }

  at(epoch) {
    const k = super.at(epoch)
    const gap = this.epochs[k + 1] - this.epochs[k] // NaN at the end
    return gap > 1 ? k + (Math.floor(epoch) - this.epochs[k]) / gap : k
  }

  epoch(k) {
    return interpolated(k, (at) => super.epoch(at))
  }

  affine(matrix, i, k) {
    return interpolated(k, (at) => super.affine(matrix, i, at))
  }

  /** Add empty columns up to the player's number; the marks that are drawn do not read these.
   * @param {number} width
   */
  widen(width) {
    while (this.columns.length < width) this.columns.push(new Float32Array(0))
  }
}

function interpolated(k, value) {
  const low = Math.floor(k)
  const here = value(low)
  return k === low ? here : here + (k - low) * (value(low + 1) - here)
}

/** The pinned runs in one chart. */
export class Pins {
  /** @type {Theme} */
  theme
  /** The marks of the chart. @type {any[]} */
  marks = []
  /** The runs that are drawn. @type {Run[] | null} */
  runs = null
  /** The axes that they are drawn for; see `View`. */
  key = ""
  /** @type {any[]} */
  drawn = []

  /**
   * In an SVG of its own under the chart's overlay, which the browser need not redraw when the overlay changes.
   * @param {Element} overlay
   * @param {string} clip
   */
  constructor(overlay, clip) {
    const under = svg(overlay.parentElement, "svg", { class: "player-pinned", "aria-hidden": "true" })
    overlay.before(under)
    this.layer = svg(under, "g", { "clip-path": `url(#${clip})` })
  }

  /** Draw with the chart's own marks.
   * @param {any[]} marks
   * @param {Theme} theme
   */
  follow(marks, theme) {
    this.marks = marks
    this.theme = theme
    this.runs = null
  }

  /**
   * Show every run at the epoch of the player's frame k.
   * @param {Frames} frames
   * @param {number} k
   * @param {View} view
   */
  draw(frames, k, view) {
    if (this.runs !== pinned || this.key !== view.key) {
      this.runs = pinned
      this.key = view.key
      this.layer.replaceChildren()
      this.drawn = pinned.flatMap((run) => this.add(run, frames.columns.length, view))
    }
    for (const one of this.drawn) {
      const at = one.frames.at(frames.epoch(k))
      if (at !== one.at) this.move(one, at, view)
    }
  }

  /**
   * @param {Run} run
   * @param {number} width
   * @param {View} view
   */
  add({ label, color, frames, marks }, width, view) {
    frames.widen(width)
    const px = letters(this.theme, LABEL_PX)
    return this.marks.filter(({ name }) => marks.includes(name)).map((mark) => {
      const group = svg(this.layer, "g", { "data-pin": label })
      group.style.setProperty("--mark", strong(color, this.theme))
      const path = svg(group, "path", { class: mark.className })
      const head = svg(group, "g", { transform: OUT_OF_SIGHT })
      svg(head, "circle", { r: RADIUS * px })
      svg(head, "text", { y: BASELINE * px, "font-size": px }).textContent = label
      return { path, head, mark, frames, label, prepared: mark.prepared(frames, view.pixel) }
    })
  }

  move(one, at, view) {
    one.at = at
    const { d = one.d, head, points } = one.mark.pinnedPath(one.frames, at, view.pixel, one.prepared)
    const place = head ?? (points && placeOnLine(points, Number(one.label), view.box))
    const there = place ? `translate(${place[0].toFixed(1)},${place[1].toFixed(1)})` : OUT_OF_SIGHT
    if (d !== one.d) one.path.setAttribute("d", (one.d = d))
    if (there !== one.there) one.head.setAttribute("transform", (one.there = there))
  }
}

/**
 * A place near the right end of the visible part of a line; each label has its own, for lines may coincide.
 * @param {Messages.Point[]} points
 * @param {number} label
 * @param {Box} box
 */
function placeOnLine(points, label, box) {
  const places = Array.from({ length: PLACES_ON_A_LINE }, (_, i) => {
    const far = (i / (PLACES_ON_A_LINE - 1)) * (points.length - 1)
    const [a, b] = [points[Math.floor(far)], points[Math.ceil(far)]]
    return [a[0] + (far % 1) * (b[0] - a[0]), a[1] + (far % 1) * (b[1] - a[1])]
  })
  const seen = places.filter(([x, y]) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height)
  return seen[Math.floor(seen.length * (0.98 - 0.05 * label))]
}
