// Streamlit sends this file with every message, and may deliver a message twice.

export default function ({ data: { parameters, call } }) {
  if (globalThis.wentBy === call) return
  globalThis.wentBy = call
  history.pushState({ isEntry: true }, "", `?${parameters}`) // as components/share marks what is complete
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }))
}
