// The player: one clock for all charts. It knows frames, figures and time; nothing of what they mean.

import { Chart } from "./chart.js"
import { Trajectory } from "./trajectory.js"
import { Frames } from "./frames.js"
import { pin } from "./pins.js"
import { Sentence, Table } from "./readouts.js"
import { Surface3D, hasWebGL } from "./surface3d.js"
import { Surface } from "./surface.js"

const SPEEDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
const EPOCHS_A_SECOND = 100 // at 1×
const PLAYING_TIME = 8 // seconds that a run should last until the user chooses a speed
const READING = 50 // milliseconds for which numbers stand still while they run: nobody could read them sooner
const AFTER = 2000 // milliseconds within which a new start, or a turned dial, is answered
const PLAY = "M8 5v14l11-7z"
const PAUSE = "M6 5h4.2v14H6zM13.8 5H18v14h-4.2z"

const players = new WeakMap()
const tables = new Map()

/** Called at every message from the server, always with the same element. */
export async function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".player")
  let player = players.get(root)
  if (!player) players.set(root, (player = new Player(root)))
  player.tell = setTriggerValue
  await player.receive(data)
  return () => player.leave(parentElement)
}

/** A table elsewhere on the page whose numbers follow the player. */
export function mountTable({ data, parentElement }) {
  const host = parentElement.querySelector(".player-table")
  tables.set(host, new Table(host, data.table))
  for (const root of document.querySelectorAll(".player")) players.get(root)?.read()
  return () => {
    if (!host.isConnected) tables.delete(host)
  }
}

/** Other runs, which every player on the page draws behind its own. */
export function mountPins({ data, parentElement }) {
  const host = parentElement.querySelector(".player-pins")
  pin(host, data)
  redrawAll()
  return () => {
    if (host.isConnected) return
    pin(host, null)
    redrawAll()
  }
}

function redrawAll() {
  for (const root of document.querySelectorAll(".player")) players.get(root)?.draw()
}

class Player {
  constructor(root) {
    this.root = root
    root.hidden = false
    this.find = (selector) => root.querySelector(selector)
    this.charts = new Map()
    this.epoch = 0
    this.state = "paused"
    this.listeners = new AbortController()
    const on = (target, type, act) => target.addEventListener(type, act, { signal: this.listeners.signal })
    const acts = { restart: () => this.restart(), back: () => this.step(-1), forward: () => this.step(1), play: () => this.toggle(), branch: () => this.branch() }
    for (const button of root.querySelectorAll("button")) on(button, "click", acts[button.dataset.do])
    this.asked = ""
    on(this.find(".player-scrub"), "input", (event) => this.seek(Number(event.target.value)))
    on(this.find("select"), "change", (event) => (this.chosenSpeed = Number(event.target.value)))
    on(document, "keydown", (event) => this.press(event))
    on(document, "dial", (event) => this.turn(event.detail))
    this.find("select").replaceChildren(...SPEEDS.map((speed) => new Option(`${speed}×`, speed)))
    this.resizing = new ResizeObserver(() => this.resize())
    this.resizing.observe(this.find(".player-charts"))
  }

  /** Messages are shown one after another; only the newest of those that wait. */
  async receive(data) {
    this.waiting = data
    this.showing = (this.showing ?? Promise.resolve()).then(async () => {
      if (this.waiting !== data) return
      await this.show(data).catch((error) => console.error(error))
    })
    return this.showing
  }

  async show(data) {
    const news = this.data?.run !== data.run
    const first = this.data?.group !== data.group
    this.following = this.frames && !first && (this.following || this.state === "ended")
    const before = this.given
    this.given = Frames.of(data.frames)
    this.trajectory = data.trajectory && new Trajectory(data.trajectory)
    for (const [name, value] of Object.entries(data.colors)) this.root.style.setProperty(`--player-${name}`, value)
    for (const spec of data.charts) this.makeChart(spec)
    if (first || (news && !this.dragging && !this.turned)) for (const chart of this.charts.values()) chart.ghost(first ? null : before)
    this.data = data
    if (this.isAnswer(this.trajectory)) this.turned = null
    this.frames = this.turned ? this.trajectory.frames(this.trajectory.at, this.turned.value) : this.given
    this.changing = true // The clock ticks on, but what is on the page cannot be drawn with these frames yet.
    const theme = this.theme()
    const charts = data.charts.map((spec) => {
      const chart = this.charts.get(spec.name)
      // The axes stand still under the hand, which spares it half of the drawing too.
      return chart.update(this.held ? chart.still(spec) : spec, theme, () => this.draw())
    })
    await Promise.all(charts).finally(() => (this.changing = false))
    this.lastRead = 0
    this.readouts = [new Sentence(this.find(".player-equation"), data.equation), new Table(this.find(".player-table"), data.table)]
    for (const chart of this.charts.values()) if (chart.start) chart.start.quick = Boolean(this.trajectory)
    this.count(this.turned ? this.end : data.total)
    this.root.dataset.run = data.run
    this.root.dataset.outcome = data.outcome
    this.find(".player-branch").hidden = !data.branches
    if (news || !data.reports) this.reported = null
    if (data.ask !== this.asked && data.ask) this.branch()
    this.asked = data.ask
    const anew = first || (news && performance.now() - this.begun < AFTER)
    if (anew) this.epoch = 0
    if (this.following) this.epoch = this.end
    if (data.outcome !== "running") this.following = false
    this.epoch = Math.min(this.epoch, this.end)
    this.adapt()
    if (anew && this.moves) this.play()
    else if (this.state === "playing") this.draw()
    else this.rest(this.over ? "ended" : "paused")
  }

