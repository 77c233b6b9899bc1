// @ts-check
// Feature maps as small pictures beside each other, for the flow strip: as many of them as have room.
import { html, useLayoutEffect, useMemo, useRef } from "#studio/ui/dom.js";
import { share } from "#studio/look/colour.js";
import { useNumbers } from "#studio/look/looked.js";
import { picture } from "#studio/look/shown.js";
import { fresh, usePalette, useSize } from "#studio/look/views/theme.js";

const HEIGHT = 34;
const GAP = 3;

/** @param {{ trace: import("#studio/look/trace.js").Trace, shown: import("#studio/look/shown.js").Shown }} props */
export function Thumbnails({ trace, shown }) {
  const palette = usePalette();
  const [room, width] = useSize();
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const made = useMemo(() => ({ picture: /** @type {any} */ (null) }), [trace, shown]);
  const seen = useNumbers(() => {
    const found = (made.picture ??= picture(trace, shown, { title: () => "", label: "" }));
    found.at(shown.shape.map(() => 0)); // or they are on their way
    return found;
  });
  const { shape } = shown;
  const [rows, columns] = shape.slice(-2);
  const size = [HEIGHT, Math.max(3, Math.round((HEIGHT * columns) / rows))];
  const channels = shape.length < 3 ? 1 : shape[shape.length - 3];
  const colour = channels === 3 && shown.values[0].kind === "input"; // red, green and blue are one picture
  const count = colour ? 1 : Math.max(1, Math.min(channels, Math.floor((width + GAP) / (size[1] + GAP))));
  useLayoutEffect(() => {
    const context = seen && width > 0 ? fresh(canvas.current, width, HEIGHT) : null;
    if (!context) return;
    context.imageSmoothingEnabled = rows > HEIGHT / 2; // of a few large pixels the edges stay hard
    for (let channel = 0; channel < count; channel++) {
      const lead = shape.length < 3 ? [] : [...new Array(shape.length - 3).fill(0), channel];
      const ink = colour ? mixed(seen, lead.slice(0, -1)) : (/** @type {number} */ row, /** @type {number} */ column) => inked(seen, palette, [...lead, row, column]);
      const tile = painted(rows, columns, ink);
      if (tile) context.drawImage(tile, channel * (size[1] + GAP), 0, size[1], size[0]);
    }
  }, [seen, palette, width, count]);
  return html`<div class="view-mini" ref=${room} aria-hidden="true">
    <canvas ref=${canvas} style=${{ width: `${width}px`, height: `${HEIGHT}px` }}></canvas>
  </div>`;
}

/** @param {any} seen @param {import("#studio/look/colour.js").Palette} palette @param {number[]} index */
function inked(seen, palette, index) {
  const value = seen.at(index);
  return palette.rgb(Number.isFinite(value) ? share(seen, value) : 0);
}

/** @param {any} seen @param {number[]} lead @returns {(row: number, column: number) => number[]} the colours of a photograph */
const mixed = (seen, lead) => (row, column) => [0, 1, 2].map((channel) => 255 * share(seen, seen.at([...lead, channel, row, column])));

/**
 * @param {number} rows @param {number} columns @param {(row: number, column: number) => number[]} ink
 * @returns {HTMLCanvasElement | null} at one pixel a number; null: not all of them are there yet
 */
function painted(rows, columns, ink) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const image = context?.createImageData(columns, rows);
  if (!context || !image) return null;
  try {
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) image.data.set([...ink(row, column), 255], 4 * (row * columns + column));
  } catch {
    return null; // its bytes are on their way
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
