// @ts-check
// What the views have in common around the picture: its spoken text, the tooltip, the legend, the axes that are held.
import { share, ticks } from "#studio/look/colour.js";
import { difference, differs, DIFFERS } from "#studio/look/views/picture.js";
import { TEXT } from "#studio/look/views/text.js";
import { html } from "#studio/ui/dom.js";
import { number, translator } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */
/** @typedef {import("#studio/look/views/picture.js").Picture} Picture */
/** @typedef {import("#studio/look/colour.js").Palette} Palette */

export const t = translator(TEXT);

/** @param {ViewProps} view @returns {string} the picture in words: what it is, how large, the marked cell */
export function spoken({ picture, mark, describe }) {
  const shape = picture.shape.map((n, axis) => `${picture.axes[axis]?.title ?? ""} ${n}`.trim()).join(" × ");
  const cell = mark ? describe(mark) : "";
  return shape || !cell ? t("spoken", { label: picture.label, shape, cell }).trim() : cell;
}

/** @param {{ view: ViewProps }} props instead of a picture of no numbers */
export const Empty = ({ view }) => html`
  <p class="view-empty">${t("empty", { shape: view.picture.shape.join(", ") })}</p>
`;

/** Width of the legend with the space before it; where the picture is narrow it lies under it. */
export const LEGEND = 108;

/** @param {Picture} picture */
export const isEmpty = (picture) => picture.shape.includes(0);

/** @param {number} by @returns {string} with its sign */
export const signedNumber = (by) => `${by > 0 ? "+" : ""}${number(by)}`;

/**
 * What the pointed cell says, above it (below it near the top).
 * @param {{ view: ViewProps, index: number[], x: number, y: number, width: number }} props x, y: middle of the cell's
 * upper edge; width: of the element that the tooltip must stay in
 */
export function Tooltip({ view, index, x, y, width }) {
  const by = difference(view.picture, view.compare, index);
  const side = x < 130 ? "from-left" : x > width - 130 ? "from-right" : "";
  return html`
    <div
      class=${`view-tip ${side} ${y < 64 ? "below" : ""}`}
      style=${{ left: `${x}px`, top: `${y}px` }}
      aria-hidden="true"
    >
      <div>${view.describe(index)}</div>
      ${
        by !== null &&
        html`
          <div class=${differs(view.picture, by) ? "differs" : ""}>${t("difference", { n: signedNumber(by) })}</div>
        `
      }
    </div>
  `;
}

/** @param {Picture} picture @returns {{ at: number, text: string }[]} at: value */
export function legendTicks(picture) {
  const { low, high, signed, bounded } = picture;
  if (bounded === "gate")
    return [
      { at: 0, text: t("closed", { n: 0 }) },
      { at: 0.5, text: "0.5" },
      { at: 1, text: t("open", { n: 1 }) },
    ];
  if (bounded) return [0, 0.5, 1].map((at) => ({ at, text: String(at) }));
  const most = Math.max(Math.abs(low), Math.abs(high));
  return ticks(signed ? -most : low, signed ? most : high, 4).map((at) => ({
    at,
    text: number(at, 2)
      .replace(/(\.\d*?)0+$/, "$1")
      .replace(/\.$/, ""),
  }));
}

/**
 * The colour scale with its numbers; a pointer shows where the pointed or marked value lies.
 * @param {{ picture: Picture, palette: Palette, value: number | null, compare?: boolean }} props
 */
export function Legend({ picture, palette, value, compare = false }) {
  const from = picture.signed ? -1 : 0;
  const place = (/** @type {number} */ at) =>
    `${(100 * (Math.min(1, Math.max(from, share(picture, at))) - from)) / (1 - from)}%`;
  const ramp = Array.from({ length: 13 }, (_, n) => palette.css(from + ((1 - from) * n) / 12)).join(", ");
  const inside = value !== null && Number.isFinite(value);
  return html`
    <div class="view-legend" aria-hidden="true">
      <div class="view-scale">
        <div class="ramp" style=${{ "--ramp": ramp }}></div>
        ${legendTicks(picture).map(
          ({ at, text }) => html`
            <span class="tick" key=${text} style=${{ "--at": place(at) }}>${text}</span>
          `,
        )}
        ${
          inside &&
          html`
            <i class="now" style=${{ "--at": place(value) }}></i>
          `
        }
      </div>
      ${
        compare &&
        html`
          <p class="view-differs">${t("differs", { n: number(DIFFERS * (picture.high - picture.low || 1), 2) })}</p>
        `
      }
    </div>
  `;
}

/**
 * The axes that are not shown, each at the position of the mark, to step through.
 * @param {{ view: ViewProps, slice: import("#studio/look/views/plane.js").Slice }} props
 */
export function Held({ view, slice }) {
  const { picture, mark, onPick } = view;
  if (!slice.held.length) return null;
  const move = (/** @type {number} */ axis, /** @type {number} */ by) => () => {
    const index = (mark ?? slice.base).slice();
    index[axis] = (index[axis] + by + picture.shape[axis]) % picture.shape[axis];
    onPick(index);
  };
  return html`
    <div class="view-held">
      ${slice.held.map((axis) => {
        const { title } = picture.axes[axis];
        const at = slice.base[axis];
        const label = picture.axes[axis].labels?.[at];
        return html`
          <span key=${axis}>
            <button class="plain" aria-label=${t("previous", { title })} onClick=${move(axis, -1)}>‹</button>
            <span>
              ${label === undefined ? t("axisAt", { title, at, last: picture.shape[axis] - 1 }) : `${title}: ${label}`}
            </span>
            <button class="plain" aria-label=${t("next", { title })} onClick=${move(axis, 1)}>›</button>
          </span>
        `;
      })}
    </div>
  `;
}
