// @ts-check
// The stops of a lecture, in the page's address: "0,1,end" or "learning_rate=0.5@0", with settings as a link writes them.

const PARAMETER = "stops"
const USUAL = "0,1,2,10,100,end"
const STOP = /^(?:(.*)@)?(\d{1,9}|end|play)$/

/** Where the player goes: an epoch, the last one, or on from the first. The settings are those of the stop before unless
 * there are some, or for the first ones those that the lecture began with.
 * @typedef {{ settings: string, where: string }} Stop
 */

/** @param {string} text @returns {Stop[]} */
export const read = (text) => text.split(",").flatMap((part) => {
  const [, settings = "", where] = STOP.exec(part.trim()) ?? []
  return where ? [{ settings, where }] : []
})

/** @param {Stop[]} stops */
export const written = (stops) => stops.map(({ settings, where }) => (settings ? `${settings}@${where}` : where)).join(",")

/** Those of the address, or the usual ones. */
export function kept() {
  const found = read(new URLSearchParams(location.search).get(PARAMETER) ?? "")
  return found.length ? found : read(USUAL)
}

/** Put them into the address; none are the usual ones.
 * @param {Stop[]} list
 */
export function keep(list) {
  const address = new URL(location.href)
  const text = written(list)
  if (text && text !== USUAL) address.searchParams.set(PARAMETER, text)
  else address.searchParams.delete(PARAMETER)
  history.replaceState(history.state, "", address)
}

/** The settings of stop i: its own, or those of the nearest one before.
 * @param {Stop[]} list
 * @param {number} i
 */
export const settingsAt = (list, i) => list.slice(0, i + 1).findLast(({ settings }) => settings)?.settings ?? ""

/** @typedef {Record<string, string | string[]>} Settings */

/** What differs between two pages, as a stop writes it: all there is, if the tables differ.
 * @param {Settings} now
 * @param {Settings} before
 */
export function difference(now, before) {
  const isOther = ["dataset", "lesson", "step"].some((name) => now[name] !== before[name])
  return query(Object.fromEntries(Object.entries(now).filter(([name, value]) => isOther || String(value) !== String(before[name]))))
}

/** All that the server is to open for a stop with these settings.
 * @param {string} settings
 * @param {Settings} first  what the lecture began with
 */
export function opening(settings, first) {
  const own = new URLSearchParams(settings)
  if (own.has("dataset") || own.has("lesson")) return settings
  const others = Object.entries(first).filter(([name]) => !own.has(name))
  return [query(Object.fromEntries(others)), settings].filter(Boolean).join("&")
}

/** @param {Settings} settings */
function query(settings) {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(settings)) {
    for (const one of value.length ? [value].flat() : [""]) parameters.append(name, one)
  }
  return parameters.toString()
}

/** A stop in words.
 * @param {Stop} stop
 */
export function inWords({ settings, where }) {
  const place = { end: "the last epoch", play: "plays from epoch 0" }[where] ?? `epoch ${Number(where).toLocaleString("en-US")}`
  const parameters = new URLSearchParams(settings)
  const lesson = parameters.get("lesson")
  if (lesson) return `lesson ${lesson.replaceAll("-", " ")}, step ${parameters.get("step")}: ${place}`
  const named = [...parameters].map(([name, value]) => `${name.replaceAll("_", " ")} ${value.replaceAll("_", " ")}`)
  return named.length ? `${named.join(", ")}: ${place}` : place
}
