// @ts-check
// A tensor as a tiny picture, for the flow strip and the cards of the map.
import { share } from "#studio/look/colour.js";
import { shrink } from "#studio/look/views/geometry.js";
import { fresh, usePalette, useSize } from "#studio/look/views/theme.js";
import { html, useLayoutEffect, useRef } from "#studio/ui/dom.js";

/**
 * @param {{ rows: ArrayLike<ArrayLike<number>> | ArrayLike<number>, shape?: number[], signed?: boolean,
 *   low?: number, high?: number, height?: number }} props
 * rows: from the top; or a flat array with its shape. low and high: of the scale, else of the values
 */
export function Mini({ rows, shape, signed, low, high, height = 34 }) {
  const palette = usePalette();
  const [room, width] = useSize();
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useLayoutEffect(() => {
    const context = width > 0 ? fresh(canvas.current, width, height) : null;
    const cells = shrink(rows, shape);
    if (!context || !cells.length || !cells[0].length) return;
    const values = cells.flat().filter(Number.isFinite);
    const [least, most] = [low ?? Math.min(...values, 0), high ?? Math.max(...values, 0)];
    const scale = { low: least, high: most, signed: signed ?? least < 0 };
    const ratio = globalThis.devicePixelRatio || 1;
    const snap = (/** @type {number} */ x) => Math.round(x * ratio) / ratio; // edges on whole pixels are sharp
    const [tall, wide] = [height / cells.length, width / cells[0].length];
    const gap = (/** @type {number} */ size) => (size >= 3 ? 1 : 0);
    cells.forEach((row, y) =>
      row.forEach((value, x) => {
        if (Number.isNaN(value)) return;
        const [left, top] = [snap(x * wide), snap(y * tall)];
        context.fillStyle = palette.css(share(scale, value));
        context.fillRect(left, top, snap((x + 1) * wide) - left - gap(wide), snap((y + 1) * tall) - top - gap(tall));
      }),
    );
  }, [rows, shape?.join(), signed, low, high, width, height, palette]);
  return html`
    <div class="view-mini" ref=${room} aria-hidden="true">
      <canvas ref=${canvas} style=${{ width: `${width}px`, height: `${height}px` }}></canvas>
    </div>
  `;
}
