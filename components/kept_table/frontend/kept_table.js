// The visitor's own tables in the browser's storage: what is known of each, and its bytes.
// Streamlit sends this file with every message.

const TAB = "table" // in sessionStorage: the fingerprint of the table that this browser tab shows
const UPLOADER = "[data-testid=stFileUploaderDropzoneInput]"
const LOOK_INTERVAL_MS = 50
const MEGABYTE = 1024 * 1024

const finished = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

/** The first element of a selector, as soon as there is one: Streamlit loads the script of its uploader late. */
const appearing = (selector) => new Promise((resolve) => {
  const look = () => {
    const found = document.querySelector(selector)
    if (found) resolve(found)
    else setTimeout(look, LOOK_INTERVAL_MS)
  }
  look()
})

class Storage {
  /** All that is kept, the newest first. */
  async tables() {
    const all = await finished((await this.stores("readonly")).tables.getAll())
    return all.toSorted((a, b) => b.order - a.order)
  }

  async bytes(name) {
    return finished((await this.stores("readonly")).bytes.get(name))
  }

  /** A table takes the place of an older one of its name. */
  async keep(table, blob, maxBytes) {
    const others = (await this.tables()).filter((other) => other.name !== table.name)
    const order = (others[0]?.order ?? 0) + 1 // no clock, which may be wrong
    let left = maxBytes - table.size
    const tooMuch = others.filter((other) => (left -= other.size) < 0)
    await this.write(({ tables, bytes }) => {
      for (const { name } of tooMuch) { tables.delete(name); bytes.delete(name) }
      tables.put({ ...table, order })
      bytes.put(blob, table.name)
    })
  }

  async update(table) {
    await this.write(({ tables }) => tables.put(table))
  }

  async remove(name) {
    await this.write(({ tables, bytes }) => { tables.delete(name); bytes.delete(name) })
  }

  async clear() {
    await this.write(({ tables, bytes }) => { tables.clear(); bytes.clear() })
  }

  async write(change) {
    const stores = await this.stores("readwrite")
    change(stores)
    const { transaction } = stores.tables
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onabort = () => reject(transaction.error)
    })
  }

  async stores(mode) {
    this.database ??= this.open()
    this.database.catch(() => (this.database = undefined))
    const transaction = (await this.database).transaction(["tables", "bytes"], mode)
    return { tables: transaction.objectStore("tables"), bytes: transaction.objectStore("bytes") }
  }

  open() {
    const request = indexedDB.open("playground", 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore("tables", { keyPath: "name" })
      request.result.createObjectStore("bytes")
    }
    return finished(request)
  }
}

class Keeper {
  constructor() {
    this.storage = new Storage()
    /** The file that the visitor chose last. */
    this.file = null
    /** Fingerprints of what was kept by this page: what is gone since then was forgotten. */
    this.kept = new Set()
    const take = (files) => { if (files?.length) this.file = files[0] }
    addEventListener("change", ({ target }) => target.matches?.(UPLOADER) && take(target.files), true)
    addEventListener("drop", ({ dataTransfer }) => take(dataTransfer?.files), true)
    document.addEventListener("wanted", ({ detail }) => (detail.found = this.find(detail)))
    for (const left of ["visibilitychange", "pagehide"]) addEventListener(left, () => this.follow())
  }

  /** Have the address at which the table is opened again be the one of now. */
  async follow() {
    const { table } = this
    if (!table || table.address === location.search) return
    table.address = location.search
    const now = (await this.storage.tables()).find(({ fingerprint }) => fingerprint === table.fingerprint)
    if (now) await this.storage.update({ ...now, address: table.address })
  }

  /** Whether the table shown is kept. */
  async keep({ name, fingerprint, size, text }, maxBytes) {
    sessionStorage.setItem(TAB, fingerprint)
    const same = (await this.storage.tables()).find((table) => table.fingerprint === fingerprint)
    if (!same) {
      if (size > maxBytes) return false
      const isFile = text === null && this.file?.name === name && this.file.size === size
      const blob = isFile ? this.file : text !== null ? new Blob([text]) : null
      if (!blob || this.kept.has(fingerprint)) return false
      await this.storage.keep({ name, fingerprint, size, address: location.search }, blob, maxBytes)
    }
    this.kept.add(fingerprint)
    this.table = { fingerprint, address: same?.address }
    await this.follow()
    return true
  }

  /** The bytes of a table, if it is kept. */
  async find({ name, fingerprint }) {
    const kept = (await this.storage.tables()).some((table) => table.name === name && table.fingerprint === fingerprint)
    return kept ? this.storage.bytes(name) : null
  }

  /** Put a table into the page's uploader, as its visitor would. */
  async giveBack({ name }) {
    const blob = await this.storage.bytes(name)
    const input = await appearing(`${UPLOADER}:enabled`)
    const transfer = new DataTransfer()
    transfer.items.add(new File([blob], name, { type: "text/csv" }))
    input.files = transfer.files
    input.dispatchEvent(new Event("change", { bubbles: true }))
  }

  async forget() {
    Object.assign(this, { file: null, table: null })
    sessionStorage.clear()
    await this.storage.clear()
    whenConnected("forget", () => location.replace(location.pathname))
  }
}

/** Do it now, or where there is no connection once it is back. */
const whenConnected = (name, act) => {
  if (document.dispatchEvent(new CustomEvent("tell", { cancelable: true, detail: { name, act } }))) act()
}

const button = (text, onclick) => Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick })

async function show(root, { origin, shown, asked, megabytes }, keeper) {
  const say = (...words) => root.replaceChildren(...words)
  const maxBytes = megabytes * MEGABYTE
  if (shown) {
    if (await keeper.keep(shown, maxBytes)) return say("This browser keeps a copy of your table. ", button("Forget my data", () => keeper.forget()))
    return say(shown.size > maxBytes ? `This browser keeps tables of up to ${megabytes} MB: after a reload, upload this one again.` : "")
  }
  keeper.table = null
  const tables = await keeper.storage.tables()
  const table = asked ? tables.find(({ name, fingerprint }) => name === asked.name && fingerprint === asked.fingerprint) : tables[0]
  if (!table) return say()
  if (asked && keeper.kept.has(asked.fingerprint)) return document.dispatchEvent(new Event("forgotten"))
  const open = () => {
    sessionStorage.setItem(TAB, table.fingerprint)
    if (!asked) return (location.search = table.address)
    root.dataset.gives = origin
    return keeper.giveBack(table)
  }
  const remove = () => keeper.storage.remove(table.name).then(() => show(root, { asked, megabytes }, keeper))
  say(`Your table ${table.name} is still in this browser: `, button("open it", open), " · ", button("forget it", remove))
  if (asked && sessionStorage.getItem(TAB) === table.fingerprint && root.dataset.gives !== origin) await open()
}

export default function ({ data, parentElement }) {
  const keeper = (globalThis.keeper ??= new Keeper())
  const root = parentElement.querySelector(".kept-table")
  show(root, data, keeper).catch(() => {
    root.textContent = data.shown ? "This browser keeps nothing here: after a reload, upload your table again." : ""
  })
}