  /** Whether the visitor wants things to move by themselves. */
  get moves() {
    return !matchMedia("(prefers-reduced-motion: reduce)").matches
  }

  /** The chart of this name, made anew if it is of another kind than before. */
  makeChart(spec) {
    const in3D = spec.kind === "surface3d" && hasWebGL()
    const kind = in3D ? Surface3D : { surface: Surface, surface3d: Surface }[spec.kind] ?? Chart
    const before = this.charts.get(spec.name)
    if (before?.constructor === kind) return
    const chart = new kind(this.find(".player-charts"), spec.name, (point, done) => this.start(point, done), (ranges) => this.tell("zoomed", ranges))
    this.charts.set(spec.name, chart)
    if (!before) return
    before.figure.replaceWith(chart.figure)
    before.purge()
    ;[chart.ghostFrames, chart.ghostMarks] = [before.ghostFrames, before.ghostMarks]
  }

  /** Begin the next run at a point of a chart; until `done` the hand still moves, and the run before stays behind. */
  start(point, done) {
    clearTimeout(this.letting)
    if (!done) this.leaveBehind()
    this.dragging ||= !done
    this.held = !done
    if (!done && this.trajectory) return this.sketch(this.trajectory.frames(point, this.trajectory.turn))
    this.tell("started", [...point, done])
    if (!done) return
    this.begun = performance.now()
    this.letting = setTimeout(() => (this.dragging = false), AFTER)
    if (!this.dragging) return
    // What it will be is on the page already, or nearly.
    if (this.moves) this.restart()
    else this.seek(0)
  }

  /** Show where the descent goes at another turn of the dial, before the server says so. */
  turn({ name, value }) {
    if (!this.trajectory?.dial || this.trajectory.dial !== name) return
    this.leaveBehind()
    this.turned = { value }
    this.turnedAt = performance.now()
    this.sketch(this.trajectory.frames(this.trajectory.at, value))
  }

  /** Whether a message from the server is no older than the dial's turn, or need not be. */
  isAnswer(trajectory) {
    return !trajectory?.dial || trajectory.turn === this.turned?.value || !this.isTurning
  }

  get isTurning() {
    return performance.now() - this.turnedAt < AFTER
  }

  /** Let the run that stood there before the hand came be the ghost. */
  leaveBehind() {
    for (const chart of this.charts.values()) {
      chart.lift()
      if (!this.dragging && !this.isTurning) chart.ghost(this.given)
    }
  }

  /** Show frames that no server has sent, until it sends others. */
  sketch(frames) {
    this.frames = frames
    this.epoch = this.state === "ended" ? this.end : Math.min(this.epoch, this.end)
    this.adapt()
    this.count(this.end)
    this.draw()
  }

  count(total) {
    this.find(".player-epoch").innerHTML = `epoch <b></b> of ${total.toLocaleString("en-US")}`
  }

  /** The last epoch there is so far. */
  get end() {
    return this.frames.epoch(this.frames.length - 1)
  }

  get over() {
    return this.epoch >= this.end && this.data.outcome !== "running"
  }

  adapt() {
    const scrub = this.find(".player-scrub")
    scrub.max = this.end
    this.root.dataset.epochs = this.end
    const wanted = this.end / PLAYING_TIME / EPOCHS_A_SECOND
    const nearest = SPEEDS.reduce((a, b) => (Math.abs(Math.log(b / wanted)) < Math.abs(Math.log(a / wanted)) ? b : a))
    this.speed = this.chosenSpeed ?? nearest
    this.find("select").value = this.speed
    for (const chart of this.charts.values()) chart.prepared = null
  }

  play() {
    this.following = false
    if (this.over) this.epoch = 0
    for (const chart of this.charts.values()) chart.lift()
    this.mark("playing")
    this.time = performance.now()
    this.tick ??= requestAnimationFrame((now) => this.advance(now))
    this.draw()
  }

  advance(now) {
    this.tick = null
    if (this.state !== "playing") return
    const elapsed = Math.min(now - this.time, 250) / 1000
    this.time = now
    this.epoch = Math.min(this.epoch + Math.max(elapsed, 0) * (this.chosenSpeed ?? this.speed) * EPOCHS_A_SECOND, this.end)
    if (this.over) return this.rest("ended")
    this.draw()
    this.tick = requestAnimationFrame((next) => this.advance(next))
  }

