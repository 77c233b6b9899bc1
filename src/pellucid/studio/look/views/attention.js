// @ts-check
// Attention: the matrix of weights, and for the marked query a line to each position that it looks at.
import { Board, cellProps } from "#studio/look/views/board.js";
import { Heat } from "#studio/look/views/heat.js";
import { t } from "#studio/look/views/parts.js";
import { nameOf, read } from "#studio/look/views/picture.js";
import { sliceOf } from "#studio/look/views/plane.js";
import { html } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */

const TALL = 26; // of a token in the two columns
const ACROSS = 170; // between them
const MOST = 80; // tokens; more lines say nothing

/** @param {ViewProps} view */
export function Attention(view) {
  const { shape } = view.picture;
  const [queries, keys] = shape.slice(-2);
  const few = shape.length >= 2 && queries > 0 && keys > 0 && queries <= MOST && keys <= MOST;
  return html`
    <div class="view-attention">
      <${Heat} ...${view} />
      ${
        few &&
        html`
          <${Lines} view=${view} />
        `
      }
    </div>
  `;
}

/** @param {{ view: ViewProps }} props */
function Lines({ view }) {
  const { picture, mark } = view;
  const axes = [picture.shape.length - 2, picture.shape.length - 1];
  const slice = sliceOf(picture, mark, axes);
  const [queries, keys] = axes.map((axis) => picture.shape[axis]);
  const [query, key] = slice.place(mark) ?? [0, 0];
  const height = Math.max(queries, keys) * TALL;
  const weights = Array.from({ length: keys }, (_, at) => read(picture, slice.index(query, at)) ?? Number.NaN);
  const top = Math.max(...weights.filter(Number.isFinite), 1e-9);
  const y = (/** @type {number} */ at) => (at + 0.5) * TALL;
  const line = (/** @type {number} */ weight, /** @type {number} */ at) =>
    weight > top * 0.01 &&
    html`
      <path
        key=${at}
        class=${at === key ? "marked" : ""}
        d=${`M0 ${y(query)}C${ACROSS / 2} ${y(query)} ${ACROSS / 2} ${y(at)} ${ACROSS} ${y(at)}`}
        stroke-width=${0.6 + (5.4 * weight) / top}
        stroke-opacity=${0.2 + (0.7 * weight) / top}
      />
    `;
  return html`
    <${Board} view=${view} kind="view-looks">
      ${(/** @type {number[] | null} */ pointed) => html`
        <div class="tokens-from">
          <b class="head">${t("queries")}</b>
          ${Array.from(
            { length: queries },
            (_, at) => html`
              <span
                key=${at}
                class=${at === query ? "marked" : ""}
                ...${cellProps(slice.index(at, key), view, pointed)}
              >
                ${nameOf(picture.axes[axes[0]], at)}
              </span>
            `,
          )}
        </div>
        <svg class="view-lines" width=${ACROSS} height=${height}>${weights.map(line)}</svg>
        <div class="tokens-to">
          <b class="head">${t("keys")}</b>
          ${Array.from(
            { length: keys },
            (_, at) => html`
              <span
                key=${at}
                class=${at === key ? "marked" : ""}
                ...${cellProps(slice.index(query, at), view, pointed)}
              >
                ${nameOf(picture.axes[axes[1]], at)}
              </span>
            `,
          )}
        </div>
      `}
    <//>
  `;
}
