// @ts-check
// A film of the run, recorded while the player plays it.

/** @import { Player } from "./player.js" */

import { Picture, fileName, imageOf, save } from "./picture.js"
import { themeOf } from "./theme.js"

const KINDS = { "video/mp4": "mp4", "video/webm": "webm" } // the one that more programs play first
const FRAMES_PER_SECOND = 30
const BITS_PER_SECOND = 6_000_000
const MAX_WIDTH_PX = 1920
const LAST_FRAME_MS = 1000 // for which the film stays where the run ends
const HEADING_LETTERS_PX = 37

/** The kind of film that this browser can record, if any. */
export const kindOfFilm = () =>
  typeof MediaRecorder === "undefined" ? undefined : Object.keys(KINDS).find((kind) => MediaRecorder.isTypeSupported(kind))

export class Film {
  isCancelled = false
  /** @type {Picture | undefined} */
  picture

  /**
   * @param {Player} player
   * @param {(share: number) => void} tell  called with the share that is recorded
   */
  constructor(player, tell) {
    this.player = player
    this.tell = tell
    this.canvas = document.createElement("canvas")
  }

  /** Play the run once and save what was seen, unless that is cancelled. */
  async record() {
    const { player, canvas } = this
    player.restart()
    await this.prepare()
    await this.paint()
    const kind = kindOfFilm()
    const recorder = new MediaRecorder(canvas.captureStream(FRAMES_PER_SECOND), { mimeType: kind, videoBitsPerSecond: BITS_PER_SECOND })
    const parts = []
    recorder.ondataavailable = ({ data }) => parts.push(data)
    const stopped = new Promise((resolve) => (recorder.onstop = resolve))
    recorder.start()
    player.toggle()
    await this.paintUntil(() => !player.clock.isPlaying)
    const end = performance.now() + LAST_FRAME_MS
    await this.paintUntil(() => performance.now() > end)
    recorder.stop()
    await stopped
    if (this.isCancelled) return player.pause()
    save(new Blob(parts, { type: kind }), `${fileName(player.data.title)}.${KINDS[kind]}`)
  }

  /** Paint what is seen, again and again.
   * @param {() => boolean} isOver
   * @returns {Promise<void>}
   */
  paintUntil(isOver) {
    return new Promise((resolve, reject) => {
      const go = () => {
        if (isOver() || this.isCancelled) return resolve()
        this.tell(this.player.clock.epoch / Math.max(1, this.player.clock.end))
        this.paint().then(() => requestAnimationFrame(go), reject)
      }
      go()
    })
  }

  /** What stands still is drawn again only when axes have moved. */
  async prepare() {
    const isFirst = !this.picture
    const shown = this.player.charts.all.filter((chart) => !chart.figure.hidden)
    const picture = (this.picture = new Picture(shown, themeOf(this.player.root), HEADING_LETTERS_PX))
    this.key = this.axes()
    this.ground = await imageOf(picture.source(await picture.ground()))
    if (!isFirst) return
    const scale = Math.min(2, MAX_WIDTH_PX / picture.width)
    const even = (/** @type {number} */ side) => 2 * Math.round((side * scale) / 2) // as codecs want it
    Object.assign(this.canvas, { width: even(picture.width), height: even(picture.height) })
  }

  axes() {
    return this.player.charts.all.map((chart) => `${chart.figure.hidden} ${chart.view.key}`).join()
  }

  async paint() {
    if (this.axes() !== this.key) await this.prepare()
    const { canvas, picture, player } = this
    const heading = { title: player.root.querySelector(".player-equation").textContent, detail: player.heading }
    const moving = await imageOf(picture.source(picture.moving(heading)))
    const context = canvas.getContext("2d")
    for (const layer of [this.ground, moving]) context.drawImage(layer, 0, 0, canvas.width, canvas.height)
  }
}
