// @ts-check
// All that the player uses of Plotly. What its documentation does not mention (names with an underscore, d2p, p2d,
// glplot, __data__, class names) was found in the source of plotly.js 4.1.1: after an upgrade, check this file first.

/**
 * @import * as Messages from "./messages.js"
 * @import { Pixel } from "./marks.js"
 */

import { rounded } from "./numbers.js"
import { product } from "./raycast.js"
import { svg } from "./svg.js"

// Plotly's own download would lack all that the SVG draws.
const CONFIG = {
  responsive: true, displaylogo: false, showSendToCloud: false, displayModeBar: "hover",
  modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"],
}

/** CSS selectors of the elements that receive clicks on a chart. */
export const GROUND = ".nsewdrag"
export const GROUND_3D = "canvas"

/** Events that may move the axes. */
const AXES_EVENTS = ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]

/** @typedef {HTMLElement & Record<string, any>} Plot  what Plotly calls a graph div */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box  in pixels of the chart */

/** Where a chart's axes are.
 * @typedef {object} View
 * @property {string} key  differs as soon as the axes have moved
 * @property {Box} box
 * @property {Pixel} pixel
 */

/** Where a camera is that looks at a chart in three dimensions.
 * @typedef {object} CameraView
 * @property {string} key  differs as soon as the camera or the axes have moved
 * @property {Box} box
 * @property {number[]} camera  the matrix from the axes' units to the screen, see raycast.js; computed when read
 */

const plotly = () => /** @type {any} */ (window).Plotly

/** The script that also draws in three dimensions, once somebody wants to see that; a page that was saved so has it.
 * @type {Promise<void> | undefined}
 */
let inSpace = /** @type {any} */ (globalThis).plotlyInSpace ? Promise.resolve() : undefined

/** @returns {Promise<void>} */
const learnSpace = () => (inSpace ??= new Promise((onload, onerror) => {
  const src = new URL("plotly_3d.js", import.meta.url).href
  document.head.append(Object.assign(document.createElement("script"), { src, onload, onerror }))
}))

/** @param {Plot} plot */
export const isDrawn = (plot) => Boolean(plot.data)

/**
 * @param {Plot} plot
 * @param {{ type: string }[]} traces
 * @param {object} layout
 */
export async function draw(plot, traces, layout) {
  if (traces.some(({ type }) => type === "surface")) await learnSpace()
  await plotly().react(plot, traces, layout, CONFIG)
  // Half a dozen buttons a chart would stand between a keyboard's user and the controls.
  for (const button of plot.querySelectorAll(".modebar-btn")) button.tabIndex = -1
}

/**
 * @param {Plot} plot
 * @param {Record<string, any[]>} update
 * @param {number[]} indices  of the traces
 * @returns {Promise<void>}
 */
export const restyle = (plot, update, indices) => plotly().restyle(plot, update, indices)

/**
 * @param {Plot} plot
 * @param {Messages.Range} range  of the vertical axis
 */
export const setVertical = (plot, range) => plotly().relayout(plot, { "yaxis.range": [...range] })

/**
 * @param {Plot} plot
 * @param {{ xaxis: string, yaxis: string }} titles
 */
export function setTitles(plot, { xaxis, yaxis }) {
  const { layout } = plot
  if (!layout?.xaxis || (layout.xaxis.title.text === xaxis && layout.yaxis.title.text === yaxis)) return
  return plotly().relayout(plot, { "xaxis.title.text": xaxis, "yaxis.title.text": yaxis })
}

/**
 * Let the browser show these whole titles under the pointer.
 * @param {Plot} plot
 * @param {string[]} titles  across and up
 */
export function explainTitles(plot, titles) {
  for (const [i, title] of titles.entries()) {
    const text = plot.querySelector([".xtitle", ".ytitle"][i])
    if (!(text instanceof SVGElement) || text.querySelector("title")) continue
    text.style.pointerEvents = "all"
    svg(text, "title").textContent = title
  }
}

/** @param {Plot} plot */
export const resize = (plot) => plotly().Plots.resize(plot)

