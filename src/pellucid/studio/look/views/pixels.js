// @ts-check
// One image made of numbers, a pixel each: painted at its own size and scaled up with hard edges.
import { share } from "#studio/look/colour.js";
import { differs, difference, read } from "#studio/look/views/picture.js";
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */
/** @typedef {import("#studio/look/views/picture.js").Picture} Picture */
/** @typedef {import("#studio/look/colour.js").Palette} Palette */
/** @typedef {(value: number[]) => [number, number, number]} Ink from the numbers of a pixel to its colour */
/**
 * @typedef {object} Raster
 * @property {number} height in pixels of the image
 * @property {number} width
 * @property {(row: number, column: number) => number[][]} indices of the numbers that make one pixel
 */

const DOTS = 4000; // differing pixels that are marked one by one

/** @param {Picture} picture @param {Palette} palette @returns {Ink} the scale of all pictures */
export const onScale = (picture, palette) => (values) => palette.rgb(share(picture, values[0]));

/** @param {Picture} picture @returns {Ink} light and dark as in a photograph, gray or in colours */
export const asPhoto = (picture) => (values) => {
  const [r, g = r, b = r] = values.map(
    (value) => 255 * Math.min(1, Math.max(0, share({ ...picture, signed: false }, value))),
  );
  return [r, g, b];
};

/**
 * @param {HTMLCanvasElement} canvas @param {Raster} raster
 * @param {(row: number, column: number) => number[] | null} colour red, green, blue, opacity
 */
function paint(canvas, { height, width }, colour) {
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const image = context?.createImageData(width, height);
  if (!context || !image) return;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const rgba = colour(row, column);
      if (rgba) image.data.set([rgba[0], rgba[1], rgba[2], rgba[3] ?? 255], 4 * (row * width + column));
    }
  context.putImageData(image, 0, 0);
}

/** @param {{ current: HTMLElement | null }} element @returns {boolean} whether it has come into sight */
function useSeen(element) {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => setSeen(entries[entries.length - 1].isIntersecting), {
      rootMargin: "300px",
    });
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return seen;
}

/**
 * @param {{ view: ViewProps, raster: Raster, ink: Ink, size: [height: number, width: number],
 *   pointed: number[] | null, palette: Palette }} props
 * raster and ink: the same objects while nothing changes; size on the page
 */
export function Pixels({ view, raster, ink, size, pointed, palette }) {
  const { picture, mark, compare } = view;
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const missing = useRef(0);
  const seen = useSeen(element);
  useLayoutEffect(() => {
    if (!canvas.current || !seen) return;
    paint(canvas.current, raster, (row, column) => {
      const values = raster.indices(row, column).map((index) => read(picture, index));
      if (values.includes(null)) missing.current++;
      return values.some((value) => value === null || !Number.isFinite(value))
        ? null
        : ink(/** @type {number[]} */ (values));
    });
  }, [picture, raster, ink, seen, missing.current]);
  const dots = useMemo(() => (compare && seen ? differing(view, raster) : ""), [picture, compare, raster, seen]);
  const [marked, at] = [placeOf(raster, mark), placeOf(raster, pointed)];
  const thin = raster.width / size[1]; // one pixel of the page
  const box = (/** @type {number[]} */ [row, column], /** @type {string} */ kind) => html`
    <rect class=${kind} x=${column - thin} y=${row - thin} width=${1 + 2 * thin} height=${1 + 2 * thin} />
  `;
  return html`
    <div class="view-pixels" ref=${element} style=${{ height: `${size[0]}px`, width: `${size[1]}px` }}>
      <canvas ref=${canvas}></canvas>
      ${
        seen &&
        html`
          <${Lit} view=${view} raster=${raster} palette=${palette} />
        `
      }
      <svg class="view-rings" viewBox=${`0 0 ${raster.width} ${raster.height}`} preserveAspectRatio="none">
        ${
          dots &&
          html`
            <path class="differs" d=${dots} />
          `
        }
        ${at && box(at, "at")} ${marked && box(marked, "halo")} ${marked && box(marked, "mark")}
      </svg>
    </div>
  `;
}

/**
 * @param {Raster} raster @param {number[] | null} index @returns {number[] | null} row and column, by the last two
 * numbers that vary
 */
function placeOf(raster, index) {
  if (!index) return null;
  const [origin, down, right] = [raster.indices(0, 0), raster.indices(1, 0)[0], raster.indices(0, 1)[0]];
  const [rows, columns] = [down, right].map((other) => other.findIndex((n, axis) => n !== origin[0][axis]));
  const inside = origin.some((first) =>
    first.every((n, axis) => axis === rows || axis === columns || n === index[axis]),
  );
  return inside ? [rows < 0 ? 0 : index[rows], columns < 0 ? 0 : index[columns]] : null;
}

/** @param {ViewProps} view @param {Raster} raster @returns {string} a small square in each pixel that differs */
function differing({ picture, compare }, raster) {
  let [path, count] = ["", 0];
  for (let row = 0; row < raster.height && count < DOTS; row++)
    for (let column = 0; column < raster.width && count < DOTS; column++)
      if (raster.indices(row, column).some((index) => differs(picture, difference(picture, compare, index)))) {
        path += `M${column + 0.68} ${row}h.32v.32Z`;
        count++;
      }
  return path;
}

/**
 * Pixels that fed the pointed one, framed; the others step back.
 * @param {{ view: ViewProps, raster: Raster, palette: Palette }} props
 */
function Lit({ view, raster, palette }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const frame = useMemo(() => {
    let [top, left, foot, right] = [Infinity, Infinity, -1, -1];
    for (let row = 0; row < raster.height; row++)
      for (let column = 0; column < raster.width; column++) {
        if (!raster.indices(row, column).some((index) => view.lit(index))) continue;
        [top, left] = [Math.min(top, row), Math.min(left, column)];
        [foot, right] = [Math.max(foot, row + 1), Math.max(right, column + 1)];
      }
    return foot < 0 ? null : { top, left, foot, right };
  }, [view.lit, raster]);
  useLayoutEffect(() => {
    if (!canvas.current || !frame) return;
    const veil = [...palette.rgb(0), 185];
    paint(canvas.current, raster, (row, column) =>
      raster.indices(row, column).some((index) => view.lit(index)) ? null : veil,
    );
  }, [view.lit, frame, palette]);
  if (!frame) return null;
  const { top, left, foot, right } = frame;
  return html`
    <canvas ref=${canvas}></canvas>
    <svg class="view-rings" viewBox=${`0 0 ${raster.width} ${raster.height}`} preserveAspectRatio="none">
      <rect class="patch" x=${left} y=${top} width=${right - left} height=${foot - top} />
    </svg>
  `;
}
