// @ts-check
// A token strip: each token on the colour of its value.
import { share } from "#studio/look/colour.js";
import { Board, cellProps, lightClass } from "#studio/look/views/board.js";
import { Empty, Held, isEmpty, Legend } from "#studio/look/views/parts.js";
import { differs, difference, labelOf, read } from "#studio/look/views/picture.js";
import { slice, sliceOf } from "#studio/look/views/plane.js";
import { usePalette } from "#studio/look/views/theme.js";
import { html } from "#studio/ui/dom.js";
import { number } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */

/** @param {ViewProps} view */
export function Tokens(view) {
  const { picture, mark, compare } = view;
  const palette = usePalette();
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const labelled = picture.axes.findIndex((axis, at) => axis.labels && picture.shape[at] > 1);
  const line = labelled < 0 ? slice(picture, mark, 1) : sliceOf(picture, mark, [labelled]);
  const axis = picture.axes[line.free[0]];
  const indices = Array.from({ length: picture.shape[line.free[0]] ?? 1 }, (_, at) => line.index(at));
  const light = indices.map(view.lit);
  const any = light.some(Boolean);
  return html`
    <div class="view tokens narrow">
      <${Held} view=${view} slice=${line} />
      <div class="view-split">
        <div class="view-room">
          <${Board} view=${view} kind="view-tokens">
            ${(/** @type {number[] | null} */ pointed) =>
              indices.map((index, at) => {
                const value = read(picture, index);
                const there = value !== null && Number.isFinite(value);
                const shade = there ? share(picture, value) : 0;
                const colours = {
                  background: there ? palette.css(shade) : "",
                  color: there ? palette.text(shade) : "",
                };
                const apart = differs(picture, difference(picture, compare, index));
                return html`
                  <span
                    key=${at}
                    ...${cellProps(index, view, pointed)}
                    class=${`${lightClass(light[at], any)} ${apart ? "differs" : ""}`}
                  >
                    <b style=${colours}>${labelOf(axis, at)}</b>
                    <small>${value === null ? "" : number(value)}</small>
                  </span>
                `;
              })}
          <//>
        </div>
        <${Legend} picture=${picture} palette=${palette} value=${mark && read(picture, mark)} compare=${!!compare} />
      </div>
    </div>
  `;
}
