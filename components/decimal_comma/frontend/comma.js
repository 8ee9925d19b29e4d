// A comma typed or pasted into a number field becomes the point that the field knows, as one sees at once.

/** A number's text with a point as its decimal mark: of "1.234,5" the last mark is, and a comma that stands alone. */
export const withPoint = (text) => {
  const comma = text.lastIndexOf(","), point = text.lastIndexOf(".")
  if (comma > point && text.indexOf(",") === comma) return text.replaceAll(".", "").replace(",", ".")
  return text.replaceAll(",", "")
}

const takesFractions = (element) =>
  element instanceof HTMLInputElement && element.type === "number" && !Number.isInteger(Number(element.step || 1))

const replaceComma = (event) => {
  if (!event.data?.includes(",") || !takesFractions(event.target)) return
  event.preventDefault()
  document.execCommand("insertText", false, withPoint(event.data)) // with the browser's own undo
}

/** Streamlit calls it at every message; listening once is enough, and the listener may outlive the component. */
export default function () {
  document.addEventListener("beforeinput", replaceComma, true)
  return () => document.removeEventListener("beforeinput", replaceComma, true)
}