  toggle() {
    if (this.state === "playing") this.rest("paused")
    else this.play()
    // The server need not train on for a watcher who paused.
    if (this.data.outcome === "running") this.tell(this.state === "playing" ? "played" : "paused", true)
  }

  restart() {
    this.epoch = 0
    if (this.state === "playing") this.draw()
    else this.play()
  }

  step(by) {
    const frame = Math.max(0, Math.min(this.frames.length - 1, this.frame + by))
    this.seek(this.frames.epoch(frame))
  }

  seek(epoch) {
    this.following = false
    this.epoch = Math.min(epoch, this.end)
    if (this.state === "playing" && !this.over) this.draw()
    else this.rest(this.over ? "ended" : "paused")
  }

  press(event) {
    const elsewhere = "input:not(.player-scrub), textarea, select, [contenteditable], [role=slider], [role=combobox], [role=grid], [role=tab], canvas"
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(elsewhere)) return
    if (event.target.closest?.("button, a, summary") && event.key === " ") return
    const act = { " ": () => this.toggle(), ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1), Home: () => this.seek(0), End: () => this.seek(this.end) }[event.key]
    if (!act || !this.frames) return
    event.preventDefault()
    act()
  }

  /** Tell the server the epoch shown, for another run to go on from there. */
  branch() {
    this.tell("branched", Math.floor(this.frames.epoch(this.frame)))
  }

  /** Stand still here, and let Plotly have the moving parts once nothing has changed for a moment. */
  rest(state) {
    this.epoch = this.frames.epoch(this.frames.at(this.epoch))
    this.mark(state)
    this.draw()
    clearTimeout(this.settling)
    this.settling = setTimeout(() => {
      if (this.state === "playing" || this.changing || this.held) return
      for (const chart of this.charts.values()) chart.settle(this.frames, this.frame)
      this.report()
    }, 120)
  }

  /** Tell the server at which epoch the player rests, if it wants to know and does not yet. */
  report() {
    if (!this.data.reports || this.reported === this.epoch) return
    this.reported = this.epoch
    this.tell("rested", this.epoch)
  }

  mark(state) {
    this.state = this.root.dataset.state = state
    const playing = state === "playing"
    const button = this.find(".player-play")
    button.setAttribute("aria-label", playing ? "Pause" : "Play")
    button.title = playing ? "Pause (space)" : "Play (space)"
    this.find(".player-play-icon").setAttribute("d", playing ? PAUSE : PLAY)
  }

  draw() {
    if (!this.readouts || this.changing) return
    const k = (this.frame = this.frames.at(this.epoch))
    const epoch = this.frames.epoch(k)
    for (const chart of this.charts.values()) chart.draw(this.frames, k)
    this.root.dataset.epoch = epoch
    this.find(".player-scrub").value = epoch
    if (this.state !== "playing" || performance.now() - this.lastRead > READING) this.read()
  }

  /** Write down the numbers of the frame shown. */
  read() {
    if (!this.readouts || this.changing) return
    this.lastRead = performance.now()
    const k = this.frame
    for (const readout of this.readouts) readout.draw(this.frames, k)
    for (const table of tables.values()) table.draw(this.frames, k)
    this.find(".player-epoch b").textContent = this.frames.epoch(k).toLocaleString("en-US")
  }

  theme() {
    const style = getComputedStyle(this.root)
    const get = (name) => style.getPropertyValue(name).trim()
    const [r, g, b] = getComputedStyle(this.root).color.match(/[\d.]+/g).map(Number)
    this.root.style.colorScheme = (r + g + b) / 3 > 128 ? "dark" : "light"
    const mix = (share) => `color-mix(in srgb, ${get("--st-text-color")} ${share}%, transparent)`
    return { ink: get("--st-text-color"), paper: get("--st-background-color"), font: get("--st-font"), grid: plain(mix(16)), muted: plain(mix(55)) }
  }

  resize() {
    clearTimeout(this.resized)
    this.resized = setTimeout(() => this.charts.forEach((chart) => chart.resize()), 60)
  }

  /** Let go of everything, unless Streamlit only calls again with the element still on the page. */
  leave(parent) {
    if (parent.isConnected && parent.contains(this.root)) return
    this.state = "paused"
    clearTimeout(this.settling)
    this.listeners.abort()
    this.resizing.disconnect()
    for (const chart of this.charts.values()) chart.purge()
    players.delete(this.root)
  }
}

/** A colour that Plotly's parser knows. */
function plain(color) {
  const probe = document.body.appendChild(document.createElement("i"))
  probe.style.color = color
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d")
  canvas.fillStyle = getComputedStyle(probe).color
  probe.remove()
  canvas.fillRect(0, 0, 1, 1)
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
  return `rgba(${r},${g},${b},${(a / 255).toFixed(2)})`
}
