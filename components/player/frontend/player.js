// @ts-check
// The player: one clock for all charts. It knows frames, figures and time; nothing of what they mean.

/** @import * as Messages from "./messages.js" */

import { Charts } from "./charts.js"
import { Clock } from "./clock.js"
import { Controls } from "./controls.js"
import { Frames } from "./frames.js"
import { Gesture } from "./gesture.js"
import { strong } from "./hall.js"
import { Hands } from "./hands.js"
import { attend, toggle } from "./lecture.js"
import { recalled, remember } from "./memory.js"
import { unpack } from "./numbers.js"
import { Pace } from "./pace.js"
import { PictureMenu } from "./picture_menu.js"
import { Presenter } from "./presenter.js"
import { Announcement, Sentence, Table, elsewhere } from "./readouts.js"
import { isDark, themeOf } from "./theme.js"
import { Trajectory } from "./trajectory.js"

const READ_INTERVAL_MS = 50 // between two updates of the numbers while it plays: nobody could read faster
const HAND_OVER_MS = 120 // of rest, after which Plotly is handed the moving parts

export class Player {
  /** Sends something back to Python. @type {Messages.Tell} */
  tell
  /** @type {(Sentence | Table)[]} */
  readouts = []
  /** The message on the page. @type {Messages.PlayerMessage | undefined} */
  data
  /** The newest message that has come. @type {Messages.PlayerMessage | undefined} */
  waiting
  /** Resolved when all messages received so far are on the page. */
  showing = Promise.resolve()
  /** Whether a message is being put on the page; nothing can be drawn until it is there. */
  isChanging = false
  /** The frames that the server sent. @type {Frames | undefined} */
  given
  /** The frames shown. @type {Frames | undefined} */
  frames
  /** The number of the frame shown. */
  frame = 0
  /** @type {Trajectory | null} */
  trajectory = null
  /** Where to go with the next run; see `visit`. @type {string | null} */
  destination = null
  /** The last `ask` that was obeyed. */
  asked = ""
  /** The epoch that was last reported. @type {number | null} */
  reported = null
  /** When the numbers were last written. */
  readAt = 0
  /** Timer. @type {number | undefined} */
  handingOver
  listeners = new AbortController()
  gesture = new Gesture(this, this.listeners.signal)
  pace = new Pace()
  clock = new Clock({ onPlay: () => this.started(), onTick: () => this.draw(), onRest: () => this.stopped() }, this.pace)

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root
    root.hidden = false
    const { clock, pace } = this
    const { signal } = this.listeners
    this.controls = new Controls(root, {
      restart: () => this.restart(), back: () => this.step(-1), forward: () => this.step(1), play: () => this.toggle(),
      branch: () => this.branch(), lecture: toggle, last: () => clock.seek(clock.end),
      enlarge: (focused) => this.charts.enlargeNext(focused), shrink: () => this.charts.enlarge(""),
      seek: (epoch) => clock.seek(epoch), setSpeed: (speed) => (pace.speed = speed),
    }, signal)
    const [host, said] = ["charts", "said"].map((name) => /** @type {HTMLElement} */ (root.querySelector(`.player-${name}`)))
    this.announcement = new Announcement(said)
    const start = (point, done, rests) => this.gesture.start(point, done, rests || this.data.chapter !== "") // In a lesson Play alone plays.
    this.charts = new Charts(host, start, (ranges) => this.tell("zoomed", ranges))
    this.pictures = new PictureMenu(this, signal)
    attend(this, signal)
    this.presenter = new Presenter(this, signal)
    this.hands = new Hands(this, signal)
    addEventListener("pagehide", () => remember(clock), { signal })
    document.addEventListener("dial", (/** @type {CustomEvent} */ event) => this.gesture.turn(event.detail), { signal })
  }

  /** Show messages one after another; of those that wait, only the newest.
   * @param {Messages.PlayerMessage} data
   */
  receive(data) {
    this.waiting = data
    this.showing = this.showing.then(async () => {
      if (this.waiting !== data || !this.root.isConnected) return
      await this.show(data).catch((error) => console.error(error))
    })
    return this.showing
  }

  /** @param {Messages.PlayerMessage} data */
  async show(data) {
    const { clock, gesture } = this
    const isFirst = !this.data
    const isNewRun = this.data?.run !== data.run
    const isNewGroup = this.data?.group !== data.group
    const stood = this.stood(data)
    const isNewChapter = !stood && data.chapter !== "" && this.data?.chapter !== data.chapter
    const wasEnded = clock.state === "ended"
    const throwsOut = data.outcome === "diverged" && (isNewRun || (this.data?.outcome === "running" && !clock.isPlaying))
    if (stood) clock.goal = stood.epoch
    else if (!this.frames || isNewGroup || isNewChapter) clock.goal = isNewChapter ? data.opens : 0
    else if (wasEnded) clock.goal = Infinity
    const before = this.compared
    this.given = Frames.of(data.frames)
    this.trajectory = data.trajectory && new Trajectory(data.trajectory)
    this.root.style.setProperty("--player-accent", strong(data.accent, themeOf(this.root)))
    this.charts.make(data.charts)
    if (isNewGroup && !stood) this.charts.ghost(null)
    else if (isNewRun && !stood && !gesture.isUnanswered) this.charts.ghost(before)
    this.data = data
    this.frames = gesture.framesInsteadOf(this.given)
    this.reach(this.frames)
    clock.isOpen = data.outcome === "running"
    await this.showCharts(data)
    this.readAt = 0
    const [equation, height, table] = ["equation", "height", "table"].map((name) => /** @type {HTMLElement} */ (this.root.querySelector(`.player-${name}`)))
    this.readouts = [new Sentence(equation, data.equation), new Sentence(height, [`${data.height.name} `, data.height]), new Table(table, data.table)]
    this.root.dataset.run = data.run
    this.root.dataset.outcome = data.outcome
    this.root.dataset.waits = String(data.waits)
    this.controls.branch.hidden = !data.branches
    if (!data.reports) this.reported = null
    else if (isNewRun || isNewChapter || stood) this.reported = 0 // as the server takes it to be
    if (data.ask !== this.asked && data.ask) this.branch()
    this.asked = data.ask
    const beginsAgain = !stood && (isNewGroup || isNewChapter || (isNewRun && (gesture.hasJustStarted || data.waits)))
    if (beginsAgain) clock.epoch = 0
    clock.keepUp()
    this.adapt()
    if (this.destination !== null && (isNewRun || isNewChapter)) return this.arrive()
    if (isNewChapter || (beginsAgain && (data.waits || gesture.rests || (isFirst && opensAtRest())))) return clock.rest()
    if ((beginsAgain || stood?.isPlaying) && wantsMotion()) return clock.play()
    if (wantsMotion() && !stood && ((isNewRun && wasEnded) || throwsOut)) gesture.owesReplay = true
    if (clock.isPlaying) this.draw()
    else clock.rest()
    gesture.pay()
  }

  /** Draw everything again, for the page looks different now. */
  refresh() {
    if (this.data) this.receive(this.waiting)
  }

  /** Where the clock stood on the run of a message, if a server sends that which has not seen this page before.
   * @param {Messages.PlayerMessage} data
   */
  stood({ origin, waits }) {
    if (waits || this.data?.origin === origin) return null
    const { epoch, isPlaying } = this.clock
    return this.data ? { epoch, isPlaying } : recalled()
  }

  /** The run that the next one is compared with: in a lesson only one that was played, for it shows where that leads.
   * @returns {Frames | null}
   */
  get compared() {
    return this.data?.chapter && !this.clock.epoch ? null : this.given
  }

  /** Let the clock run over these frames.
   * @param {Frames} frames
   */
  reach(frames) {
    this.clock.end = frames.end
    this.pace.follow(frames, unpack(this.data.height.row))
  }

  /** Update the charts; the clock keeps ticking meanwhile.
   * @param {Messages.PlayerMessage} data
   */
  async showCharts(data) {
    this.isChanging = true
    this.root.style.colorScheme = isDark(this.root) ? "dark" : "light"
    const how = { isDragged: this.gesture.isDragging, isQuick: Boolean(this.trajectory), redraw: () => this.draw() }
    await this.charts.update(data.charts, themeOf(this.root), how).finally(() => (this.isChanging = false))
  }

  /** Prepare for frames that come from a gesture; if it is a new one, the run on the page becomes the ghost.
   * @param {boolean} isNew
   */
  leaveBehind(isNew) {
    this.charts.takeBack()
    if (isNew) this.charts.ghost(this.compared)
  }

  /** Show frames computed here, until the server sends others.
   * @param {Frames} frames
   */
  sketch(frames) {
    const { clock } = this
    this.frames = frames
    this.reach(frames)
    clock.epoch = clock.state === "ended" ? clock.end : Math.min(clock.epoch, clock.end)
    this.adapt()
    this.draw()
  }

  replay() {
    if (wantsMotion() && !this.data.waits) this.clock.replay()
    else this.clock.seek(0)
  }

  /** Fit the controls to the epochs that there are. */
  adapt() {
    const { end, isOpen } = this.clock
    this.root.dataset.epochs = String(end)
    this.controls.showRange(end, this.data.total, isOpen)
  }

  toggle() {
    if (this.clock.isPlaying) return this.pause()
    if (this.data.waits) return document.dispatchEvent(new CustomEvent("refused"))
    this.clock.play()
    if (this.data.outcome === "running") this.tell("played", true)
  }

  pause() {
    if (!this.clock.isPlaying) return
    this.clock.rest()
    // The server need not go on for someone who has paused.
    if (this.data.outcome === "running") this.tell("paused", true)
  }

  /** Stand at the first frame. */
  restart() {
    this.pause()
    this.clock.seek(0)
  }

  /** Rest at an epoch or at the "end", which a run that goes on may not have reached; or "play" up to there, if anything moves.
   * @param {string} where
   */
  visit(where) {
    if (where === "play" && wantsMotion()) return this.replay()
    const { clock } = this
    if (clock.isPlaying) clock.rest()
    const epoch = where === "end" || where === "play" ? Infinity : Number(where)
    clock.seek(epoch)
    if (clock.isOpen) clock.goal = epoch
  }

  /** Visit the destination. */
  arrive() {
    const where = this.destination
    this.destination = null
    this.visit(where)
  }

  /** @param {1 | -1} by */
  step(by) {
    this.pause()
    const frame = Math.max(0, Math.min(this.frames.length - 1, this.frame + by))
    this.clock.seek(this.frames.epoch(frame))
  }

  /** Tell the server the epoch shown, from which another run is to continue. */
  branch() {
    this.tell("branched", Math.floor(this.frames.epoch(this.frame)))
  }

  /** The clock is about to play. */
  started() {
    this.announcement.hush()
    this.charts.takeBack()
    this.showState()
  }

  /** The clock has stopped: show a whole frame, and hand the moving parts to Plotly if nothing changes for a moment. */
  stopped() {
    const { clock } = this
    clock.epoch = this.frames.epoch(this.frames.at(clock.epoch))
    remember(clock)
    this.showState()
    this.draw()
    clearTimeout(this.handingOver)
    this.handingOver = setTimeout(() => {
      if (clock.isPlaying || this.isChanging || this.gesture.isDragging) return
      this.announcement.say(this.controls.place, this.frames, this.frame, this.data)
      this.charts.handToPlotly(this.frames, this.frame)
      this.report()
    }, HAND_OVER_MS)
  }

  /** Tell the server at which epoch the player rests, if it wants to know and has not been told. */
  report() {
    const { epoch } = this.clock
    if (!this.data.reports || this.reported === epoch) return
    this.reported = epoch
    this.tell("rested", epoch)
  }

  showState() {
    this.root.dataset.state = this.clock.state
    this.controls.showState(this.clock.isPlaying)
  }

  draw() {
    if (!this.readouts.length || this.isChanging) return
    const k = (this.frame = this.frames.at(this.clock.epoch))
    const epoch = this.frames.epoch(k)
    this.charts.draw(this.frames, k)
    this.root.dataset.epoch = String(epoch)
    this.controls.showPlace(epoch)
    if (!this.clock.isPlaying || performance.now() - this.readAt > READ_INTERVAL_MS) this.read()
  }

  /** Write the numbers of the frame shown. */
  read() {
    if (!this.readouts.length || this.isChanging) return
    this.readAt = performance.now()
    const k = this.frame
    for (const readout of this.readouts) readout.draw(this.frames, k)
    for (const readout of elsewhere.values()) readout.draw(this.frames, k)
    this.controls.write(this.frames.epoch(k))
  }

  /** Such as "epoch 1,200". */
  get place() {
    return `epoch ${Number(this.root.dataset.epoch).toLocaleString("en-US")}`
  }

  /** What is shown, in a line for pictures. */
  get heading() {
    return `${this.data.title} · ${this.place}`
  }

  /** Release everything. */
  leave() {
    remember(this.clock)
    this.clock.stop()
    clearTimeout(this.handingOver)
    this.listeners.abort()
    this.charts.purge()
  }
}

/** Whether the link says that nothing plays until somebody presses Play. */
const opensAtRest = () => new URLSearchParams(location.search).get("play") === "0"

/** Whether the visitor's system allows animation. */
const wantsMotion = () => !matchMedia("(prefers-reduced-motion: reduce)").matches
