// @ts-check
// The codec once more, for browsers: a picture to the network's numbers, probabilities to an answer. No imports: a bundle carries it.
//
// Equal to codec.py and raster.py to 1e-4. Only `encode` needs a browser, because it decodes the file; the rest does not.

/**
 * @typedef {object} Codec what data.py's Codec.to_json gives, as it stands in codec.json and in bundle.json
 * @property {string[]} labels the classes in the order of the probabilities
 * @property {number} size pixels of a side
 * @property {number} channels 1: gray, 3: colour
 * @property {number[]} mean of each channel, in parts of 1
 * @property {number[]} deviation
 * @property {boolean} centre as MNIST was made
 */
/** @typedef {{ data: ArrayLike<number>, width: number, height: number }} Pixels four bytes a pixel, as canvases give them */
/** @typedef {{ data: Float64Array, height: number, width: number }} Plane one channel, from 0 to 255 */
/** @typedef {{ pixels: { data: Float32Array, dims: number[] } }} Feed */

/**
 * The feed of one picture.
 * @param {Codec} codec @param {string} url data:image/png;base64,…, or jpeg, or webp
 * @returns {Promise<Feed>}
 */
export async function encode(codec, url) {
  const comma = url.indexOf(",");
  const bytes = Uint8Array.from(atob(url.slice(comma + 1)), (c) => c.charCodeAt(0));
  const blob = new Blob([bytes], { type: url.slice(5, url.indexOf(";")) });
  const bitmap = await createImageBitmap(blob, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
  const { width, height } = bitmap;
  const canvas = typeof OffscreenCanvas === "undefined" ? document.createElement("canvas") : new OffscreenCanvas(width, height);
  [canvas.width, canvas.height] = [width, height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return fromPixels(codec, context.getImageData(0, 0, width, height));
}

/**
 * The feed of one picture that is decoded already.
 * @param {Codec} codec @param {Pixels} picture
 * @returns {Feed}
 */
export function fromPixels(codec, picture) {
  const { size, channels, centre, mean, deviation } = codec;
  let planes = planesOf(picture, channels === 1 || centre);
  if (picture.width !== size || picture.height !== size)
    planes = centre ? [centred(planes[0], size)] : planes.map((plane) => resized(middle(plane), size, size));
  const data = new Float32Array(channels * size * size);
  for (let c = 0; c < channels; c++) {
    const plane = planes[planes.length === 1 ? 0 : c].data;
    for (let i = 0; i < plane.length; i++) data[c * size * size + i] = (plane[i] / 255 - mean[c]) / deviation[c];
  }
  return { pixels: { data, dims: [1, channels, size, size] } };
}

/**
 * The answer to one picture.
 * @param {Codec} codec @param {{ probabilities: { data: ArrayLike<number> } }} outputs
 * @returns {{ label: string, probability: number, probabilities: Record<string, number> }}
 */
export function decode(codec, outputs) {
  const found = Array.from(outputs.probabilities.data).slice(0, codec.labels.length);
  const best = found.indexOf(Math.max(...found));
  const probabilities = Object.fromEntries(codec.labels.map((label, i) => [label, found[i]]));
  return { label: codec.labels[best], probability: found[best], probabilities };
}

/** What is transparent lies on white. @param {Pixels} picture @param {boolean} gray @returns {Plane[]} one, or red, green, blue */
function planesOf({ data, width, height }, gray) {
  const count = width * height;
  const [red, green, blue] = [0, 1, 2].map((channel) => {
    const plane = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const opacity = data[4 * i + 3] / 255;
      plane[i] = Math.floor(data[4 * i + channel] * opacity + 255 * (1 - opacity) + 0.5);
    }
    return { data: plane, height, width };
  });
  if (red.data.every((value, i) => value === green.data[i] && value === blue.data[i])) return [red];
  if (!gray) return [red, green, blue];
  const luma = red.data.map((value, i) => value * 0.299 + green.data[i] * 0.587 + blue.data[i] * 0.114);
  return [{ data: luma, height, width }];
}

/** @param {Plane} plane @param {number} top @param {number} left @param {number} height @param {number} width @returns {Plane} */
function part(plane, top, left, height, width) {
  const data = new Float64Array(height * width);
  for (let i = 0; i < height; i++)
    data.set(plane.data.subarray((top + i) * plane.width + left, (top + i) * plane.width + left + width), i * width);
  return { data, height, width };
}

/** The largest square in the middle. @param {Plane} plane @returns {Plane} */
function middle(plane) {
  const side = Math.min(plane.height, plane.width);
  return part(plane, Math.floor((plane.height - side) / 2), Math.floor((plane.width - side) / 2), side, side);
}

/** Another size: along the columns, then along the rows. @param {Plane} plane @param {number} height @param {number} width @returns {Plane} */
function resized(plane, height, width) {
  const down = weights(plane.height, height);
  const across = weights(plane.width, width);
  const half = new Float64Array(height * plane.width);
  for (let i = 0; i < height; i++)
    for (let j = 0; j < plane.height; j++) {
      const weight = down[i * plane.height + j];
      if (weight) for (let k = 0; k < plane.width; k++) half[i * plane.width + k] += weight * plane.data[j * plane.width + k];
    }
  const data = new Float64Array(height * width);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < plane.width; j++) {
      const weight = across[i * plane.width + j];
      if (weight) for (let k = 0; k < height; k++) data[k * width + i] += weight * half[k * plane.width + j];
    }
  return { data, height, width };
}

