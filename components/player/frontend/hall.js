// @ts-check
// How large and how dark things are drawn: at a desk as they are written, in a hall so that the last row sees them.

/** @import { Theme } from "./theme.js" */

const LETTERS = { factor: 1.54, least: 18 }
const STROKES = { factor: 2, least: 4 }
const DOTS = { factor: 1.6, least: 12 }
const CONTOUR_PX = 2
const CONTOUR = 0.4 // share of ink in its colour
const MARGIN_FACTOR = 1.6
const MAX_TICKS = { xaxis: 4, yaxis: 5 } // as many of such letters have room
const MARK_CONTRAST = 4.5
/** Share of a surface's colours that is kept over the paper. Ink is darker than any of them: so much ink over the paper
 * is a ground as bad as the surface can be. */
const KEPT = 0.22

const sized = ({ factor, least }) => (/** @type {{ hall: boolean }} */ { hall }, /** @type {number} */ px) => (hall ? Math.max(least, Math.round(factor * px)) : px)

/** The height of letters that are so many pixels high at a desk. */
export const letters = sized(LETTERS)
/** The width of a line. */
export const stroke = sized(STROKES)
/** The diameter of a dot. */
export const diameter = sized(DOTS)

/**
 * A layout with room for its letters.
 * @param {any} layout  its font and margins are those of a desk
 * @param {Theme} theme
 */
export function roomy(layout, theme) {
  if (!theme.hall) return layout
  const size = letters(theme, layout.font.size)
  const margin = Object.fromEntries(Object.entries(layout.margin).map(([side, px]) => [side, MARGIN_FACTOR * px]))
  const axes = Object.entries(MAX_TICKS).map(([name, most]) => {
    const axis = layout[name]
    return [name, { ...axis, nticks: Math.min(axis.nticks, most), title: { ...axis.title, font: { size } } }]
  })
  return { ...layout, font: { ...layout.font, size }, margin, ...Object.fromEntries(axes) }
}

/**
 * A trace that stands still.
 * @param {any} trace  Plotly's, as at a desk
 * @param {Theme} theme
 */
export function bold(trace, theme) {
  if (!theme.hall) return trace
  const { colorscale } = trace
  if (colorscale) return { ...trace, colorscale: pale(colorscale, theme), line: { ...trace.line, width: CONTOUR_PX, color: text(mixed(channels(theme.paper), channels(theme.ink), CONTOUR)) } }
  const { line, marker } = trace
  const wide = (of) => ({ ...of, width: stroke(theme, of.width), ...(of.color && { color: strong(of.color, theme) }) })
  const apart = { color: theme.paper, width: 1 } // of each other, the dots of a crowd
  const edge = marker?.line ? wide(marker.line) : apart
  const spot = marker && { ...marker, color: strong(marker.color, theme), size: diameter(theme, marker.size), opacity: 1, line: edge }
  return { ...trace, ...(line && { line: wide(line) }), ...(marker && { marker: spot }) }
}

/**
 * The colours of a surface, on which every mark is seen.
 * @param {[number, string][]} colorscale
 * @param {Theme} theme
 * @returns {[number, string][]}
 */
export function pale(colorscale, theme) {
  if (!theme.hall) return colorscale
  return colorscale.map(([at, color]) => [at, text(mixed(channels(theme.paper), channels(color), KEPT))])
}

/**
 * A mark's colour: in a hall as much darker, on a dark page lighter, as it takes.
 * @param {string} color
 * @param {Theme} theme
 */
export function strong(color, theme) {
  if (!theme.hall || !/^(#|rgb)/.test(color)) return color
  const [own, ink, paper] = [color, theme.ink, theme.paper].map(channels)
  const ground = mixed(paper, ink, KEPT)
  for (let share = 0; share < 1; share += 0.05) {
    const found = mixed(own, ink, share)
    if (contrast(found, ground) >= MARK_CONTRAST) return text(found)
  }
  return theme.ink
}

const mixed = (from, to, share) => from.map((part, i) => part + share * (to[i] - part))
const text = (color) => `rgb(${color.map(Math.round)})`

/** Red, green and blue of "#rrggbb" or "rgb(…)".
 * @param {string} color
 */
const channels = (color) =>
  color.startsWith("#") ? [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) : color.match(/[\d.]+/g).slice(0, 3).map(Number)

/** WCAG's relative luminance. */
function luminance(color) {
  const [r, g, b] = color.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a, b) {
  const [low, high] = [a, b].map(luminance).toSorted((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}
