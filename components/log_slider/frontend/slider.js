// A slider on a log scale. It keeps no value of its own: it shows the one it is sent, and reports where it is moved.
// Streamlit sends this file with every message.

const STEPS_PER_DECADE = 200 // 0.01, 0.0101, 0.0102, 0.0104, 0.0105 ...
const MESSAGE_INTERVAL_MS = 120 // between two messages while the thumb is dragged, at least
const STALE_ANSWER_MS = 1000 // after a move, while an answer may still be one to an older move

/** The nearest number with three digits (two if whole), or the end of the scale. */
const round = (value, { low, high, whole }) =>
  Math.min(high, Math.max(low, whole ? Math.max(1, Number(value.toPrecision(2))) : Number(value.toPrecision(3))))

/** Draw the coloured zones and the ticks between them, the numbers and the note below, and the buttons that jump. */
function describe({ value: shown, marks, jumps, note, low, high }, root, move) {
  const [slider, from, to] = [root.querySelector(".log-slider"), Math.log10(low), Math.log10(high)]
  const at = ([, value]) => Math.min(1, Math.max(0, (Math.log10(value) - from) / (to - from)))
  const place = (mark) => `calc(9px + (100% - 18px) * ${at(mark)})`
  slider.classList.toggle("zoned", marks.length > 0)
  if (marks.length) {
    slider.style.setProperty("--first", place(marks[0]))
    slider.style.setProperty("--last", place(marks.at(-1)))
    slider.dataset.zone = shown >= marks.at(-1)[1] ? "beyond" : shown > marks[0][1] ? "between" : "before"
  }
  const ticks = marks.filter((mark) => at(mark) > 0 && at(mark) < 1)
  root.querySelector(".log-slider-ticks").replaceChildren(...ticks.map((mark) => {
    const tick = document.createElement("i")
    tick.style.left = place(mark)
    tick.dataset.mark = mark[0]
    return tick
  }))
  const [words, buttons, says] = ["numbers", "jumps", "note"].map((name) => root.querySelector(`.log-slider-${name}`))
  words.textContent = marks.map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`).join(" · ")
  says.textContent = note
  root.querySelector("input").setAttribute("aria-description", [words, says].map((e) => e.textContent).join(". "))
  // Buttons are reused: one that has the focus must not lose it.
  while (buttons.childElementCount > jumps.length) buttons.lastChild.remove()
  jumps.forEach(([name, value], i) => {
    const button = buttons.children[i] ?? buttons.appendChild(document.createElement("button"))
    Object.assign(button, { type: "button", textContent: name, title: `Set ${value}`, onclick: () => move(value) })
  })
}

/** Do it now, or where there is no connection once it is back. */
const whenConnected = (act, detail) => {
  if (document.dispatchEvent(new CustomEvent("tell", { cancelable: true, detail: { act, ...detail } }))) act()
}

/** Called at every message, always with the same element. */
export default function ({ data, parentElement, setTriggerValue }) {
  const input = parentElement.querySelector("input")
  const [low, high] = [Math.log10(data.low), Math.log10(data.high)]
  const [min, max] = [low, high].map((end) => Math.round(end * STEPS_PER_DECADE))
  Object.assign(input, { min, max, step: 1 })
  // It is named by a picture that is not shown: a label of these words belongs to the field above it alone.
  const name = parentElement.querySelector(".log-slider-name")
  Object.assign(name, { id: `${data.id}-name`, alt: data.label })
  input.setAttribute("aria-labelledby", name.id)
  const show = (value) => input.setAttribute("aria-valuetext", String(value))
  // While the thumb is dragged, what the server sends is already out of date.
  const isDragged = input.matches(":active") && Date.now() - Number(input.dataset.at ?? 0) < STALE_ANSWER_MS
  const value = () => round(10 ** (input.value / STEPS_PER_DECADE), data)
  // A thumb that already shows the value stays where it is: several places round to the same whole number.
  if (!isDragged && value() !== data.value) input.value = Math.round(Math.log10(data.value) * STEPS_PER_DECADE)
  show(data.value)
  // Other components on the page need not wait for the server.
  const say = (to) => document.dispatchEvent(new CustomEvent("dial", { detail: { name: data.dial, value: to } }))
  const tell = (to) => whenConnected(() => setTriggerValue("moved", to), { name: data.id, parameter: data.parameter, value: to })
  const send = () => {
    input.dataset.at = Date.now()
    show(value())
    if (String(value()) === input.dataset.sent) return
    input.dataset.sent = value()
    tell(value())
  }
  input.oninput = () => {
    say(value())
    clearTimeout(input.later)
    const wait = MESSAGE_INTERVAL_MS - (Date.now() - Number(input.dataset.at ?? 0))
    if (wait <= 0) send()
    else input.later = setTimeout(send, wait)
  }
  describe(data, parentElement, (to) => { say(to); tell(to) })
  input.onchange = () => { clearTimeout(input.later); send() }
  // An arrow key goes to the next value, however many places of the track round to this one.
  input.onkeydown = (event) => {
    const step = { ArrowRight: "stepUp", ArrowUp: "stepUp", ArrowLeft: "stepDown", ArrowDown: "stepDown" }[event.key]
    if (!step) return
    event.preventDefault()
    const before = value()
    for (let place = null; value() === before && place !== input.value; ) {
      place = input.value
      input[step]()
    }
    input.oninput()
  }
  if (!isDragged) input.dataset.sent = data.value
}