/**
 * What each old pixel gives to a new one, row by row. Smaller: its share of the new pixel's area. Larger: the two
 * nearest, in a straight line between their middles.
 * @param {number} old @param {number} count of new ones @returns {Float64Array}
 */
function weights(old, count) {
  const scale = old / count;
  const found = new Float64Array(count * old);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < old; j++) {
      const share = scale > 1 ? Math.min((i + 1) * scale, j + 1) - Math.max(i * scale, j) : 1 - Math.abs(j + 0.5 - (i + 0.5) * scale);
      found[i * old + j] = Math.max(share, 0);
      sum += found[i * old + j];
    }
    for (let j = 0; j < old; j++) found[i * old + j] /= sum;
  }
  return found;
}

/**
 * As the digits of MNIST were made: the ink bright on black, its longer side 20/28 of the picture's, moved so that its
 * centre of mass is in the middle.
 * @param {Plane} plane @param {number} size @returns {Plane}
 */
function centred(plane, size) {
  const ink = brightOnDark(plane);
  const out = { data: new Float64Array(size * size), height: size, width: size };
  let [top, bottom, left, right] = [ink.height, -1, ink.width, -1];
  for (let i = 0; i < ink.height; i++)
    for (let j = 0; j < ink.width; j++)
      if (ink.data[i * ink.width + j] > 0) {
        [top, bottom] = [Math.min(top, i), Math.max(bottom, i)];
        [left, right] = [Math.min(left, j), Math.max(right, j)];
      }
  if (bottom < 0) return out;
  const box = part(ink, top, left, bottom - top + 1, right - left + 1);
  const scale = (size * 20) / 28 / Math.max(box.height, box.width);
  const side = (/** @type {number} */ length) => Math.max(1, Math.floor(length * scale + 0.5));
  const small = resized(box, side(box.height), side(box.width));
  let [mass, down, across] = [0, 0, 0];
  small.data.forEach((value, i) => {
    mass += value;
    down += value * Math.floor(i / small.width);
    across += value * (i % small.width);
  });
  // a hair above one half, so that a symmetric drawing falls to the same side everywhere
  const start = (/** @type {number} */ at, /** @type {number} */ length) =>
    Math.min(Math.max(Math.floor(size / 2 - at / mass + 0.5 + 1e-6), 0), size - length);
  const [row, column] = [start(down, small.height), start(across, small.width)];
  for (let i = 0; i < small.height; i++)
    out.data.set(small.data.subarray(i * small.width, (i + 1) * small.width), (row + i) * size + column);
  return out;
}

/**
 * The ink from 0 to 255: how far each pixel is from the paper, which is the middle one of the border. Paper is also what
 * is not much farther from it than the border is: a tenth of the farthest, or more where there are shadows.
 * @param {Plane} plane @returns {Plane}
 */
function brightOnDark({ data, height, width }) {
  const at = (/** @type {number} */ i, /** @type {number} */ j) => data[i * width + j];
  const edge = [];
  for (let j = 0; j < width; j++) edge.push(at(0, j), at(height - 1, j));
  for (let i = 1; i < height - 1; i++) edge.push(at(i, 0), at(i, width - 1));
  const paper = edge.sort((a, b) => a - b)[Math.floor(edge.length / 2)];
  const sign = paper < 128 ? 1 : -1;
  const away = data.map((value) => (value - paper) * sign);
  const most = away.reduce((a, b) => Math.max(a, b), -Infinity);
  if (most < 16) return { data: new Float64Array(data.length), height, width }; // a blank sheet has no ink, only noise
  const shadow = edge.map((value) => (value - paper) * sign).sort((a, b) => a - b)[Math.floor((edge.length * 9) / 10)];
  const limit = Math.min(Math.max(most * 0.1, shadow * 1.25), most * 0.5); // ink may touch a tenth of the border
  return { data: away.map((value) => (value > limit ? (value * 255) / most : 0)), height, width };
}
