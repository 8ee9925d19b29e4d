// @ts-check
// A page to print or to save as PDF, with the browser's own print: words from the server, and the charts as they are.

/**
 * @import * as Messages from "./messages.js"
 * @import { Player } from "./player.js"
 */

import { pictureOf } from "./picture.js"
import { isDark, themeOf } from "./theme.js"

/**
 * @param {Messages.Report} report
 * @param {Player} player
 */
export async function print(report, player) {
  const page = document.createElement("section")
  page.className = "player-report"
  const add = (/** @type {string} */ tag, text = "", parent = page) => parent.appendChild(Object.assign(document.createElement(tag), { textContent: text }))
  add("h1", report.title)
  for (const [heading, words] of report.parts) add("p", ` ${words}`).prepend(Object.assign(document.createElement("b"), { textContent: heading }))
  add("p", player.root.querySelector(".player-equation").textContent).className = "player-report-equation"
  add("p", `At ${player.place}: ${document.querySelector(".player-sentence > span:not([hidden])")?.textContent ?? ""}`)
  const theme = themeOf(player.root)
  const charts = add("div")
  charts.className = "player-report-charts"
  charts.classList.toggle("player-report-dark", isDark(player.root))
  const shown = player.charts.all.filter(({ figure }) => !figure.hidden)
  for (const drawing of await Promise.all(shown.map((chart) => pictureOf([chart], null, theme)))) add("div", "", charts).innerHTML = drawing
  const table = add("table", "", charts)
  for (const row of [report.head, ...report.rows]) {
    const line = add("tr", "", table)
    for (const cell of row) add(row === report.head ? "th" : "td", cell, line)
  }
  const last = add("p")
  last.className = "player-report-link"
  const { href } = location
  const hasCode = href.length <= report.most
  Object.assign(add("a", hasCode ? href : `${href.slice(0, report.most)}…`, last), { href })
  if (hasCode) {
    const code = /** @type {HTMLImageElement} */ (document.createElement("img"))
    Object.assign(code, { src: `${report.code}?${new URLSearchParams({ text: href })}`, alt: "The link as a QR code" })
    last.prepend(code)
    await code.decode().catch(() => code.remove())
  }
  document.body.append(page)
  addEventListener("afterprint", () => page.remove(), { once: true })
  window.print()
}
