// @ts-check
// What the loader calls at every message from the server, with the same element each time. The returned function is
// called when Streamlit withdraws the message, or removes the element from the page.

/** @import * as Messages from "./messages.js" */

import { pin } from "./pins.js"
import { Player } from "./player.js"
import { Sayings, Table, elsewhere } from "./readouts.js"

/** @type {WeakMap<Element, Player>} */
const players = new WeakMap()

const playersOnPage = () => [...document.querySelectorAll(".player")].flatMap((root) => players.get(root) ?? [])

/** Do it now, or where there is no connection once it is back.
 * @param {string} name
 * @param {() => void} act
 */
function whenConnected(name, act) {
  const event = new CustomEvent("tell", { cancelable: true, detail: { name, act } })
  if (document.dispatchEvent(event)) act()
}

/** @param {{ data: Messages.PlayerMessage, parentElement: HTMLElement, setTriggerValue: Messages.Tell }} component */
export async function mount({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".player"))
  let player = players.get(root)
  if (!player) players.set(root, (player = new Player(root)))
  player.tell = (name, value) => whenConnected(name, () => setTriggerValue(name, value))
  await player.receive(data)
  return () => {
    if (parentElement.isConnected && parentElement.contains(root)) return
    player.leave()
    players.delete(root)
  }
}

/** A table elsewhere on the page whose numbers follow the player.
 * @param {{ data: Messages.TableMessage, parentElement: HTMLElement }} component
 */
export const mountTable = ({ data, parentElement }) => mountReadout(parentElement, ".player-table", (host) => new Table(host, data.table))

/** A sentence elsewhere on the page that follows the player.
 * @param {{ data: Messages.SentenceMessage, parentElement: HTMLElement }} component
 */
export const mountSentence = ({ data, parentElement }) =>
  mountReadout(parentElement, ".player-sentence", (host) => new Sayings(host, data.sayings))

function mountReadout(parent, selector, make) {
  const host = /** @type {HTMLElement} */ (parent.querySelector(selector))
  elsewhere.set(host, make(host))
  for (const player of playersOnPage()) player.read()
  return () => {
    if (!host.isConnected) elsewhere.delete(host)
  }
}

/** What a stop of a lecture would keep of the page.
 * @param {{ data: Messages.StopsMessage, setTriggerValue: Messages.Tell }} component
 */
export function mountStops({ data, setTriggerValue }) {
  for (const { presenter } of playersOnPage()) presenter.follow(data, (name, value) => whenConnected(name, () => setTriggerValue(name, value)))
  return () => {}
}

/** Other runs, which every player on the page draws behind its own.
 * @param {{ data: Messages.PinsMessage, parentElement: HTMLElement }} component
 */
export function mountPins({ data, parentElement }) {
  const host = parentElement.querySelector(".player-pins")
  pin(host, data)
  for (const player of playersOnPage()) player.draw()
  return () => {
    if (host.isConnected) return
    pin(host, null)
    for (const player of playersOnPage()) player.draw()
  }
}
