// @ts-check
// Making a picture smaller: every new pixel is the mean of the part of the old picture that it covers.

/** @typedef {{ width: number, height: number, data: Uint8ClampedArray }} Pixels red, green, blue, alpha; row by row */

/**
 * The largest size with this shape whose longer side is at most `side`; never larger than it was.
 * @param {number} width @param {number} height @param {number} side @returns {[number, number]}
 */
export function fitted(width, height, side) {
  const share = Math.min(1, side / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))];
}

/**
 * Which old places a new one covers along one axis, and how much of each: weights that add up to 1.
 * @param {number} from @param {number} to @returns {{ first: number, weights: number[] }[]}
 */
export function covers(from, to) {
  const step = from / to;
  return Array.from({ length: to }, (_, at) => {
    const [start, end] = [at * step, (at + 1) * step];
    const first = Math.floor(start + 1e-9);
    const last = Math.max(first + 1, Math.ceil(end - 1e-9));
    const weights = [];
    for (let i = first; i < last; i++) weights.push((Math.min(i + 1, end) - Math.max(i, start)) / step);
    return { first, weights };
  });
}

/**
 * @param {Pixels} from without transparent parts: see `onWhite` @param {number} width @param {number} height
 * @returns {Pixels}
 */
export function shrink(from, width, height) {
  if (width === from.width && height === from.height) return from;
  const narrow = along(from.data, from.height, from.width, covers(from.width, width));
  const data = along(turned(narrow, from.height, width), width, from.height, covers(from.height, height));
  return { width, height, data: Uint8ClampedArray.from(turned(data, width, height)) };
}

/** @param {ArrayLike<number>} data @param {number} rows @param {number} length @param {ReturnType<typeof covers>} parts */
function along(data, rows, length, parts) {
  const out = new Float32Array(rows * parts.length * 4);
  for (let row = 0; row < rows; row++)
    parts.forEach(({ first, weights }, at) => {
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i] * data[(row * length + first + i) * 4 + channel];
        out[(row * parts.length + at) * 4 + channel] = sum;
      }
    });
  return out;
}

/** Rows become columns. @param {Float32Array} data @param {number} rows @param {number} columns */
function turned(data, rows, columns) {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let channel = 0; channel < 4; channel++)
        out[(column * rows + row) * 4 + channel] = data[(row * columns + column) * 4 + channel];
  return out;
}

/** What is transparent shows white paper. @param {Pixels} pixels changed in place */
export function onWhite({ data }) {
  for (let i = 0; i < data.length; i += 4) {
    const share = data[i + 3] / 255;
    for (let channel = 0; channel < 3; channel++) data[i + channel] = data[i + channel] * share + 255 * (1 - share);
    data[i + 3] = 255;
  }
}
