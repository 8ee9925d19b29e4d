// @ts-check
// The player as one file that plays the run anywhere: itself, what it needs of Plotly, and what it shows now.

/**
 * @import { Player } from "./player.js"
 * @import { Column } from "./frames.js"
 */

import { Surface3D } from "./surface3d.js"

const MAX_EXACT_NUMBERS = 150_000 // in the frames; with more, seven digits each: nobody sees the others, and they weigh megabytes
const IMPORT = /(from |import )"\.\/([\w.]+)"/g
const START = "standalone.js"

/** Unpacks the file and starts its player. It stands in the file as text. */
const BOOT = `(async () => {
  const bytes = Uint8Array.from(atob(document.getElementById("packed").textContent), (letter) => letter.charCodeAt(0))
  const packed = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json()
  const add = (tag, attributes) => new Promise((onload, onerror) => document.head.append(Object.assign(document.createElement(tag), { ...attributes, onload, onerror })))
  const url = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }))
  const imports = Object.fromEntries(Object.entries(packed.modules).map(([name, text]) => [name, url(text)]))
  document.head.append(Object.assign(document.createElement("script"), { type: "importmap", textContent: JSON.stringify({ imports }) }))
  globalThis.plotlyInSpace = packed.inSpace
  await add("script", { src: url(packed.plotly) })
  const { stand } = await import("${START}")
  stand(packed.shown)
})()`

/**
 * The file's text.
 * @param {Player} player
 * @param {any[]} beside  what other elements were sent: sayings, pinned runs
 */
export async function pageOf(player, beside) {
  const modules = await gathered(START)
  const inSpace = player.charts.all.some((chart) => chart instanceof Surface3D)
  const [css, plotly] = await Promise.all([text("player.css"), text(inSpace ? "plotly_3d.js" : "plotly_2d.js")])
  const { frames, ...message } = player.data
  const shown = { message: { ...message, trajectory: null }, frames: numbersOf(frames), beside: beside.map(({ frames: own, ...other }) => (own ? { ...other, frames: numbersOf(own) } : other)) }
  const packed = await zipped(JSON.stringify({ modules, plotly, inSpace, shown }))
  const look = getComputedStyle(player.root)
  const variables = [...new Set(css.match(/--st-[\w-]+/g))].map((name) => `${name}: ${look.getPropertyValue(name)}`)
  const page = document.implementation.createHTMLDocument(player.data.title)
  page.documentElement.lang = "en"
  page.head.insertAdjacentHTML("afterbegin", `<meta charset="utf-8"><meta name="viewport" content="width=device-width">`)
  const style = page.head.appendChild(page.createElement("style"))
  style.textContent = `:root { ${variables.join("; ")}; color-scheme: ${player.root.style.colorScheme} }\n${css}\n${STYLE}`
  page.body.append(...["h1", "p", "p"].map((tag) => page.createElement(tag)))
  const [title, sentence, pins] = page.body.children
  title.textContent = player.data.title
  sentence.className = "player-sentence"
  pins.className = "player-pins"
  page.body.append(blank(player.root))
  const script = (/** @type {object} */ attributes) => page.body.appendChild(Object.assign(page.createElement("script"), attributes))
  script({ type: "text/plain", id: "packed", textContent: packed })
  script({ textContent: BOOT })
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`
}

const STYLE = `
body { max-width: 80rem; margin: 0 auto; padding: 1rem 2rem; background: var(--st-background-color); color: var(--st-text-color); font-family: var(--st-font); }
h1 { font-size: 1.1rem; }
:is(.player-hint, .player-start, .player-branch) { display: none !important; } /* no server begins another run */
`

/** The player as it was before it showed anything.
 * @param {HTMLElement} root
 */
function blank(root) {
  const copy = /** @type {HTMLElement} */ (root.cloneNode(true))
  for (const part of copy.querySelectorAll(".player-equation, .player-charts, .player-table, .player-epoch, .player-said, select")) part.replaceChildren()
  for (const name of Object.keys(copy.dataset)) if (name !== "testid") delete copy.dataset[name]
  return copy
}

const text = async (/** @type {string} */ name) => (await fetch(new URL(name, import.meta.url))).text()

/** A module and all that it imports, by name, each with names that an import map resolves.
 * @param {string} name
 * @param {Record<string, string>} found
 */
async function gathered(name, found = {}) {
  if (name in found) return found
  found[name] = ""
  const source = await text(name)
  found[name] = source.replace(IMPORT, '$1"$2"')
  await Promise.all([...source.matchAll(IMPORT)].map(([, , other]) => gathered(other, found)))
  return found
}

/** The columns of an Arrow table as `unpack` takes them.
 * @param {any} table
 */
function numbersOf(table) {
  const names = table.schema.fields.map((field) => field.name)
  const isExact = table.numRows * names.length <= MAX_EXACT_NUMBERS
  return Object.fromEntries(names.map((name) => {
    /** @type {Column} */
    const own = table.getChild(name).toArray()
    const column = isExact ? own : Float32Array.from(own)
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
    return [name, { dtype: column instanceof Float32Array ? "f4" : "f8", bdata: inBase64(bytes), shape: String(column.length) }]
  }))
}

/** @param {Uint8Array} bytes */
function inBase64(bytes) {
  const parts = []
  for (let first = 0; first < bytes.length; first += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(first, first + 0x8000)))
  return btoa(parts.join(""))
}

/** @param {string} json */
async function zipped(json) {
  const stream = new Blob([json]).stream().pipeThrough(new CompressionStream("gzip"))
  return inBase64(new Uint8Array(await new Response(stream).arrayBuffer()))
}
