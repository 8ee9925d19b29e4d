// Streamlit sends this file with every message, so it only loads the rest, once. Streamlit may deliver an older
// message after a newer one and then withdraw it: the newest one that has not been withdrawn counts.

const load = (tag, attributes) => new Promise((onload, onerror) => {
  document.head.append(Object.assign(document.createElement(tag), { ...attributes, onload, onerror }))
})

/** Messages of each element that have not been withdrawn, the newest last. */
const standing = new WeakMap()

export default function (component) {
  const base = new URL(component.data.base, document.baseURI)
  const file = (name) => new URL(name, base).href
  // One promise for all: another import() of a loaded file would wait for everything that Streamlit still has to draw.
  globalThis.playerFiles ??= Promise.all([
    import(file("mount.js")), load("script", { src: file("plotly_2d.js") }),
    load("link", { rel: "stylesheet", href: file("player.css") })])
  const host = component.parentElement
  const show = () => globalThis.playerFiles.then(([module]) => {
    const newest = standing.get(host).at(-1) ?? component
    return module[newest.data.mount](newest)
  })
  standing.set(host, [...standing.get(host) ?? [], component])
  const mounted = show()
  return () => {
    const all = standing.get(host), others = all.filter((other) => other !== component)
    standing.set(host, others)
    if (others.length && component === all.at(-1)) show()
    mounted.then((leave) => leave())
  }
}
