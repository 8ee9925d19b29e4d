// While the server is out of reach one line says so, and what other components have to tell it waits.
// Streamlit sends this file with every message.

const APP = "[data-testid=stApp]"
const ANNOUNCED_AFTER_MS = 1000 // a shorter cut is not worth a line

class Connection {
  constructor(app) {
    this.app = app
    /** What to do once the script has run for a server that is back, by name. */
    this.waiting = new Map()
    this.line = Object.assign(document.createElement("p"), { className: "connection-line", role: "status" })
    document.body.append(this.line)
    new MutationObserver(() => this.changed()).observe(app, { attributeFilter: ["data-test-connection-state"] })
    new MutationObserver(() => this.act()).observe(app, { attributeFilter: ["data-test-script-state"] })
    new MutationObserver(() => this.dismiss()).observe(document.body, { childList: true })
    document.addEventListener("tell", (event) => {
      if (this.isOpen) return
      event.preventDefault()
      this.waiting.set(event.detail.name, event.detail)
    })
    document.addEventListener("forgotten", () => this.reload())
  }

  get isOpen() {
    return this.app.dataset.testConnectionState === "CONNECTED"
  }

  changed() {
    clearTimeout(this.later)
    this.isComplete = false
    if (!this.isOpen) return (this.later = setTimeout(() => this.say(this.away), ANNOUNCED_AFTER_MS))
    this.say("")
    // A server that was started again does not know the page: without this the sliders would be dead.
    this.tell("back", true)
  }

  say(words) {
    const { backgroundColor, color } = getComputedStyle(this.app)
    const { fontFamily } = getComputedStyle(document.body)
    Object.assign(this.line.style, { backgroundColor, color, fontFamily })
    this.line.textContent = words
  }

  /** Close Streamlit's dialog, as its own button does: it does not come again before the connection is back. */
  dismiss() {
    const dialog = this.isOpen ? null : document.querySelector("[data-testid=stDialog] [role=dialog]")
    if (dialog?.querySelector("h2")?.textContent === "Connection error") dialog.querySelector("button").click()
  }

  /** The script has run to its end: all that it shows has been sent. */
  ran({ away }, tell) {
    Object.assign(this, { away, tell, isComplete: this.isOpen })
    this.act()
  }

  /** Do what waits, once the page is complete; earlier there are widgets that do not know their values yet. */
  act() {
    if (!this.isComplete || this.app.dataset.testScriptState !== "notRunning") return
    const all = [...this.waiting.values()]
    this.waiting.clear()
    for (const { act } of all) act()
  }

  /** Begin again from the address, which first takes what waits and has a place there. */
  reload() {
    const address = new URL(location.href)
    for (const { parameter, value } of this.waiting.values()) if (parameter) address.searchParams.set(parameter, value)
    history.replaceState(history.state, "", address)
    location.reload()
  }
}

export default function ({ data, setTriggerValue }) {
  globalThis.connection ??= new Connection(document.querySelector(APP))
  globalThis.connection.ran(data, setTriggerValue)
}
