// The first visit's line. Streamlit sends this file with every message.

const DISMISSED = "offer-dismissed"

const remembers = (name) => {
  try {
    return localStorage.getItem(name) !== null
  } catch {
    return true // such a browser could not forget the line either
  }
}

export default function ({ data, parentElement }) {
  const [line, words, link, dismiss] = [".offer", "span", "a", "button"].map((part) => parentElement.querySelector(part))
  words.textContent = data.words
  link.textContent = data.link
  link.href = data.to
  line.hidden = remembers(DISMISSED) || remembers("lessons")
  dismiss.onclick = () => {
    line.hidden = true
    localStorage.setItem(DISMISSED, "")
  }
}
