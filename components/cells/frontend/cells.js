// A table of text fields. What is typed stays as it is typed; the server only adds notes below the cells.
// Streamlit sends this file with every message.

const element = (tag, properties = {}) => Object.assign(document.createElement(tag), properties)
const fields = (row) => [...row.querySelectorAll("input")]

class Cells {
  constructor(root, { table, head, rows }) {
    this.table = table
    this.head = head
    const heading = element("tr")
    for (const name of head) heading.append(element("th", { textContent: name, scope: "col" }))
    const top = element("thead")
    this.body = element("tbody")
    top.append(heading)
    const grid = element("table")
    grid.append(top, this.body)
    for (const texts of [...rows, []]) this.add(texts)
    this.body.addEventListener("input", () => this.extend())
    this.body.addEventListener("change", () => this.send())
    this.body.addEventListener("keydown", (event) => this.go(event))
    this.body.addEventListener("paste", (event) => this.paste(event))
    root.replaceChildren(grid)
  }

  add(texts) {
    const row = element("tr")
    this.head.forEach((name, i) => {
      const cell = element("td")
      const field = element("input", { type: "text", value: texts[i] ?? "", autocomplete: "off", spellcheck: false })
      cell.append(field, element("small"))
      row.append(cell)
    })
    const remove = element("button", { type: "button", textContent: "×", title: "Delete this row" })
    remove.onclick = () => { row.remove(); this.extend(); this.send() }
    row.append(element("td"))
    row.lastChild.append(remove)
    this.body.append(row)
    return row
  }

  /** An empty row stands at the end, and every field says where it is. */
  extend() {
    if (!this.body.lastChild || fields(this.body.lastChild).some((field) => field.value)) this.add([])
    this.name()
  }

  name() {
    for (const [i, row] of [...this.body.rows].entries()) {
      fields(row).forEach((field, j) => field.setAttribute("aria-label", `${this.head[j]}, line ${i + 2}`))
      row.querySelector("button").setAttribute("aria-label", `Delete line ${i + 2}`)
    }
  }

  send() {
    const texts = [...this.body.rows].map((row) => fields(row).map((field) => field.value))
    while (texts.length && texts.at(-1).every((text) => !text)) texts.pop()
    this.tell("typed", texts)
  }

  go(event) {
    const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by) return
    const [row, column] = this.place(event.target)
    const next = this.body.rows[row + by]
    if (!next) return
    event.preventDefault()
    fields(next)[column].focus()
    fields(next)[column].select()
  }

  /** Cells of a spreadsheet go into the fields from this one on. */
  paste(event) {
    const text = event.clipboardData.getData("text/plain")
    if (!/[\t\n]/.test(text.trim())) return
    event.preventDefault()
    const [top, left] = this.place(event.target)
    text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, i) => {
      const row = this.body.rows[top + i] ?? this.add([])
      line.split("\t").forEach((word, j) => { if (fields(row)[left + j]) fields(row)[left + j].value = word })
    })
    this.extend()
    this.send()
  }

  place(field) {
    const row = field.closest("tr")
    return [[...this.body.rows].indexOf(row), fields(row).indexOf(field)]
  }

  note(notes) {
    this.name()
    const said = new Map(notes.map((note) => [`${note.row},${note.column}`, note]))
    for (const [i, row] of [...this.body.rows].entries()) {
      fields(row).forEach((field, j) => {
        const note = said.get(`${i},${j}`)
        field.nextElementSibling.textContent = note?.text ?? ""
        field.setAttribute("aria-invalid", String(note?.wrong ?? false))
      })
    }
  }
}

/** Do it now, or where there is no connection once it is back. */
const whenConnected = (name, act) => {
  if (document.dispatchEvent(new CustomEvent("tell", { cancelable: true, detail: { name, act } }))) act()
}

/** The tables by their elements. */
const tables = (globalThis.cellTables ??= new WeakMap())

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cells")
  if (tables.get(root)?.table !== data.table) tables.set(root, new Cells(root, data))
  const table = tables.get(root)
  table.tell = (name, value) => whenConnected(name, () => setTriggerValue(name, value))
  table.note(data.notes)
}
