// @ts-check
// SVG elements and the coordinates in them.

export const NAMESPACE = "http://www.w3.org/2000/svg"
const MAX_COORDINATE_PX = 1e5 // SVG renderers lose precision beyond it

/** A transform that moves an element out of sight. */
export const OUT_OF_SIGHT = "translate(-99,-99)"

/**
 * Append a new SVG element to its parent.
 * @param {Element} parent
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @returns {any}
 */
export function svg(parent, tag, attributes = {}) {
  const element = document.createElementNS(NAMESPACE, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  return parent.appendChild(element)
}

/** A coordinate to a tenth of a pixel that every renderer can draw.
 * @param {number} pixel
 */
export const clamp = (pixel) =>
  pixel > MAX_COORDINATE_PX ? MAX_COORDINATE_PX : pixel < -MAX_COORDINATE_PX ? -MAX_COORDINATE_PX : Math.round(pixel * 10) / 10
