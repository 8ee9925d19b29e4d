// @ts-check
// A picture of the charts as they are on the screen: what Plotly draws, what moves over it, a ground and a heading.
// Plotly's own export would lack the second.

/**
 * @import { Theme } from "./theme.js"
 * @import { Chart } from "./chart.js"
 */

import * as plotly from "./plotly.js"
import { NAMESPACE, svg } from "./svg.js"
import { plain } from "./theme.js"

const MARGIN_PX = 20
const HEADING_PX = 22
const DETAIL_PX = 15
const CAPTION_PX = 15
const LINE_HEIGHT = 1.45
const PNG_SCALE = 2

/** What a copy needs to look the same without the page's style sheets. */
const COLORS = ["fill", "stroke"]
const STYLES = [
  ...COLORS, "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity", "fill-opacity", "stroke-opacity", "paint-order",
  "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline", "display", "visibility",
]

/** A heading of two lines. @typedef {{ title: string, detail: string }} Heading */

/**
 * The source of an SVG with these charts side by side; the moving parts are those of the moment of the call.
 * @param {Chart[]} charts
 * @param {Heading} heading
 * @param {Theme} theme
 */
export async function pictureOf(charts, heading, theme) {
  const boxes = charts.map((chart) => chart.plot.getBoundingClientRect())
  const moving = charts.map((chart) => [...chart.plot.parentElement.querySelectorAll(":scope > svg")].map(standalone))
  const still = await Promise.all(charts.map((chart) => plotly.still(chart.plot, chart.first)))
  const width = Math.ceil(boxes.reduce((sum, box) => sum + box.width + MARGIN_PX, MARGIN_PX))
  const top = MARGIN_PX + (HEADING_PX + DETAIL_PX + CAPTION_PX) * LINE_HEIGHT + MARGIN_PX / 2
  const height = Math.ceil(top + Math.max(...boxes.map((box) => box.height)) + MARGIN_PX)
  const page = document.createElementNS(NAMESPACE, "svg")
  for (const [name, value] of Object.entries({ xmlns: NAMESPACE, width, height, viewBox: `0 0 ${width} ${height}` })) page.setAttribute(name, String(value))
  svg(page, "rect", { width: "100%", height: "100%", fill: theme.paper })
  const write = (x, y, size, text, style = {}) => {
    const element = svg(page, "text", { x, y, fill: theme.ink, "font-family": theme.font, "font-size": size, ...style })
    element.textContent = text
    return element
  }
  write(MARGIN_PX, MARGIN_PX + HEADING_PX, HEADING_PX, heading.title, { "font-weight": 600 })
  write(MARGIN_PX, MARGIN_PX + HEADING_PX * LINE_HEIGHT + DETAIL_PX, DETAIL_PX, heading.detail)
  let left = MARGIN_PX
  charts.forEach((chart, i) => {
    const box = boxes[i]
    const caption = write(left + 4, top - CAPTION_PX / 2, CAPTION_PX, chart.spec.title, { "font-weight": 600 })
    const note = svg(caption, "tspan", { "font-weight": 400, "font-size": DETAIL_PX - 2, dx: "0.6em" })
    note.textContent = chart.spec.note
    const frame = svg(page, "svg", { x: left, y: top, width: box.width, height: box.height })
    const drawing = new DOMParser().parseFromString(still[i], "image/svg+xml").documentElement
    frame.append(drawing, ...moving[i])
    left += box.width + MARGIN_PX
  })
  return new XMLSerializer().serializeToString(page)
}

/** A copy of an SVG that needs no style sheet.
 * @param {Element} drawing
 */
function standalone(drawing) {
  const copy = /** @type {Element} */ (drawing.cloneNode(true))
  const originals = drawing.querySelectorAll("*")
  copy.querySelectorAll("*").forEach((element, i) => {
    const style = getComputedStyle(originals[i])
    for (const name of STYLES) {
      const value = style.getPropertyValue(name)
      if (value) element.setAttribute(name, COLORS.includes(name) && value.startsWith("color") ? plain(value) : value)
    }
    element.removeAttribute("style")
  })
  for (const name of ["class", "style"]) copy.removeAttribute(name)
  const { width, height } = drawing.getBoundingClientRect()
  copy.setAttribute("width", String(width))
  copy.setAttribute("height", String(height))
  return copy
}

/**
 * An SVG's source as a PNG.
 * @param {string} source
 * @returns {Promise<Blob>}
 */
export async function pngOf(source) {
  const url = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const [width, height] = [image.naturalWidth * PNG_SCALE, image.naturalHeight * PNG_SCALE]
    const canvas = Object.assign(document.createElement("canvas"), { width, height })
    canvas.getContext("2d").drawImage(image, 0, 0, width, height)
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"))
  } finally {
    URL.revokeObjectURL(url)
  }
}

/**
 * Let the browser save a file.
 * @param {Blob} content
 * @param {string} name
 */
export function save(content, name) {
  const url = URL.createObjectURL(content)
  Object.assign(document.createElement("a"), { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url)) // after the click has been dealt with
}

/** Words as the name of a file on any system. */
export const fileName = (...words) =>
  words.join(" ").normalize("NFKD").replace(/[^\p{L}\p{N}.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 100).toLowerCase()
