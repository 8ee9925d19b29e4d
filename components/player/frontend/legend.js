// @ts-check
// What the symbols of a chart mean, in a line below it.

import { strong } from "./hall.js"
import { svg } from "./svg.js"

/** @import { Theme } from "./theme.js" */

const WIDTH = 18
const HEIGHT = 10
const [MIDDLE, LEVEL] = [WIDTH / 2, HEIGHT / 2]

/** The symbols, as SVG elements with their attributes; each takes the colour of its name. */
const SYMBOLS = {
  dot: ["circle", { cx: MIDDLE, cy: LEVEL, r: 4, fill: "currentColor" }],
  ring: ["circle", { cx: MIDDLE, cy: LEVEL, r: 3.5 }],
  cross: ["path", { d: `M${MIDDLE - 4},1l8,8m0-8l-8,8`, "stroke-width": 2.5 }],
  diamond: ["path", { d: `M${MIDDLE - 4.5},${LEVEL}l4.5-4.5l4.5,4.5l-4.5,4.5z` }],
  square: ["path", { d: `M${MIDDLE - 4},1h8v8h-8z`, fill: "currentColor", "fill-opacity": 0.25 }],
  line: ["path", { d: `M1,${LEVEL}H${WIDTH - 1}`, "stroke-width": 2.5 }],
  thin: ["path", { d: `M1,${LEVEL}H${WIDTH - 1}`, "stroke-width": 1.5, opacity: 0.5 }],
  dashes: ["path", { d: `M1,${LEVEL}H${WIDTH - 1}`, "stroke-dasharray": "4 3" }],
}

const OF_PLOTLY = { "circle-open": "ring", "x-thin": "cross", diamond: "diamond", "diamond-open": "diamond" }
const OF_MARKS = { Line: "line", Points: "dot", Segments: "dashes", Squares: "square", Arrow: "line" }

/** @typedef {{ symbol: keyof typeof SYMBOLS, color: string, name: string }} Entry */

/**
 * A chart's symbols and what they mean.
 * @param {any} spec  its message
 * @param {boolean} hasGhost  whether another run is drawn behind it
 * @returns {Entry[]}
 */
export function entriesOf({ figure, marks, heights, sketch, in_3d: isIn3D }, hasGhost) {
  const isDrawn = ({ type, mode }) => type === "scatter" && !(isIn3D && mode === "lines")
  const still = figure.data.filter(isDrawn).map(({ mode, name, marker, line }) =>
    mode === "lines" ? { symbol: "dashes", color: line.color, name } : { symbol: OF_PLOTLY[marker.symbol] ?? "dot", color: marker.color, name })
  const moving = marks.flatMap((mark) => entriesOfMark(mark, Boolean(heights)))
  const ghost = hasGhost ? [{ symbol: "thin", color: "currentColor", name: "run before" }] : []
  const drawn = sketch ? [{ symbol: "dashes", color: sketch.color, name: "your sketch" }] : []
  const all = [...still, ...moving, ...drawn, ...ghost].map(({ symbol, color, name }) => ({ symbol, color, name: name.replace(/ \(.*\)$/, "") }))
  return all.filter(({ name }, i) => all.findIndex((other) => other.name === name) === i)
}

function entriesOfMark({ kind, name, color, hollow, radius, straight, x }, isSurface) {
  if (kind === "Trail" && isSurface) return [{ symbol: "ring", color, name: "start" }, { symbol: "dot", color, name: "now" }]
  if (kind === "Trail") return [{ symbol: "line", color, name }]
  if (kind === "Predictions") return radius ? [{ symbol: hollow ? "ring" : "dot", color, name }] : []
  if (kind === "Curve") return [{ symbol: straight && x.shape !== "0" ? "dashes" : "line", color, name }]
  return [{ symbol: OF_MARKS[kind], color, name }]
}

/**
 * @param {HTMLElement} place
 * @param {Entry[]} entries
 * @param {Theme} theme
 */
export function showLegend(place, entries, theme) {
  place.replaceChildren(...entries.map(({ symbol, color, name }) => {
    const item = Object.assign(document.createElement("span"), { textContent: name })
    const drawing = svg(item, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, "aria-hidden": "true" })
    item.prepend(drawing)
    const [tag, attributes] = SYMBOLS[symbol]
    svg(drawing, tag, { fill: "none", stroke: "currentColor", "stroke-width": 1.5, ...attributes })
    drawing.style.color = strong(color, theme)
    return item
  }))
}
