// @ts-check
// Ray casting: rays from a camera, and where they cross a surface.
// A matrix is an array of 16 numbers, column by column, as in WebGL. A camera is the matrix from space to the screen.

/** @typedef {ArrayLike<number>} Matrix */
/** @typedef {(point: number[]) => boolean} IsAbove  whether a point lies above the surface */

/**
 * @param {Matrix} m
 * @param {ArrayLike<number>} v
 */
export const transformed = (m, v) => [0, 1, 2, 3].map((i) => m[i] * v[0] + m[i + 4] * v[1] + m[i + 8] * v[2] + m[i + 12] * v[3])

/**
 * @param {Matrix} a
 * @param {Matrix} b
 */
export const product = (a, b) => [0, 4, 8, 12].flatMap((j) => transformed(a, [b[j], b[j + 1], b[j + 2], b[j + 3]]))

const row = (m, i) => [m[i], m[i + 4], m[i + 8], m[i + 12]]
const cross = (p, q) => [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]]

/** Where the camera itself is.
 * @param {Matrix} camera
 */
export const eye = (camera) => intersection(row(camera, 0), row(camera, 1), row(camera, 3))

/**
 * A point on the ray from the eye through a place on the screen.
 * @param {Matrix} camera
 * @param {number} across  from -1, the left edge, to 1
 * @param {number} up  from -1, the lower edge, to 1
 */
export function ahead(camera, across, up) {
  const depth = row(camera, 3)
  const side = (i, share) => row(camera, i).map((part, j) => part - share * depth[j])
  return intersection(side(0, across), side(1, up), [depth[0], depth[1], depth[2], depth[3] - 1])
}

/** The point at which three planes [a, b, c, d], ax + by + cz + d = 0, meet. */
function intersection(p, q, r) {
  const [pq, qr, rp] = [cross(p, q), cross(q, r), cross(r, p)]
  const volume = p[0] * qr[0] + p[1] * qr[1] + p[2] * qr[2]
  return [0, 1, 2].map((i) => -(p[3] * qr[i] + q[3] * rp[i] + r[3] * pq[i]) / volume)
}

/**
 * The point at a share of the way between two points; beyond the second if the share is above 1.
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} share
 */
export const along = (from, to, share) => from.map((part, i) => part + share * (to[i] - part))

/**
 * Two shares of the way between which it first crosses the surface, inside a box of ranges; null if it does not.
 * @param {IsAbove} isAbove
 * @param {number[][]} box
 * @param {number[]} from
 * @param {number[]} to
 * @param {object} options
 * @param {number} options.most  the share at which the way ends
 * @param {number} options.steps  into which it is divided
 * @param {number} [options.skip]  part of the first step that is left out
 * @returns {[number, number] | null}
 */
export function crossing(isAbove, box, from, to, { most, steps, skip = 0 }) {
  const [low, high] = inside(box, from, to, most)
  if (!(low < high)) return null
  const share = (i) => low + ((high - low) * i) / steps
  let before = share(skip)
  const side = isAbove(along(from, to, before))
  for (let i = 1; i <= steps; i++) {
    if (isAbove(along(from, to, share(i))) !== side) return [before, share(i)]
    before = share(i)
  }
  return null
}

/**
 * The share, narrowed down by bisection between two others, at which the way crosses the surface.
 * @param {IsAbove} isAbove
 * @param {number[]} from
 * @param {number[]} to
 * @param {[number, number]} shares
 * @param {number} halvings
 */
export function narrowed(isAbove, from, to, [near, far], halvings) {
  const side = isAbove(along(from, to, near))
  for (let i = 0; i < halvings; i++) {
    const middle = (near + far) / 2
    if (isAbove(along(from, to, middle)) === side) near = middle
    else far = middle
  }
  return near
}

/** The part of the way, as two shares, that lies in the box. */
function inside(box, from, to, most) {
  let [low, high] = [0, most]
  box.forEach(([least, largest], i) => {
    const way = to[i] - from[i]
    const ends = [(least - from[i]) / way, (largest - from[i]) / way]
    if (way) [low, high] = [Math.max(low, Math.min(...ends)), Math.min(high, Math.max(...ends))]
  })
  return [low, high]
}
