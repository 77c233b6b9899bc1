// @ts-check
// A surface in space without drawing: the projection, its faces from the furthest to the nearest, heights between samples.

/** @typedef {{ x: number[], y: number[], at: (column: number, row: number) => number }} Grid rising x and y */
/** @typedef {{ turn: number, tilt: number }} View in degrees: about the upright axis; from above (90) or level (0) */
/** @typedef {[across: number, up: number, away: number]} Seen */

const FACES = 64; // along each side at most

/**
 * @param {View} view @returns {(x: number, y: number, z: number) => Seen} of a cube around the origin with sides of 1
 */
export function projection({ turn, tilt }) {
  const [a, b] = [(turn * Math.PI) / 180, (tilt * Math.PI) / 180];
  const [cosA, sinA, cosB, sinB] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
  return (x, y, z) => {
    const across = x * cosA - y * sinA;
    const away = x * sinA + y * cosA;
    return [across, z * cosB + away * sinB, away * cosB - z * sinB];
  };
}

/** @param {View} view @param {number} across @param {number} up in degrees @returns {View} turned on */
export const turned = ({ turn, tilt }, across, up) => ({
  turn: ((((turn + across + 180) % 360) + 360) % 360) - 180,
  tilt: Math.min(90, Math.max(5, tilt + up)),
});

/** @param {number} count of samples @returns {number[]} positions of those that are drawn, the first and the last among them */
export function thinned(count) {
  const n = Math.min(count, FACES + 1);
  return Array.from({ length: n }, (_, k) => (n > 1 ? Math.round((k * (count - 1)) / (n - 1)) : 0));
}

/** @template {{ away: number }} T @param {T[]} faces @returns {T[]} the furthest first: what is nearer is painted over it */
export const painted = (faces) => faces.sort((a, b) => b.away - a.away);

/** @param {number[]} values rising @param {number} value @returns {number} its place among them, between two of them as a fraction; NaN outside */
export function placeIn(values, value) {
  const last = values.length - 1;
  if (!(value >= values[0] && value <= values[last])) return NaN;
  let [from, to] = [0, last];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (values[middle] <= value) from = middle;
    else to = middle;
  }
  return values[to] > values[from] ? from + (value - values[from]) / (values[to] - values[from]) : from;
}

/** @param {Grid} grid @param {number} x @param {number} y @returns {number} between the four samples around; NaN outside */
export function heightAt({ x: xs, y: ys, at }, x, y) {
  const [column, row] = [placeIn(xs, x), placeIn(ys, y)];
  if (Number.isNaN(column + row)) return NaN;
  const [i, j] = [Math.min(Math.floor(column), Math.max(0, xs.length - 2)), Math.min(Math.floor(row), Math.max(0, ys.length - 2))];
  const [u, v] = [column - i, row - j];
  const side = (/** @type {number} */ n) => (v ? at(n, j) * (1 - v) + at(n, j + 1) * v : at(n, j));
  return u ? side(i) * (1 - u) + side(i + 1) * u : side(i);
}
