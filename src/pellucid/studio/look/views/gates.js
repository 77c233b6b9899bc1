// @ts-check
// Gates and states over time: one line a unit, the steps side by side.
import { share } from "#studio/look/colour.js";
import { Frame } from "#studio/look/views/frame.js";
import { level, LINE, linePath } from "#studio/look/views/geometry.js";
import { Empty, Held, isEmpty } from "#studio/look/views/parts.js";
import { labelOf, nameOf, read } from "#studio/look/views/picture.js";
import { heads, heatSizes, plane } from "#studio/look/views/plane.js";
import { usePalette, useSize } from "#studio/look/views/theme.js";
import { html, useMemo, useRef } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */
/** @typedef {import("#studio/look/views/picture.js").Picture} Picture */
/** @typedef {import("#studio/look/views/frame.js").Window} Window */

/** @param {ViewProps} view */
export function Gates(view) {
  const { picture, mark, compare } = view;
  const palette = usePalette();
  const [room, width] = useSize();
  const flat = plane(picture, mark);
  const sheet = useMemo(() => {
    const { head, short } = heads(flat.rows, flat.height, width, flat.columns.title);
    const { cell, every } = heatSizes(flat, width);
    return {
      ...flat,
      head,
      cell: /** @type {[number, number]} */ ([LINE, cell[1]]),
      every: /** @type {[number, number]} */ ([1, every[1]]),
      corner:
        flat.columns.title &&
        html`
          <span>${flat.columns.title} →</span>
        `,
      rowLabel: (/** @type {number} */ row) => (short ? labelOf : nameOf)(flat.rows, row),
      columnLabel: (/** @type {number} */ column) => labelOf(flat.columns, column),
      box: (/** @type {number} */ row, /** @type {number} */ column) => {
        const value = read(picture, flat.index(row, column));
        const y = level(picture, value !== null && Number.isFinite(value) ? value : 0);
        return { x: cell[1] / 2 - 5.5, y: y - 5.5, width: 11, height: 11, round: 7 };
      },
    };
  }, [picture, flat.base.join(), width]);
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const draw = (/** @type {Window} */ window) => html`
    <${Lines} picture=${picture} compare=${compare} sheet=${sheet} window=${window} palette=${palette} />
  `;
  return html`
    <div class="view gates">
      <${Held} view=${view} slice=${flat} />
      <div class="view-room" ref=${room}>
        ${
          width > 0 &&
          html`
            <${Frame} view=${view} sheet=${sheet} palette=${palette} draw=${draw} />
          `
        }
      </div>
    </div>
  `;
}

/**
 * @param {{ picture: Picture, compare?: Picture | null, sheet: any, window: Window,
 *   palette: import("#studio/look/colour.js").Palette }} props
 */
function Lines({ picture, compare, sheet, window, palette }) {
  const missing = useRef(0);
  return useMemo(() => {
    const wide = sheet.cell[1];
    const columns = Array.from({ length: window.columns[1] - window.columns[0] }, (_, n) => n + window.columns[0]);
    const x = (/** @type {number} */ n) => (n + 0.5) * wide;
    const numbers = (/** @type {Picture} */ of, /** @type {number} */ row) =>
      columns.map((column) => read(of, sheet.index(row, column)));
    const rows = [];
    for (let row = window.rows[0]; row < window.rows[1]; row++) {
      const values = numbers(picture, row);
      if (values.includes(null)) missing.current++;
      const zero = level(picture, 0);
      rows.push(html`
        <g key=${row} transform=${`translate(0 ${(row - window.rows[0]) * LINE})`}>
          <path class="zero" d=${`M0 ${zero}H${columns.length * wide}`} />
          <path class="area" d=${areaPath(picture, values, x)} />
          ${
            compare &&
            html`
              <path class="other" d=${linePath(picture, numbers(compare, row), x)} />
            `
          }
          <path class="line" d=${linePath(picture, values, x)} />
          ${
            wide >= 12 &&
            values.map(
              (value, n) =>
                value !== null &&
                Number.isFinite(value) &&
                html`
                  <circle cx=${x(n)} cy=${level(picture, value)} r="4" fill=${palette.css(share(picture, value))} />
                `,
            )
          }
        </g>
      `);
    }
    return html`
      <svg class="view-cells view-lines" width=${columns.length * wide} height=${rows.length * LINE}>${rows}</svg>
    `;
  }, [picture, compare, sheet, window, palette, missing.current]);
}

/** @param {Picture} picture @param {(number | null)[]} values @param {(n: number) => number} x */
function areaPath(picture, values, x) {
  const known = values.map((value) => (value !== null && Number.isFinite(value) ? value : 0));
  const zero = level(picture, 0);
  const along = known.map((value, n) => `L${x(n)} ${level(picture, value)}`).join("");
  return `M${x(0)} ${zero}${along}L${x(known.length - 1)} ${zero}Z`;
}
