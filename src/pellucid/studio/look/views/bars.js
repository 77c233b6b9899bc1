// @ts-check
// A vector: one bar a number, up from zero or down.
import { share } from "#studio/look/colour.js";
import { Frame, gapOf, PAD } from "#studio/look/views/frame.js";
import { barScale, BAR_ROOM } from "#studio/look/views/geometry.js";
import { Empty, Held, isEmpty } from "#studio/look/views/parts.js";
import { differs, difference, labelOf, read } from "#studio/look/views/picture.js";
import { heads, labelWidth, rounded, slice } from "#studio/look/views/plane.js";
import { usePalette, useSize } from "#studio/look/views/theme.js";
import { html, useMemo, useRef } from "#studio/ui/dom.js";
import { number } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */
/** @typedef {import("#studio/look/colour.js").Palette} Palette */

/** @param {ViewProps} view */
export function Bars(view) {
  const { picture, mark } = view;
  const palette = usePalette();
  const [room, width] = useSize();
  const line = slice(picture, mark, 1);
  const axis = picture.axes[line.free[0]] ?? { name: "", title: "", labels: null };
  const count = picture.shape[line.free[0]] ?? 1;
  const scale = useMemo(() => barScale(picture), [picture]);
  const sheet = useMemo(() => {
    const named = Math.min(labelWidth(axis, count, labelOf) + 8, 64);
    const head = Math.max(52, heads(axis, 1, width, axis.title).head);
    const wide = Math.min(88, Math.max(axis.labels ? Math.max(named, 30) : 9, (width - head - 2 * PAD) / count));
    return {
      height: 1,
      width: count,
      cell: /** @type {[number, number]} */ ([BAR_ROOM, wide]),
      head,
      every: /** @type {[number, number]} */ ([1, axis.labels ? 1 : rounded(named / wide)]),
      corner:
        axis.title &&
        html`
          <span>${axis.title} →</span>
        `,
      side: scale.ticks.map(
        (/** @type {number} */ at) => html`
          <span key=${at} style=${{ top: `${scale.y(at) - 5}px` }}>${number(at, 2)}</span>
        `,
      ),
      rowLabel: () => "",
      columnLabel: (/** @type {number} */ at) => labelOf(axis, at),
      index: (/** @type {number} */ _, /** @type {number} */ at) => line.index(at),
      place: (/** @type {number[] | null} */ index) => {
        const at = line.place(index);
        return at && [0, at[0] ?? 0];
      },
      box: (/** @type {number} */ _, /** @type {number} */ at) => barBox(scale, read(picture, line.index(at)), wide),
    };
  }, [picture, line.base.join(), width, scale]);
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const draw = (/** @type {import("#studio/look/views/frame.js").Window} */ { columns: [from, to] }) => html`
    <${Columns} view=${view} sheet=${sheet} scale=${scale} palette=${palette} from=${from} to=${to} />
  `;
  return html`
    <div class="view bars">
      <${Held} view=${view} slice=${line} />
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

/** @param {ReturnType<typeof barScale>} scale @param {number | null} value @param {number} wide */
function barBox(scale, value, wide) {
  const end = scale.y(value !== null && Number.isFinite(value) ? value : 0);
  const [top, foot] = [Math.min(end, scale.y(0)), Math.max(end, scale.y(0))];
  return { x: 0, y: top, width: wide - gapOf(wide), height: Math.max(1.5, foot - top) };
}

/**
 * The bars of the columns from `from` to before `to`.
 * @param {{ view: ViewProps, sheet: any, scale: ReturnType<typeof barScale>, palette: Palette, from: number,
 *   to: number }} props
 */
function Columns({ view: { picture, compare }, sheet, scale, palette, from, to }) {
  const missing = useRef(0);
  const wide = sheet.cell[1];
  return useMemo(() => {
    const all = Array.from({ length: to - from }, (_, n) => {
      const index = sheet.index(0, from + n);
      const value = read(picture, index);
      if (value === null) missing.current++;
      const box = barBox(scale, value, wide);
      const there = value !== null && Number.isFinite(value);
      const by = difference(picture, compare, index);
      const other = by !== null && value !== null && differs(picture, by) ? scale.y(value - by) : null;
      return html`
        <g>
          ${
            there &&
            html`
              <rect
                x=${n * wide}
                y=${box.y}
                width=${box.width}
                height=${box.height}
                rx="2"
                fill=${palette.css(share({ ...picture, signed: true }, value))}
              />
            `
          }
          ${
            there &&
            wide >= 44 &&
            html`
              <text x=${n * wide + box.width / 2} y=${value < 0 ? box.y + box.height + 9 : box.y - 9}>
                ${number(value, wide < 56 ? 2 : 3)}
              </text>
            `
          }
          ${
            !there &&
            value !== null &&
            html`
              <text x=${n * wide + box.width / 2} y=${scale.y(0) - 9}>${number(value)}</text>
            `
          }
          ${
            other !== null &&
            html`
              <path class="other" d=${`M${n * wide - 1} ${other}h${box.width + 2}`} />
            `
          }
        </g>
      `;
    });
    return html`
      <svg class="view-cells view-bars" width=${(to - from) * wide} height=${BAR_ROOM}>
        ${scale.ticks.map(
          (at) => html`
            <path class=${at === 0 ? "zero" : "level"} d=${`M0 ${scale.y(at)}H${(to - from) * wide}`} />
          `,
        )}
        ${all}
      </svg>
    `;
  }, [picture, compare, sheet, scale, palette, from, to, missing.current]);
}
