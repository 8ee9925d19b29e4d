// The page's address: a button copies it, and Back and Forward go to the addresses that were complete.
// Streamlit sends this file with every message.

const SAID_MS = 8000 // for which the answer stays

/** Streamlit adds an entry whenever the server moves a widget, and none when the user does: so Back led to addresses
 * with some settings of one table and some of another. Here whoever chooses another `parameter` begins an entry, and all
 * that follows from it completes that entry. */
function keepHistory(parameter) {
  if (globalThis.hasHistoryByEntry) return
  globalThis.hasHistoryByEntry = true
  let hasActed = false // or the page only answers the browser's Back, or completes a link
  let search = location.search
  for (const kind of ["pointerdown", "keydown", "change", "drop"]) addEventListener(kind, () => (hasActed = true), true)
  const valueIn = (url) => new URL(url, location.href).searchParams.get(parameter)
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)]
  history.pushState = history.replaceState = (state, unused, url = location.href) => {
    const change = hasActed && valueIn(url) !== valueIn(location.href) ? push : replace
    change({ ...state, isEntry: true }, unused, url)
    search = location.search
  }
  history.replaceState(history.state, "")
  addEventListener("popstate", (event) => {
    hasActed = false
    const isLink = !event.state?.isEntry && location.search !== search // as it was before the server completed it
    search = location.search
    if (!isLink) return
    event.stopImmediatePropagation()
    history.back()
  }, true)
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text) // on HTTPS and on one's own machine only
    return true
  } catch {
    const field = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }))
    field.select()
    const isCopied = document.execCommand("copy")
    field.remove()
    return isCopied
  }
}

export default function ({ data, parentElement }) {
  keepHistory(data.entry)
  const [button, answer] = ["button", "output"].map((name) => parentElement.querySelector(name))
  button.onclick = async () => {
    answer.textContent = (await copy(location.href)) ? data.copied : data.failed
    clearTimeout(answer.later)
    answer.later = setTimeout(() => (answer.textContent = ""), SAID_MS)
  }
}
