"""The slider keeps no value of its own: it is given one, and says where the user moved it."""

from collections.abc import Callable

import streamlit as st

CSS = """
.log-slider input { width: 100%; height: 1.75rem; margin: 0; accent-color: var(--st-primary-color); cursor: pointer; }
.log-slider input:focus-visible { outline: 2px solid var(--st-primary-color); border-radius: 4px; }
.log-slider { margin-top: -0.75rem; }
"""

JS = """
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
  const [r, g, b] = getComputedStyle(parentElement).color.match(/[\\d.]+/g)
  input.style.colorScheme = (Number(r) + Number(g) + Number(b)) / 3 > 128 ? "dark" : "light"
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
"""

HTML = '<div class="log-slider"><input type="range"></div>'

_component = st.components.v2.component("log_slider", html=HTML, css=CSS, js=JS, isolate_styles=False)


def log_slider(
    label: str, *, key: str, value: float, low: float, high: float, whole: bool, moved: Callable[[], None]
) -> None:
    """Show `value` between `low` and `high`.

    When the user moves it, `moved` is called before the rerun and finds the new value in
    the session state, as the attribute `moved` of `key`.
    """
    data = {"label": label, "value": value, "low": low, "high": high, "whole": whole}
    _component(key=key, data=data, on_moved_change=moved)
