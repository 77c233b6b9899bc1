// @ts-check
// One number, large, with where it lies between the ends of its scale.
import { share } from "#studio/look/colour.js";
import { Board, cellProps } from "#studio/look/views/board.js";
import { Empty, isEmpty, signedNumber, t } from "#studio/look/views/parts.js";
import { difference, read } from "#studio/look/views/picture.js";
import { usePalette } from "#studio/look/views/theme.js";
import { html } from "#studio/ui/dom.js";
import { number } from "#studio/ui/text.js";

/**
 * @param {import("#studio/look/views/picture.js").ViewProps} view of a tensor of one number; of a larger one the
 * marked is shown
 */
export function Scalar(view) {
  const { picture, mark, compare } = view;
  const palette = usePalette();
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const index = mark ?? picture.shape.map(() => 0);
  const value = read(picture, index);
  const by = difference(picture, compare, index);
  const shade = value === null || !Number.isFinite(value) ? 0 : share(picture, value);
  return html`
    <div class="view scalar">
      <${Board} view=${view} kind="view-scalar">
        ${(/** @type {number[] | null} */ pointed) => html`
          <div class="cell" ...${cellProps(index, { ...view, mark: null }, pointed)}>
            <i style=${{ background: palette.css(shade) }}></i>
            <strong>${value === null ? t("missing") : number(value, 4)}</strong>
          </div>
          <div>
            ${picture.label}${
              value !== null &&
              Number.isFinite(value) &&
              !Number.isInteger(value) &&
              html`
                <span class="exact">${String(value).replace("-", "−")}</span>
              `
            }
          </div>
          ${
            by !== null &&
            by !== 0 &&
            html`
              <div class="by">${t("difference", { n: signedNumber(by) })}</div>
            `
          }
        `}
      <//>
    </div>
  `;
}
