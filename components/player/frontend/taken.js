// @ts-check
// What is taken home of what the player shows: a film, a page that plays, a report. Pictures are the player's own menu.

/**
 * @import * as Messages from "./messages.js"
 * @import { Player } from "./player.js"
 */

import { Film, kindOfFilm } from "./film.js"
import { pageOf } from "./page_file.js"
import { fileName, save } from "./picture.js"
import { print } from "./report.js"

/**
 * What the page has beside the buttons.
 * @typedef {object} Page
 * @property {() => Player} player
 * @property {() => any[]} beside  what other elements were sent: sayings, pinned runs
 * @property {() => void} ask  for the words of the report
 */

/** The film that is being recorded, whichever message this came with. @type {Film | null} */
let film = null
/** What it says of itself, in the newest element: Streamlit makes another whenever the menu opens. */
let say = /** @type {(words: string) => void} */ (() => {})
/** The report that was printed last. */
let printed = ""

/**
 * Show the buttons.
 * @param {HTMLElement} host
 * @param {Messages.TakenMessage} data
 * @param {Page} page
 */
export function offer(host, data, page) {
  const [filming, playing, reporting] = host.querySelectorAll("button")
  for (const button of [filming, playing, reporting]) button.disabled = false
  const said = host.querySelector("output")
  say = (words) => {
    said.textContent = words
    filming.textContent = film ? "Cancel the film" : "Film"
  }
  say("")
  filming.onclick = async () => {
    if (film) return void (film.isCancelled = true)
    if (!kindOfFilm()) return say("This browser cannot record a film. Chrome, Edge, Firefox and Safari can.")
    const player = page.player()
    if (player.data.waits) return say("First the guess: the film would give it away.")
    film = new Film(player, (share) => say(`Recorded ${Math.floor(100 * share)} %, while it plays.`))
    const failed = await film.record().then(() => "", () => "This browser could not record the film.")
    film = null
    say(failed)
  }
  playing.onclick = async () => {
    const player = page.player()
    say("")
    save(new Blob([await pageOf(player, page.beside())], { type: "text/html" }), `${fileName(player.data.title)}.html`)
  }
  reporting.onclick = () => page.ask()
  if (data.report && data.report.id !== printed) {
    printed = data.report.id
    print(data.report, page.player())
  }
}
