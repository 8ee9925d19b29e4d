// What the browser does for the card of a lesson's step. Streamlit sends this file with every message.

const STORE = "lessons" // in localStorage: {lesson: {step, attempts, toDo}}
const CARD = ".st-key-lesson"
const STUCK = ".player-controls, .st-key-thumb" // what stays in view by itself on a phone
const RING = "outline: 3px solid #e6b000; outline-offset: 1px; border-radius: 6px;"
const GLOW = "outline: none; filter: drop-shadow(0 0 2px #e6b000) drop-shadow(0 0 5px #e6b000);"

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? {}
  } catch {
    return {} // a browser that lets no page store anything, or a text of somebody else's
  }
}

const isKnown = ([, , hasGuess, isDone]) => hasGuess || isDone

/** Keep the place and the attempts; what only the browser knows of goes to the server, once. */
function remember({ lesson, step, attempts, to_do: toDo }, tell) {
  const all = stored(), before = all[lesson]?.attempts ?? []
  const isOlder = before.length === attempts.length
  const merged = attempts.map((attempt, i) => (isOlder && !isKnown(attempt) ? before[i] : attempt))
  try {
    localStorage.setItem(STORE, JSON.stringify({ ...all, [lesson]: { step: step + 1, attempts: merged, toDo } }))
  } catch { /* then nothing is remembered */ }
  if (merged.some((attempt, i) => isKnown(attempt) && !isKnown(attempts[i]))) tell("remembered", merged)
}

/** Forget what was made of a step, which is then asked once more. */
function forget({ lesson, step, attempts }) {
  const all = stored()
  if (all[lesson]?.attempts) all[lesson].attempts[step] = [attempts[step][0], attempts[step][1], false, false]
  try {
    localStorage.setItem(STORE, JSON.stringify(all))
  } catch { /* then nothing is remembered */ }
}

/** A style sheet of the component's own, which no rendering of Streamlit's undoes. */
function styled(host, name, css) {
  const style = host.querySelector(`style.${name}`) ?? host.appendChild(document.createElement("style"))
  style.className = name
  style.textContent = css
}

/** A part of a drawing has no outline, but can glow. */
const ring = (selectors) => {
  const lit = `:is(${selectors.join(", ")})`
  return selectors.length ? `${lit} { ${RING} } ${lit}:is(svg *) { ${GLOW} }` : ""
}

/** The first of what a selector finds that can be seen or scrolled to. */
const found = (selector) =>
  [...document.querySelectorAll(selector)].find((element) => element.getClientRects().length && element.getBoundingClientRect().right > 0)

/** Scroll there, unless all of it is in view beside the card. With a row of tabs what the open one holds is meant too, and
 * above it the player's buttons, which no card is to hide. */
function bringToView(element) {
  const tabs = element.matches("[role=tablist]") && element.closest(".st-key-tab")
  const main = element.closest(STUCK) ? null : element.closest("[data-testid=stMain]")
  const { scrollPaddingTop, scrollPaddingBottom } = main ? getComputedStyle(main) : {}
  const [above, below] = [scrollPaddingTop, scrollPaddingBottom].map((padding) => parseFloat(padding) || 0)
  const box = (tabs || element).getBoundingClientRect()
  if (box.top >= above && box.bottom <= innerHeight - below) return
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"
  const controls = tabs && !below && document.querySelector(".player-controls")
  if (controls) controls.scrollIntoView({ block: "start", behavior })
  else element.scrollIntoView({ block: "center", behavior })
}

/** Once the player is there, bring what a step lights to the view as it opens. */
function openStep({ lesson, step, lit }, browser, signal) {
  const name = `${lesson}/${step}`
  if (browser.dataset.opened === name || signal.aborted) return
  const isThere = document.querySelector("[data-testid=player][data-state]")
  if (!isThere) return void requestAnimationFrame(() => openStep({ lesson, step, lit }, browser, signal))
  browser.dataset.opened = name
  const element = lit.length && found(lit[0])
  if (element) bringToView(element)
}

/** What a link lights up. */
const nameOf = (link) => decodeURIComponent(link.getAttribute("href").slice(1))

/** The link that an event is about, if its address starts so. */
const linkAt = (event, start) => event.target.closest?.(`a[href^="${start}"]`)

export default function ({ data, parentElement, setTriggerValue }) {
  const card = parentElement.closest(CARD)
  if (!card) return
  const listeners = new AbortController()
  const { signal } = listeners
  remember(data, setTriggerValue)

  styled(parentElement, "lit", ring(data.lit))
  const light = (link) => {
    const selector = link && data.words[nameOf(link)]
    styled(parentElement, "spoken", ring(selector ? [selector] : []))
  }
  for (const type of ["pointerover", "focusin", "pointerdown"]) card.addEventListener(type, (event) => light(linkAt(event, "#")), { signal })
  for (const type of ["pointerleave", "focusout"]) card.addEventListener(type, () => light(null), { signal })
  card.addEventListener("click", (event) => {
    const lights = linkAt(event, "#"), acts = linkAt(event, "?")
    if (!lights && !acts) return
    event.preventDefault()
    event.stopPropagation()
    const spoken = lights && found(data.words[nameOf(lights)])
    if (spoken) bringToView(spoken)
    if (acts) setTriggerValue("acted", [...card.querySelectorAll('a[href^="?"]')].indexOf(acts))
  }, { signal, capture: true })
  // Streamlit makes buttons of links within a page, which these are not: "Play" is one of the player's.
  const name = () => {
    for (const [start, role] of [["?", "button"], ["#", "link"]]) {
      for (const link of card.querySelectorAll(`a[href^="${start}"]`)) link.setAttribute("role", role)
    }
  }
  name()
  const watcher = new MutationObserver(name)
  watcher.observe(card, { childList: true, subtree: true })

  const [browser, fold, line] = ["browser", "fold", "line"].map((part) => parentElement.querySelector(`.lesson-${part}`))
  openStep(data, browser, signal)
  if (!data.waits) line.textContent = ""
  const root = document.documentElement
  const measure = () => root.style.setProperty("--lesson-height", `${card.offsetHeight}px`)
  const folding = (isOpen) => {
    fold.setAttribute("aria-expanded", String(isOpen))
    browser.classList.toggle("lesson-folded", !isOpen)
    measure()
  }
  fold.onclick = () => folding(browser.classList.contains("lesson-folded"))
  const size = new ResizeObserver(measure)
  size.observe(card)
  // In a lecture a question with options can be put to the room.
  const hands = parentElement.querySelector(".lesson-hands")
  hands.hidden = !data.options
  hands.onclick = () => document.dispatchEvent(new CustomEvent("hands"))
  const [, answer, , isDone] = data.attempts[data.step]
  if (data.options && isDone) document.dispatchEvent(new CustomEvent("answered", { detail: { answer } }))
  document.addEventListener("again", () => {
    if (!data.options) return
    forget(data)
    setTriggerValue("again", true)
  }, { signal })
  document.addEventListener("sketched", (event) => setTriggerValue("sketched", event.detail), { signal })
  document.addEventListener("refused", () => (line.textContent = data.waits), { signal })
  return () => {
    listeners.abort()
    watcher.disconnect()
    size.disconnect()
    if (!card.isConnected) root.style.removeProperty("--lesson-height")
  }
}
