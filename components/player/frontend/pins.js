// Other runs behind the one that is played: the same marks, drawn from their frames, each at the epoch shown.

import { Frames } from "./frames.js"

const SVG = "http://www.w3.org/2000/svg"
const DOTS = 60 // at most, where a mark is many points

const hosts = new Map()
let pinned = []

/** Let a message's runs be drawn in every chart, and name them in `host`; null takes them back. */
export function pin(host, data) {
  if (data) hosts.set(host, runsOf(data))
  else hosts.delete(host)
  pinned = [...hosts.values()].flat()
  if (data) host.replaceChildren(...data.runs.map(nameOf))
}

function runsOf({ frames, runs }) {
  let first = 0
  return runs.map((run) => {
    const part = new Sparse(frames, first, run.length)
    first += run.length
    return { ...run, frames: part }
  })
}

function nameOf({ name, label, color }) {
  const chip = document.createElement("span")
  const dot = chip.appendChild(Object.assign(document.createElement("i"), { textContent: label }))
  dot.style.setProperty("--mark", color)
  chip.append(name)
  return chip
}

/** Some frames of a run. Those left out lie on straight lines, so that k has parts. */
class Sparse extends Frames {
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
    return between(k, (at) => super.epoch(at))
  }

  affine(matrix, i, k) {
    return between(k, (at) => super.affine(matrix, i, at))
  }

  /** As many columns as the player's frames have; the marks drawn do not read the further ones. */
  widen(width) {
    while (this.columns.length < width) this.columns.push(new Float32Array(0))
  }
}

function between(k, value) {
  const low = Math.floor(k)
  const here = value(low)
  return k === low ? here : here + (k - low) * (value(low + 1) - here)
}

/** The pinned runs in one chart. */
export class Pins {
  /** Draws under the chart's own overlay, in a picture of its own: what stands still here is not drawn anew with what moves there. */
  constructor(overlay, clip) {
    const under = svg("svg", { class: "player-pinned", "aria-hidden": "true" })
    overlay.before(under)
    this.layer = under.appendChild(svg("g", { "clip-path": `url(#${clip})` }))
    this.marks = []
  }

  /** Draw as the chart's own marks do. */
  follow(marks) {
    this.marks = marks
    this.runs = null
  }

  /** Show every run at the epoch of the player's frame k; `geometry` says whether the axes have moved. */
  draw(frames, k, pixel, geometry) {
    if (this.runs !== pinned || this.geometry !== geometry) {
      Object.assign(this, { runs: pinned, geometry })
      this.drawn = pinned.flatMap((run) => this.add(run, frames.columns.length, pixel))
      this.layer.replaceChildren(...this.drawn.map(({ group }) => group))
    }
    for (const one of this.drawn) {
      const at = one.frames.at(frames.epoch(k))
      if (at !== one.at) this.move(one, at, pixel)
    }
  }

  add({ label, color, frames, marks }, width, pixel) {
    frames.widen(width)
    return this.marks.filter(({ name }) => marks.includes(name)).map((drawnHere) => {
      // What a trail has prepared is its own.
      const mark = Object.assign(Object.create(Object.getPrototypeOf(drawnHere)), drawnHere)
      mark.prepare(frames, pixel)
      const group = svg("g")
      group.dataset.pin = label
      group.style.setProperty("--mark", color)
      const path = group.appendChild(svg("path", { class: mark.kind === "points" ? "player-dots" : "" }))
      const head = group.appendChild(svg("g"))
      head.appendChild(svg("circle", { r: 7 }))
      head.appendChild(svg("text", { y: 3.6 })).textContent = label
      return { group, path, head, mark, frames, label }
    })
  }

  move(one, at, pixel) {
    one.at = at
    const { mark, frames } = one
    const { d = one.d, head } = shapes[mark.kind ?? "trail"](mark, frames, at, pixel)
    const place = mark.kind === "line" ? this.bead(d, Number(one.label)) : head
    const there = place ? `translate(${place.map((part) => part.toFixed(1))})` : "translate(-99,-99)"
    if (d !== one.d) one.path.setAttribute("d", (one.d = d))
    if (there !== one.there) one.head.setAttribute("transform", (one.there = there))
  }

  /** Near the right end of what is seen of a line; each label has a place of its own, for lines may lie on one another. */
  bead(d, label) {
    const [left, top, width, height] = this.geometry.split(",").map(Number)
    const points = d.slice(1).split("L").map((point) => point.split(",").map(Number))
    const places = Array.from({ length: 41 }, (_, i) => {
      const far = (i / 40) * (points.length - 1)
      const [a, b] = [points[Math.floor(far)], points[Math.ceil(far)]]
      return [a[0] + (far % 1) * (b[0] - a[0]), a[1] + (far % 1) * (b[1] - a[1])]
    })
    const seen = places.filter(([x, y]) => x > left && x < left + width && y > top && y < top + height)
    return seen[Math.floor(seen.length * (0.98 - 0.05 * label))]
  }
}

const shapes = {
  /** Up to the last point that is more than a pixel from the one before; the head covers the rest, so that less is redrawn. */
  trail(mark, frames, k, pixel) {
    const head = pixel(...mark.point(frames, k)).map((place) => Math.max(-1e5, Math.min(1e5, place)))
    if (Number.isNaN(head[0] + head[1])) return { d: "" }
    const count = mark.kept.findLastIndex((kept) => kept <= k) + 1
    if (count === mark.count) return { head }
    mark.count = count
    return { d: count ? `M${mark.parts.slice(0, count).join("L")}` : "", head }
  },
  line: (mark, frames, k, pixel) => mark.path(frames, k, pixel),
  /** A part of the points, small. */
  points(mark, frames, k, pixel) {
    const stride = Math.ceil(mark.x.length / DOTS)
    let d = ""
    for (let i = 0; i < mark.x.length; i += stride) {
      const [x, y] = pixel(mark.x[i], frames.affine(mark.y, i, k))
      if (Math.abs(y) < 1e5) d += `M${(x - 2.5).toFixed(1)},${y.toFixed(1)}a2.5,2.5 0 1 0 5,0a2.5,2.5 0 1 0 -5,0z`
    }
    return { d }
  },
}

function svg(tag, attributes = {}) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}
