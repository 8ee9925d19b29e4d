// @ts-check
// The colours of the page, for Plotly.

import { letters, roomy } from "./hall.js"

/** The colours, and whether it is for a hall. @typedef {{ ink: string, paper: string, font: string, grid: string, muted: string, hall: boolean }} Theme */

const SHADES = 16
const TITLE_FACTOR = 1.2 // by which Plotly makes an axis title larger than other letters
const FEWEST_LETTERS = 8

/**
 * The theme of the page around an element.
 * @param {HTMLElement} root
 * @returns {Theme}
 */
export function themeOf(root) {
  const style = getComputedStyle(root)
  const get = (name) => style.getPropertyValue(name).trim()
  const mix = (share) => plain(`color-mix(in srgb, ${get("--st-text-color")} ${share}%, transparent)`)
  return { ink: get("--st-text-color"), paper: get("--st-background-color"), font: get("--st-font"), grid: mix(16), muted: mix(55), hall: isHall() }
}

/** Whether the page is in lecture mode. */
export const isHall = () => "lecture" in document.documentElement.dataset

/** Whether the text is light, and so the page dark.
 * @param {HTMLElement} root
 */
export function isDark(root) {
  const [r, g, b] = getComputedStyle(root).color.match(/[\d.]+/g).map(Number)
  return (r + g + b) / 3 > 128
}

/**
 * A layout in the colours of the page.
 * @param {any} layout
 * @param {Theme} theme
 */
export function themed(layout, theme) {
  const axis = { gridcolor: theme.grid, zerolinecolor: theme.grid, linecolor: theme.grid, tickcolor: theme.grid }
  const base = structuredClone(layout)
  return roomy({
    ...base, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.ink, family: theme.font, size: 13 },
    ...(isTouched() && { dragmode: false }),
    hoverlabel: { bgcolor: theme.paper, font: { color: theme.ink } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.muted, activecolor: theme.ink },
    xaxis: { ...base.xaxis, ...axis }, yaxis: { ...base.yaxis, ...axis },
  }, theme)
}

/**
 * Make an SVG text legible over anything. Its look stands on the element itself, so that a copy of it keeps that.
 * @param {SVGElement} text
 * @param {Theme} theme
 * @param {number} px  at a desk
 * @returns {number}  how high its letters are
 */
export function lettering(text, theme, px) {
  const { ink, paper, font } = theme
  const size = letters(theme, px)
  const look = { fill: ink, stroke: paper, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke", "font-family": font, "font-size": size, "font-weight": 600 }
  for (const [name, value] of Object.entries(look)) text.setAttribute(name, String(value))
  return size
}

/**
 * The title of an axis in Plotly's HTML, without its middle if it is longer than this.
 * @param {{ text: string, font?: { size: number } }} title
 * @param {number} px
 * @param {{ size: number, family: string }} font  of the chart
 */
export function fitted({ text: title, font: own }, px, { size, family }) {
  const text = wholeText(title)
  const pen = canvasOfOnePixel()
  pen.font = `${own?.size ?? Math.round(TITLE_FACTOR * size)}px ${family}`
  let [short, kept] = [text, text.length]
  while (pen.measureText(short).width > px && kept > FEWEST_LETTERS) {
    const end = Math.floor(--kept / 2) // its end may be "(standardized)"
    short = `${text.slice(0, kept - end).trimEnd()}…${text.slice(-end)}`
  }
  return short === text ? title : short.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
}

/** What a title in Plotly's HTML says. @param {string} title */
export const wholeText = (title) => new DOMParser().parseFromString(title, "text/html").documentElement.textContent

/** Whether this is a touch screen: there a chart fills the width, and dragging to zoom would prevent scrolling. */
const isTouched = () => matchMedia("(hover: none)").matches

/**
 * A colour scale as it looks on the paper, without transparency, which Plotly's 3D surfaces do not support for one shade.
 * @param {[number, string][]} scale  its two ends
 * @param {string} paper
 * @returns {[number, string][]}
 */
export function opaque([[, low], [, high]], paper) {
  const canvas = canvasOfOnePixel()
  const [from, to] = [low, high].map((color) => color.match(/[\d.]+/g).map(Number))
  return Array.from({ length: SHADES + 1 }, (_, i) => {
    const shade = from.map((part, j) => part + ((to[j] - part) * i) / SHADES)
    for (canvas.fillStyle of [paper, `rgba(${shade})`]) canvas.fillRect(0, 0, 1, 1)
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data
    return [i / SHADES, `rgb(${r},${g},${b})`]
  })
}

/** A colour in a form that every program can parse.
 * @param {string} color
 */
export function plain(color) {
  const probe = document.body.appendChild(document.createElement("i"))
  probe.style.color = color
  const canvas = canvasOfOnePixel()
  canvas.fillStyle = getComputedStyle(probe).color
  probe.remove()
  canvas.fillRect(0, 0, 1, 1)
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
  return `rgba(${r},${g},${b},${(a / 255).toFixed(2)})`
}

function canvasOfOnePixel() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
  return canvas.getContext("2d", { willReadFrequently: true })
}
