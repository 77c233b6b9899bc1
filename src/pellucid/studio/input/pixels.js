// @ts-check
// Between files, cameras, canvases and the one form that a picture is sent in: a PNG as a data URL.
import { fitted, onWhite, shrink } from "#studio/input/resample.js";
import { smooth } from "#studio/input/strokes.js";

/** @typedef {import("#studio/input/strokes.js").Drawing} Drawing */

const MOST_BYTES = 50_000_000;
const FIRST = 2048; // pixels: larger pictures are brought down to this by the browser, then by `shrink`
const INK = "white"; // bright on dark, as digits are learned
const GROUND = "black";

/** A picture that cannot be taken; the message is a key of this part's sentences. */
export class NoPicture extends Error {}

/** @param {number} width @param {number} height @returns {[HTMLCanvasElement, CanvasRenderingContext2D]} */
function sheet(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  return [canvas, /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }))];
}

/**
 * @param {CanvasImageSource} source @param {number} width @param {number} height of it @param {number} side
 * @param {boolean} [square] only the middle
 * @returns {string} a PNG of at most `side` pixels
 */
export function taken(source, width, height, side, square = false) {
  const [w, h] = square ? [Math.min(width, height), Math.min(width, height)] : [width, height];
  const [across, down] = fitted(w, h, FIRST);
  const [canvas, context] = sheet(across, down);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, (width - w) / 2, (height - h) / 2, w, h, 0, 0, across, down);
  const pixels = context.getImageData(0, 0, across, down);
  onWhite(pixels);
  const small = shrink(pixels, ...fitted(across, down, side));
  const [made, out] = sheet(small.width, small.height);
  const image = out.createImageData(small.width, small.height);
  image.data.set(small.data);
  out.putImageData(image, 0, 0);
  return made.toDataURL("image/png");
}

/** @param {Blob} file of any kind that the browser reads @param {number} side @returns {Promise<string>} */
export async function fromFile(file, side) {
  if (file.size > MOST_BYTES) throw new NoPicture("tooManyBytes");
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new NoPicture("noPicture");
  });
  const url = taken(bitmap, bitmap.width, bitmap.height, side);
  bitmap.close();
  return url;
}

/** @param {string} url @returns {Promise<HTMLImageElement>} ready to be drawn */
export async function loaded(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/**
 * Strokes on a canvas whose picture is so large there.
 * @param {CanvasRenderingContext2D} context @param {Drawing["strokes"]} strokes @param {number} width @param {number} height
 */
export function paint(context, strokes, width, height) {
  context.strokeStyle = context.fillStyle = INK;
  context.lineCap = context.lineJoin = "round";
  for (const { points, brush } of strokes) {
    context.lineWidth = brush * Math.min(width, height);
    const { start, curves } = smooth(points);
    context.beginPath();
    if (points.length === 1) {
      context.arc(start[0] * width, start[1] * height, context.lineWidth / 2, 0, 2 * Math.PI); // a line of no length is not drawn
      context.fill();
      continue;
    }
    context.moveTo(start[0] * width, start[1] * height);
    for (const { over, to } of curves) context.quadraticCurveTo(over[0] * width, over[1] * height, to[0] * width, to[1] * height);
    context.stroke();
  }
}

/**
 * What is beneath the strokes, pixel by pixel: a picture, or black.
 * @param {CanvasRenderingContext2D} context @param {HTMLImageElement | null} base @param {number} width @param {number} height
 */
export function ground(context, base, width, height) {
  context.fillStyle = GROUND;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  if (base) context.drawImage(base, 0, 0, width, height);
}

/**
 * A drawing as it is sent: of the size of the picture beneath, or `side` pixels square.
 * @param {Drawing} drawing @param {HTMLImageElement | null} base the picture beneath, loaded @param {number} side @returns {string}
 */
export function sent({ base: url, strokes }, base, side) {
  if (!strokes.length) return url;
  const [width, height] = base ? [base.naturalWidth, base.naturalHeight] : [side, side];
  const [canvas, context] = sheet(width, height);
  ground(context, base, width, height);
  paint(context, strokes, width, height);
  return canvas.toDataURL("image/png");
}
