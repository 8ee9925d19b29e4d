const PER_DECADE = 100
const EVERY = 120  // milliseconds between messages while the thumb is dragged

// The nearest number with three digits, or the end of the scale.
const round = (value, { low, high, whole }) =>
  Math.min(high, Math.max(low, whole ? Math.max(1, Number(value.toPrecision(2))) : Number(value.toPrecision(3))))

export default function ({ data, parentElement, setTriggerValue }) {
  const input = parentElement.querySelector("input")
  const [low, high] = [Math.log10(data.low), Math.log10(data.high)]
  const [min, max] = [low, high].map((end) => Math.round(end * PER_DECADE))
  Object.assign(input, { min, max, step: 1, title: data.label })
  const show = (value) => input.setAttribute("aria-valuetext", String(value))
  // While the thumb is dragged, what comes back is already behind it.
  const held = input.matches(":active") && Date.now() - Number(input.dataset.at ?? 0) < 1000
  const value = () => round(10 ** (input.value / PER_DECADE), data)
  // A thumb that stands for the value already stays where it is: whole numbers have several places.
  if (!held && value() !== data.value) input.value = Math.round(Math.log10(data.value) * PER_DECADE)
  show(data.value)
  const send = () => {
    input.dataset.at = Date.now()
    show(value())
    if (String(value()) === input.dataset.sent) return
    input.dataset.sent = value()
    setTriggerValue("moved", value())
  }
  input.oninput = () => {
    clearTimeout(input.later)
    const wait = EVERY - (Date.now() - Number(input.dataset.at ?? 0))
    if (wait <= 0) send()
    else input.later = setTimeout(send, wait)
  }
  input.onchange = () => { clearTimeout(input.later); send() }
  // Each arrow key goes to the next value, however many places it has.
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
  if (!held) input.dataset.sent = data.value
}
