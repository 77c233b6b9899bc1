// @ts-check
// The numbers themselves, in rows and columns.
import { Frame } from "#studio/look/views/frame.js";
import { Empty, Held, isEmpty } from "#studio/look/views/parts.js";
import { differs, difference, labelOf, nameOf, read } from "#studio/look/views/picture.js";
import { heads, plane } from "#studio/look/views/plane.js";
import { usePalette, useSize } from "#studio/look/views/theme.js";
import { html, useMemo, useRef } from "#studio/ui/dom.js";
import { number } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */

const [TALL, WIDE] = [26, 82];

/** @param {ViewProps} view */
export function Table(view) {
  const { picture, mark } = view;
  const palette = usePalette();
  const [room, width] = useSize();
  const flat = plane(picture, mark);
  const sheet = useMemo(() => {
    const { head, short } = heads(flat.rows, flat.height, width, flat.columns.title);
    return {
      ...flat,
      cell: /** @type {[number, number]} */ ([TALL, WIDE]),
      head,
      corner:
        flat.columns.title &&
        html`
          <span>${flat.columns.title} →</span>
        `,
      rowLabel: (/** @type {number} */ row) => (short ? labelOf : nameOf)(flat.rows, row),
      columnLabel: (/** @type {number} */ column) => labelOf(flat.columns, column),
    };
  }, [picture, flat.base.join(), width]);
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const draw = (/** @type {any} */ window) => html`
    <${Numbers} view=${view} sheet=${sheet} window=${window} />
  `;
  return html`
    <div class="view table">
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

/** @param {{ view: ViewProps, sheet: any, window: import("#studio/look/views/frame.js").Window }} props */
function Numbers({ view: { picture, compare }, sheet, window }) {
  const missing = useRef(0);
  return useMemo(() => {
    const [rows, columns] = [window.rows[1] - window.rows[0], window.columns[1] - window.columns[0]];
    const all = [];
    for (let row = 0; row < rows; row++) {
      all.push(html`
        <path class="rule" d=${`M0 ${(row + 1) * TALL - 1}H${columns * WIDE}`} />
      `);
      for (let column = 0; column < columns; column++) {
        const index = sheet.index(window.rows[0] + row, window.columns[0] + column);
        const value = read(picture, index);
        if (value === null) missing.current++;
        const apart = differs(picture, difference(picture, compare, index));
        all.push(html`
          <text class=${apart ? "apart" : ""} x=${(column + 1) * WIDE - 14} y=${row * TALL + TALL / 2}>
            ${value === null ? "·" : number(value, 4)}
          </text>
        `);
      }
    }
    return html`
      <svg class="view-cells view-numbers" width=${columns * WIDE} height=${rows * TALL}>${all}</svg>
    `;
  }, [picture, compare, sheet, window, missing.current]);
}
