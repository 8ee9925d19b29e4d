// What a term means, beside its word while the pointer, the focus or a finger is on it.
// Streamlit sends this file with every message.

const LABEL = "[data-testid=stWidgetLabel]"
const GAP_PX = 6

/** The label of the widget around an element and its explanation; nothing if there is none. */
function explained(element, part = "") {
  for (const [key, text] of Object.entries(globalThis.explanations)) {
    const widget = element.closest?.(`.st-key-${key}${part}`)?.closest(`.st-key-${key}`)
    const label = widget?.querySelector(LABEL)
    if (label) return { label, text }
  }
}

function listen() {
  const tip = document.body.appendChild(document.createElement("div"))
  tip.className = "term-tip"
  tip.setAttribute("role", "tooltip")
  const hide = () => (tip.hidden = true)
  const show = ({ label, text }) => {
    tip.textContent = text
    tip.hidden = false
    const { backgroundColor } = getComputedStyle(document.querySelector("[data-testid=stApp]"))
    const { fontFamily, color } = getComputedStyle(label)
    Object.assign(tip.style, { backgroundColor, fontFamily, color })
    const at = label.getBoundingClientRect()
    const top = at.top - tip.offsetHeight - GAP_PX
    tip.style.left = `${Math.max(GAP_PX, Math.min(at.left, innerWidth - tip.offsetWidth - GAP_PX))}px`
    tip.style.top = `${top > 0 ? top : at.bottom + GAP_PX}px`
  }
  hide()
  document.addEventListener("pointerover", (event) => {
    const found = explained(event.target, ` ${LABEL}`)
    if (found) show(found)
    else if (event.pointerType === "mouse" && !explained(document.activeElement)) hide()
  })
  document.addEventListener("focusin", (event) => {
    const found = explained(event.target)
    if (!found) return hide()
    event.target.setAttribute("aria-description", found.text)
    if (event.target.matches(":focus-visible")) show(found)
  })
  document.addEventListener("focusout", hide)
  document.addEventListener("pointerdown", (event) => explained(event.target, ` ${LABEL}`) || hide())
  for (const kind of ["keydown", "scroll"]) document.addEventListener(kind, hide, true)
}

export default function ({ data, parentElement }) {
  globalThis.explanations = data.explanations
  if (!document.querySelector(".term-tip")) listen()
  const labels = Object.keys(data.explanations).map((key) => `.st-key-${key} ${LABEL} p`)
  const style = parentElement.querySelector("style.terms") ?? parentElement.appendChild(document.createElement("style"))
  style.className = "terms"
  style.textContent = `${labels.join(", ")} { text-decoration: underline dotted; text-underline-offset: 0.2em; cursor: help; }`
}