/**
 * The source of an SVG of a chart's first traces, with the axes or the camera that are shown now.
 * @param {Plot} plot
 * @param {number} traces
 * @returns {Promise<string>}
 */
export function still(plot, traces) {
  const layout = { ...structuredClone(plot.layout), width: plot.clientWidth, height: plot.clientHeight }
  const { scene, xaxis, yaxis } = plot._fullLayout
  if (scene) Object.assign(layout.scene, { camera: scene._scene.getCamera() })
  else for (const [name, axis] of Object.entries({ xaxis, yaxis })) Object.assign(layout[name], { range: [...axis.range], autorange: false })
  const { width, height } = layout
  return plotly().toImage({ data: plot.data.slice(0, traces), layout }, { format: "svg", width, height, imageDataOnly: true })
}

/** @param {Plot} plot */
export const purge = (plot) => plotly()?.purge(plot)

/**
 * Call back whenever the axes may have moved.
 * @param {Plot} plot
 * @param {() => void} act
 */
export function onAxes(plot, act) {
  for (const event of AXES_EVENTS) plot.on(event, act)
}

/**
 * Call back after a zoom.
 * @param {Plot} plot
 * @param {() => void} act
 */
export const onZoom = (plot, act) => plot.on("plotly_relayout", act)

/**
 * The ranges of both axes.
 * @param {Plot} plot
 * @returns {[Messages.Range, Messages.Range]}
 */
export function rangesOf(plot) {
  const { xaxis, yaxis } = plot._fullLayout
  return [xaxis.range, yaxis.range]
}

/**
 * @param {Plot} plot
 * @returns {View}
 */
export function viewOf(plot) {
  const { xaxis: x, yaxis: y } = plot._fullLayout
  return {
    key: [x._offset, y._offset, x._length, y._length, x.range, y.range, x.type, y.type].join(),
    box: { x: x._offset, y: y._offset, width: x._length, height: y._length },
    pixel: (a, b) => [x._offset + x.d2p(a), y._offset + y.d2p(b)],
  }
}

/**
 * An event's place in the axes' units, to a tenth of a pixel.
 * @param {Plot} plot
 * @param {MouseEvent} event
 * @returns {Messages.Point}
 */
export function pointAt(plot, event) {
  const { left, top } = plot.getBoundingClientRect()
  const { xaxis, yaxis } = plot._fullLayout
  return [valueAt(xaxis, event.clientX - left), valueAt(yaxis, event.clientY - top)]
}

function valueAt(axis, pixel) {
  const value = axis.p2d(Math.max(0, Math.min(axis._length, pixel - axis._offset)))
  return rounded(value, Math.abs(axis.p2d(0.1) - axis.p2d(0)))
}

/**
 * The elements in which Plotly draws the traces from this one on.
 * @param {Plot} plot
 * @param {number} first
 * @returns {any[]}
 */
export function traceElements(plot, first) {
  const all = [...plot.querySelectorAll(".scatterlayer .trace")]
  return all.filter((/** @type {any} */ group) => group.__data__[0].trace.index >= first)
}

/**
 * @param {Plot} plot
 * @returns {CameraView}
 */
export function cameraViewOf(plot) {
  const { _size: size, scene: { _scene: scene } } = plot._fullLayout
  const { projection, view, model } = scene.glplot.cameraParams
  return {
    key: [size.l, size.t, size.w, size.h, scene.dataScale, projection, view, model].join(),
    box: { x: size.l, y: size.t, width: size.w, height: size.h },
    get camera() {
      const [sx, sy, sz] = scene.dataScale
      return product(product(projection, product(view, model)), [sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, sz, 0, 0, 0, 0, 1])
    },
  }
}

const watched = new WeakSet()

/**
 * Call back after each rendering of a 3D chart. Call this again after each draw(): Plotly may have replaced the renderer.
 * @param {Plot} plot
 * @param {() => void} act
 */
export function onRender(plot, act) {
  const { glplot } = plot._fullLayout.scene._scene
  if (watched.has(glplot)) return
  watched.add(glplot)
  const render = glplot.onrender
  glplot.onrender = () => {
    render()
    act()
  }
}
