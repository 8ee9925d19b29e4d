// @ts-check
// What the loader calls at every message from the server, with the same element each time. The returned function is
// called when Streamlit withdraws the message, or removes the element from the page.

/** @import * as Messages from "./messages.js" */

import { pin } from "./pins.js"
import { Player } from "./player.js"
import { Sayings, Table, elsewhere } from "./readouts.js"

/** What the page shows beside the player, as it was sent, by the element that shows it. @type {Map<Element, any>} */
const sent = new Map()

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
export const mountSentence = ({ data, parentElement }) => {
  const host = parentElement.querySelector(".player-sentence")
  sent.set(host, data)
  const leave = mountReadout(parentElement, ".player-sentence", (element) => new Sayings(element, data.sayings))
  return () => {
    leave()
    if (!host.isConnected) sent.delete(host)
  }
}

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

/** What can be taken home of what the player shows.
 * @param {{ data: Messages.TakenMessage, parentElement: HTMLElement, setTriggerValue: Messages.Tell }} component
 */
export async function mountTaken({ data, parentElement, setTriggerValue }) {
  const { offer } = await import("./taken.js") // which few need
  /** @type {Messages.Tell} */
  const tell = (name, value) => whenConnected(name, () => setTriggerValue(name, value))
  offer(parentElement.querySelector(".player-taken"), data, {
    player: () => playersOnPage()[0],
    beside: () => [...sent.values()],
    ask: () => tell("asked", true),
  })
  return () => {}
}

/** Other runs, which every player on the page draws behind its own.
 * @param {{ data: Messages.PinsMessage, parentElement: HTMLElement }} component
 */
export function mountPins({ data, parentElement }) {
  const host = parentElement.querySelector(".player-pins")
  pin(host, data)
  sent.set(host, data)
  for (const player of playersOnPage()) player.draw()
  return () => {
    if (host.isConnected) return
    pin(host, null)
    sent.delete(host)
    for (const player of playersOnPage()) player.draw()
  }
}
