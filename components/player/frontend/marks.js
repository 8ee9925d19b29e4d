// The moving parts of a chart. Each knows its shape at a frame as an SVG path and as a Plotly trace.
// A coordinate is an affine function of the frame's columns, or the frame's epoch.

import { unpack } from "./numbers.js"

const FAR = 1e5 // pixels; beyond it SVG renderers lose their way

export const clamp = (pixel) => (pixel > FAR ? FAR : pixel < -FAR ? -FAR : Math.round(pixel * 10) / 10)

/** Everything up to frame k, with a dot at its head. */
class Trail {
  constructor(spec) {
    this.x = spec.x === "epoch" ? null : unpack(spec.x)
    this.y = unpack(spec.y)
  }

  point(frames, k) {
    return [this.x ? frames.affine(this.x, 0, k) : frames.epoch(k), frames.affine(this.y, 0, k)]
  }

  /** Frames whose points lie at least a pixel from the last one kept, at most about 800. */
  prepare(frames, pixel) {
    this.kept = []
    this.parts = []
    let [lastX, lastY] = [Infinity, Infinity]
    const stride = Math.ceil(frames.length / 20000)
    for (let k = 0; k < frames.length; k += stride) {
      const [x, y] = pixel(...this.point(frames, k)).map(clamp)
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < 1.2 || Number.isNaN(x + y)) continue
      this.kept.push(k)
      this.parts.push(`${x},${y}`)
      ;[lastX, lastY] = [x, y]
    }
    const thin = Math.ceil(this.kept.length / 800)
    if (thin > 1) {
      this.kept = this.kept.filter((_, i) => i % thin === 0)
      this.parts = this.parts.filter((_, i) => i % thin === 0)
    }
    this.count = 0
  }

  path(frames, k, pixel) {
    const { kept } = this
    if (this.count && kept[this.count - 1] > k) this.count = 0
    while (this.count < kept.length && kept[this.count] <= k) this.count++
    const head = pixel(...this.point(frames, k)).map(clamp)
    if (Number.isNaN(head[0] + head[1])) return { d: "" }
    return { d: `M${this.parts.slice(0, this.count).join("L")}${this.count ? "L" : ""}${head}`, head }
  }

  trace(frames, k) {
    const shown = this.kept ? this.kept.filter((i) => i < k) : []
    const points = [...shown, k].map((i) => this.point(frames, i))
    const sizes = points.map((_, i) => (i === points.length - 1 ? 11 : 0))
    return { x: points.map((p) => p[0]), y: points.map((p) => p[1]), "marker.size": sizes }
  }

  style(color) {
    return { mode: "lines+markers", line: { color, width: 2.5 }, marker: { color, size: [], line: { width: 0 }, opacity: 1 } }
  }
}

/** m points with fixed x, whose y move with the frame: joined, as dots, or as lines from a fixed y. */
class Shape {
  constructor(spec) {
    this.kind = spec.kind
    this.x = unpack(spec.x)
    this.y = unpack(spec.y)
    this.from = unpack(spec.from)
  }

  prepare() {}

  ys(frames, k) {
    return Array.from(this.x, (_, i) => frames.affine(this.y, i, k))
  }

  path(frames, k, pixel) {
    let d = ""
    for (let i = 0; i < this.x.length; i++) {
      const [x, y] = pixel(this.x[i], frames.affine(this.y, i, k)).map(clamp)
      if (this.kind === "line") d += `${i ? "L" : "M"}${x},${y}`
      else if (this.kind === "segments") d += `M${x},${clamp(pixel(this.x[i], this.from[i])[1])}V${y}`
      else d += `M${x - 4},${y}a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z`
    }
    return { d }
  }

  trace(frames, k) {
    const ys = this.ys(frames, k)
    if (this.kind !== "segments") return { x: Array.from(this.x), y: ys }
    return { x: Array.from(this.x).flatMap((x) => [x, x, null]), y: ys.flatMap((y, i) => [this.from[i], y, null]) }
  }

  style(color) {
    if (this.kind === "points") return { mode: "markers", marker: { color, size: 8 } }
    const thin = this.kind === "segments"
    return { mode: "lines", line: { color, width: thin ? 1.5 : 2.5, dash: thin ? "dot" : "solid" } }
  }
}

