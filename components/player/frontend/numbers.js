// @ts-check
// Numbers for people, and arrays from the server.

/** At most four decimals, and seven digits or the whole number; small and huge numbers with four digits.
 * @param {number} value
 */
export function readable(value) {
  const size = Math.abs(value)
  if (size === 0) return "0.0000"
  if (size >= 1e9) return powered(value, 4)
  if (size < 0.1) return small(value, 4)
  const decimals = Math.max(0, Math.min(4, 6 - Math.floor(Math.log10(size))))
  return minus(value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }))
}

/** Two decimals, none for large numbers, or three significant digits for small and for huge ones.
 * @param {number} value
 */
export function brief(value) {
  const size = Math.abs(value)
  if (size >= 1e9) return powered(value, 3)
  if (size < 1 && size > 0) return small(value, 3)
  const decimals = size < 1e6 ? 2 : 0
  return minus(value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }))
}

/** Always as many digits: "0.00002570", "2.570 × 10⁻⁸".
 * @param {number} value  below 1
 * @param {number} digits
 */
const small = (value, digits) => (Math.abs(value) < 1e-6 ? powered(value, digits) : minus(value.toPrecision(digits)))

/** "1.23 × 10¹⁸".
 * @param {number} value
 * @param {number} digits
 */
function powered(value, digits) {
  const [factor, power] = value.toExponential(digits - 1).split("e")
  const raised = power.replace("+", "").replace("-", "⁻").replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])
  return minus(`${factor} × 10${raised}`)
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
  return powered(value, 3)
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
