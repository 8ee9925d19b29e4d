// The page's address: a button copies it and shows it as a code, and Back and Forward go to the addresses that were complete.
// Streamlit sends this file with every message.

const FORMAT = { format: "gradient-descent-playground", version: 1 } // as app/dataset/settings_file.py reads it

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

/** @returns whether it is in the clipboard; a field to copy from has to be within what is on top. */
async function copy(text, top) {
  try {
    await navigator.clipboard.writeText(text) // on HTTPS and on one's own machine only
    return true
  } catch {
    const field = top.appendChild(Object.assign(document.createElement("textarea"), { value: text }))
    field.select()
    const isCopied = document.execCommand("copy")
    field.remove()
    return isCopied
  }
}

/** The bytes of a table that this browser keeps, in Base64; nothing if it does not. */
async function bytesOf(table) {
  const detail = { ...table }
  document.dispatchEvent(new CustomEvent("wanted", { detail }))
  const blob = await detail.found
  if (!blob) return null
  const reader = new FileReader()
  await new Promise((resolve) => {
    reader.onloadend = resolve
    reader.readAsDataURL(blob)
  })
  return String(reader.result).split(",")[1]
}

/** Its panel: the link that is shared, which may hide controls of the page and open at rest. */
class Panel {
  constructor(root) {
    this.root = root
    root.addEventListener("change", ({ target }) => target.name && this.share())
    root.addEventListener("toggle", () => this.root.matches(":popover-open") || this.button.focus({ preventScroll: true }))
    this.find(".share-close").onclick = () => root.hidePopover()
    this.find(".share-save").onclick = () => this.save()
    this.find(".share-link").onfocus = ({ target }) => target.select()
  }

  find(selector) {
    return this.root.querySelector(selector)
  }

  /** The page's address with what was chosen here. */
  get link() {
    const link = new URL(location.href)
    const hidden = [...this.root.querySelectorAll("[name=shows]:not(:checked)")].map(({ value }) => value)
    const chosen = { hide: hidden.join(), play: this.find("[name=plays]").checked ? "" : "0", lecture: this.find("[name=lectures]").checked ? "1" : "" }
    for (const [name, value] of Object.entries(chosen)) {
      if ((link.searchParams.get(name) ?? "") === value) continue // or the link would be written otherwise
      if (value) link.searchParams.set(name, value)
      else link.searchParams.delete(name)
    }
    return link
  }

  /** Begin with what the page's own address says. */
  open(data) {
    this.data = data
    const parameters = new URLSearchParams(location.search)
    const hidden = new Set((parameters.get("hide") ?? "").split(","))
    this.find(".share-groups").replaceChildren(...data.groups.map(([value, title]) => {
      const label = document.createElement("label")
      label.append(Object.assign(document.createElement("input"), { type: "checkbox", name: "shows", value, checked: !hidden.has(value) }), title)
      return label
    }))
    this.find("[name=plays]").checked = parameters.get("play") !== "0"
    this.find("[name=lectures]").checked = false
    this.find("[name=lectures]").parentElement.hidden = !parameters.has("lecture")
    this.root.showPopover()
    this.share()
  }

  /** Copy the link, and show it as a code unless it is too long for one. */
  async share() {
    const { code, most, copied, failed } = this.data
    const link = this.link.href
    const [image, why] = [".share-code", ".share-why"].map((selector) => this.find(selector))
    this.find(".share-link").value = link
    image.hidden = link.length > most
    if (!image.hidden) image.src = `${code}?${new URLSearchParams({ text: link })}`
    why.textContent = image.hidden ? `This link has ${link.length.toLocaleString("en-US")} letters: codes that a phone can read hold ${most}. Send the link, or the file.` : ""
    this.find("output").textContent = (await copy(link, this.root)) ? copied : failed
  }

  async save() {
    const { file, table } = this.data
    const parameters = Object.fromEntries([...this.link.searchParams.keys()].map((name) => [name, this.link.searchParams.getAll(name)]))
    const base64 = table && (await bytesOf(table).catch(() => null))
    const content = { ...FORMAT, parameters, table: base64 ? { name: table.name, base64 } : null }
    const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }))
    Object.assign(document.createElement("a"), { href: url, download: file }).click()
    setTimeout(() => URL.revokeObjectURL(url)) // after the click has been dealt with
  }
}

export default function ({ data, parentElement }) {
  keepHistory(data.entry)
  document.documentElement.dataset.hides = (new URLSearchParams(location.search).get("hide") ?? "").replaceAll(",", " ")
  const [button, root] = ["button", ".share-panel"].map((selector) => parentElement.querySelector(selector))
  root.panel ??= new Panel(root)
  root.panel.button = button
  button.onclick = () => root.panel.open(data)
}
