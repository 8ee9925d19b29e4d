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
const PRINT_WIDTH_PX = 2000 // 17 cm, the width of a page's text, at 300 dots an inch

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
 * @param {Heading | null} heading
 * @param {Theme} theme
 */
export async function pictureOf(charts, heading, theme) {
  const picture = new Picture(charts, theme, heading ? HEADING_PX + DETAIL_PX : 0)
  const moving = picture.moving(heading)
  return picture.source([...(await picture.ground()), ...moving])
}

/** Charts side by side, in two layers: a film draws the lower one once. */
export class Picture {
  /**
   * @param {Chart[]} charts
   * @param {Theme} theme
   * @param {number} letters  in pixels, of the heading's lines together
   */
  constructor(charts, theme, letters) {
    this.charts = charts
    this.theme = theme
    this.boxes = charts.map((chart) => chart.plot.getBoundingClientRect())
    this.width = Math.ceil(this.boxes.reduce((sum, box) => sum + box.width + MARGIN_PX, MARGIN_PX))
    this.top = MARGIN_PX + (letters + CAPTION_PX) * LINE_HEIGHT + MARGIN_PX / 2
    this.height = Math.ceil(this.top + Math.max(...this.boxes.map((box) => box.height)) + MARGIN_PX)
  }

  /** What stands still: a ground, captions, and what Plotly draws. */
  async ground() {
    const still = await Promise.all(this.charts.map((chart) => plotly.still(chart.plot, chart.first)))
    const page = this.page()
    svg(page, "rect", { width: "100%", height: "100%", fill: this.theme.paper })
    this.frames(page).forEach((frame, i) => {
      const { title, note } = this.charts[i].spec
      const caption = this.write(page, Number(frame.getAttribute("x")) + 4, this.top - CAPTION_PX / 2, CAPTION_PX, title, { "font-weight": 600 })
      svg(caption, "tspan", { "font-weight": 400, "font-size": DETAIL_PX - 2, dx: "0.6em" }).textContent = note
      page.append(frame)
      frame.append(new DOMParser().parseFromString(still[i], "image/svg+xml").documentElement)
    })
    return [...page.children]
  }

  /** What moves, as it is now.
   * @param {Heading | null} heading
   */
  moving(heading) {
    const page = this.page()
    if (heading) {
      this.write(page, MARGIN_PX, MARGIN_PX + HEADING_PX, HEADING_PX, heading.title, { "font-weight": 600 })
      this.write(page, MARGIN_PX, MARGIN_PX + HEADING_PX * LINE_HEIGHT + DETAIL_PX, DETAIL_PX, heading.detail)
    }
    this.frames(page).forEach((frame, i) => {
      const drawings = this.charts[i].plot.parentElement.querySelectorAll(":scope > svg")
      frame.append(...[...drawings].map(standalone))
    })
    return [...page.children]
  }

  /** The place of each chart.
   * @param {SVGElement} page
   */
  frames(page) {
    let left = MARGIN_PX
    return this.boxes.map(({ width, height }) => {
      const frame = svg(page, "svg", { x: left, y: this.top, width, height })
      left += width + MARGIN_PX
      return frame
    })
  }

  write(page, x, y, size, text, style = {}) {
    const element = svg(page, "text", { x, y, fill: this.theme.ink, "font-family": this.theme.font, "font-size": size, ...style })
    element.textContent = text
    return element
  }

  page() {
    const { width, height } = this
    const page = document.createElementNS(NAMESPACE, "svg")
    for (const [name, value] of Object.entries({ xmlns: NAMESPACE, width, height, viewBox: `0 0 ${width} ${height}` })) page.setAttribute(name, String(value))
    return page
  }

  /** @param {Element[]} elements */
  source(elements) {
    const page = this.page()
    page.append(...elements)
    return new XMLSerializer().serializeToString(page)
  }
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
  const image = await imageOf(source)
  const scale = Math.max(2, PRINT_WIDTH_PX / image.naturalWidth)
  const [width, height] = [image.naturalWidth, image.naturalHeight].map((side) => Math.round(side * scale))
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  canvas.getContext("2d").drawImage(image, 0, 0, width, height)
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"))
}

/** An SVG's source as an image that can be drawn.
 * @param {string} source
 */
export async function imageOf(source) {
  const url = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    return image
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

/** Words as the name of a file on any system, of which many allow 255 bytes. @param {string[]} words */
export const fileName = (...words) =>
  words.map((word) => [...word.normalize("NFC")].slice(0, 60).join("")).join(" ")
    .replace(/[^\p{L}\p{M}\p{N}.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").toLowerCase()
