// @ts-check
// Numbers for people, and arrays from the server.

/** At most four decimals and seven digits; very small and very large numbers with four digits.
 * @param {number} value
 */
export function readable(value) {
  const size = Math.abs(value)
  if (size === 0) return "0.0000"
  if (size >= 1e7 || size < 1e-4) return minus(value.toExponential(3))
  if (size < 0.1) return minus(value.toPrecision(4))
  const decimals = Math.max(0, Math.min(4, 6 - Math.floor(Math.log10(size))))
  return minus(value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }))
}

/** Two decimals, or three significant digits for small numbers.
 * @param {number} value
 */
export function brief(value) {
  const size = Math.abs(value)
  if (size >= 1e6 || (size < 1e-3 && size > 0)) return minus(value.toExponential(2))
  if (size < 1 && size > 0) return minus(value.toPrecision(3))
  return minus(value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }))
}

/** The same after its sign: "+ 1.23", "− 1.23". @param {number} value */
export const signed = (value) => `${value < 0 ? "−" : "+"} ${brief(Math.abs(value))}`

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
const inWords = new Intl.NumberFormat("en-US", { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 3 })

/** Three digits: "0.0123", "1,230", "12.3 million", "1.23 × 10¹⁸".
 * @param {number} value
 */
export function rough(value) {
  const size = Math.abs(value)
  if (size < 1e15 && (size >= 1e-4 || size === 0)) {
    const text = size < 1e6 ? Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 7 }) : inWords.format(value)
    return minus(text)
  }
  const [digits, power] = value.toExponential(2).split("e")
  const raised = power.replace("+", "").replace("-", "⁻").replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])
  return minus(`${digits} × 10${raised}`)
}

/** With the sign that people write, as wide as a plus.
 * @param {string} text
 */
export const minus = (text) => text.replaceAll("-", "−")

/**
 * The value with no more digits than a step of this size needs.
 * @param {number} value
 * @param {number} step
 */
export function rounded(value, step) {
  const digits = Math.ceil(Math.log10(Math.abs(value) / step)) + 1
  return digits > 0 ? Number(value.toPrecision(Math.min(digits, 15))) : 0
}

/** A packed array as a typed array.
 * @param {import("./messages.js").Packed} packed
 */
export function unpack({ dtype, bdata }) {
  const bytes = Uint8Array.from(atob(bdata), (c) => c.charCodeAt(0))
  return dtype === "f4" ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer)
}
