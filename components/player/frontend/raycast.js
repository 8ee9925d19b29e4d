// Ray casting: rays from a camera, and where they cross a surface.
// Matrices are arrays of 16, a column after the other, as WebGL has them.

export const place = (m, v) => [0, 1, 2, 3].map((i) => m[i] * v[0] + m[i + 4] * v[1] + m[i + 8] * v[2] + m[i + 12] * v[3])
export const times = (a, b) => [0, 4, 8, 12].flatMap((j) => place(a, b.slice(j, j + 4)))

const row = (m, i) => [m[i], m[i + 4], m[i + 8], m[i + 12]]
const cross = (p, q) => [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]]

/** Where the camera itself is. */
export const eye = (camera) => meeting(row(camera, 0), row(camera, 1), row(camera, 3))

/** A point ahead of the eye that is seen at `across` and `up`, from -1 to 1. */
export function ahead(camera, across, up) {
  const depth = row(camera, 3)
  const side = (i, share) => row(camera, i).map((part, j) => part - share * depth[j])
  return meeting(side(0, across), side(1, up), [depth[0], depth[1], depth[2], depth[3] - 1])
}

/** The point at which three planes [a, b, c, d], ax + by + cz + d = 0, meet. */
function meeting(p, q, r) {
  const [pq, qr, rp] = [cross(p, q), cross(q, r), cross(r, p)]
  const volume = p[0] * qr[0] + p[1] * qr[1] + p[2] * qr[2]
  return [0, 1, 2].map((i) => -(p[3] * qr[i] + q[3] * rp[i] + r[3] * pq[i]) / volume)
}

export const between = (from, to, share) => from.map((part, i) => part + share * (to[i] - part))

/** Two shares of the way between which it first crosses the surface, inside a box of ranges; null if it does not.
 *
 * `above` says whether a point is; `most` is the share at which the way ends, `skip` the part of a step left out at first.
 */
export function crossing(above, box, from, to, { most, steps, skip = 0 }) {
  const [low, high] = inside(box, from, to, most)
  if (!(low < high)) return null
  const share = (i) => low + ((high - low) * i) / steps
  let before = share(skip)
  const side = above(between(from, to, before))
  for (let i = 1; i <= steps; i++) {
    if (above(between(from, to, share(i))) !== side) return [before, share(i)]
    before = share(i)
  }
  return null
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
