// @ts-check
// Starts the player in a file of its own: no server, and no message after the first.

import { pin } from "./pins.js"
import { Player } from "./player.js"
import { unpack } from "./numbers.js"
import { Sayings, elsewhere } from "./readouts.js"

const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (document.querySelector(selector))

/** @param {{ message: any, frames: Record<string, any>, beside: any[] }} shown  as page_file.js packs it */
export function stand({ message, frames, beside }) {
  for (const other of beside) {
    if (other.sayings) elsewhere.set(find(".player-sentence"), new Sayings(find(".player-sentence"), other.sayings))
    else pin(find(".player-pins"), { ...other, frames: tableOf(other.frames) })
  }
  const player = new Player(find(".player"))
  player.tell = () => {}
  return player.receive({ ...message, frames: tableOf(frames), outcome: message.outcome === "running" ? "stopped" : message.outcome, branches: false, reports: false, ask: "", waits: false })
}

/** What the player reads of an Arrow table.
 * @param {Record<string, any>} columns  packed
 */
function tableOf(columns) {
  const names = Object.keys(columns)
  const arrays = Object.fromEntries(names.map((name) => [name, unpack(columns[name])]))
  return { schema: { fields: names.map((name) => ({ name })) }, numRows: arrays[names[0]].length, getChild: (/** @type {string} */ name) => ({ toArray: () => arrays[name] }) }
}