/** The mean of one function of many rows' numbers, which move with the frame and with x; its slope is straight between breakpoints. */
class PiecewiseSlope {
  constructor(spec) {
    for (const part of ["rows", "growth", "breakpoints", "slopes"]) this[part] = unpack(spec[part])
    this.heights = [0]
    for (let i = 1; i < this.breakpoints.length; i++) {
      const mean = (this.slopes[i - 1] + this.slopes[i]) / 2
      this.heights.push(this.heights[i - 1] + mean * (this.breakpoints[i] - this.breakpoints[i - 1]))
    }
  }

  /** The function and its slope at a number. */
  at(number) {
    const { breakpoints, slopes, heights } = this
    const last = breakpoints.length - 1
    if (number <= breakpoints[0]) return [slopes[0] * (number - breakpoints[0]), slopes[0]]
    if (number >= breakpoints[last]) return [heights[last] + slopes[last] * (number - breakpoints[last]), slopes[last]]
    let [low, high] = [0, last]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (breakpoints[middle] <= number) low = middle
      else high = middle
    }
    const away = number - breakpoints[low]
    const slope = slopes[low] + ((slopes[high] - slopes[low]) / (breakpoints[high] - breakpoints[low])) * away
    return [heights[low] + ((slopes[low] + slope) / 2) * away, slope]
  }

  /** At frame k: how far the mean changes on the way by so much of x, and how steep it is where the way begins. */
  seen(frames, k) {
    const numbers = Array.from(this.growth, (_, i) => frames.affine(this.rows, i, k))
    const mean = (of) => numbers.reduce((sum, number, i) => sum + of(number, this.growth[i]), 0) / numbers.length
    const here = mean((number) => this.at(number)[0])
    return {
      slope: mean((number, growth) => this.at(number)[1] * growth),
      change: (by) => mean((number, growth) => this.at(number + growth * by)[0]) - here,
    }
  }
}

/** A curve through the frame's own point, or its tangent: without an x of its own, the part up to the next frame's place. */
class Curve {
  constructor(spec) {
    Object.assign(this, { kind: spec.kind, curvature: spec.curvature, dashed: spec.kind === "curve" && spec.straight })
    for (const row of ["x", "place", "height", "slope"]) this[row] = unpack(spec[row])
    this.straight = spec.straight
    this.piecewise = spec.piecewise.map((part) => new PiecewiseSlope(part))
  }

  prepare() {}

  points(frames, k) {
    const [place, height, slope] = [this.place, this.height, this.slope].map((row) => frames.affine(row, 0, k))
    const next = frames.affine(this.place, 0, Math.min(k + 1, frames.length - 1))
    const seen = this.piecewise.map((part) => part.seen(frames, k))
    const along = this.straight
      ? (by) => seen.reduce((sum, { slope: more }) => sum + more, slope) * by
      : (by) => seen.reduce((sum, { change }) => sum + change(by), slope * by + (this.curvature / 2) * by ** 2)
    const xs = this.x.length ? Array.from(this.x) : [place, next]
    return xs.map((x) => [x, height + along(x - place)])
  }

  path(frames, k, pixel) {
    const points = this.points(frames, k).map(([x, y]) => pixel(x, y).map(clamp))
    if (points.flat().some(Number.isNaN)) return { d: "" }
    const [x, y] = points.at(-1)
    const dot = this.x.length ? "" : `M${x - 3},${y}a3,3 0 1 0 6,0a3,3 0 1 0 -6,0z`
    return { d: `M${points.join("L")}${dot}` }
  }

  trace(frames, k) {
    const points = this.points(frames, k)
    return { x: points.map((p) => p[0]), y: points.map((p) => p[1]) }
  }

  style(color) {
    return { mode: "lines", line: { color, width: this.dashed ? 1.5 : 2.5, dash: this.dashed ? "dot" : "solid" } }
  }
}

const KINDS = { trail: Trail, curve: Curve, "tangent-step": Curve }

export const makeMark = (spec) => Object.assign(new (KINDS[spec.kind] ?? Shape)(spec), { name: spec.name, color: spec.color })
