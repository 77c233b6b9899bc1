// @ts-check
// A matrix as a heat map with named axes.
import { Cells } from "#studio/look/views/cells.js";
import { Frame, PAD } from "#studio/look/views/frame.js";
import { Empty, Held, isEmpty, Legend, LEGEND } from "#studio/look/views/parts.js";
import { labelOf, nameOf, read } from "#studio/look/views/picture.js";
import { heatSizes, NARROW, plane } from "#studio/look/views/plane.js";
import { usePalette, useSize } from "#studio/look/views/theme.js";
import { html, useMemo, useState } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */

/** @param {ViewProps} view */
export function Heat(view) {
  const { picture, mark } = view;
  const palette = usePalette();
  const [room, width] = useSize();
  const [pointed, setPointed] = useState(/** @type {number[] | null} */ (null));
  const flat = plane(picture, mark);
  const narrow = width < NARROW;
  const sheet = useMemo(() => {
    const sizes = heatSizes(flat, width - (narrow ? 0 : LEGEND));
    return {
      ...flat,
      ...sizes,
      corner:
        flat.columns.title &&
        html`
          <span>${flat.columns.title} →</span>
        `,
      rowLabel: (/** @type {number} */ row) => (sizes.short ? labelOf : nameOf)(flat.rows, row),
      columnLabel: (/** @type {number} */ column) => labelOf(flat.columns, column),
    };
  }, [picture, flat.base.join(), width]);
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const spot = [pointed, mark].find(flat.place) ?? null;
  return html`
    <div class=${`view heat ${narrow ? "narrow" : ""}`} ref=${room}>
      <${Held} view=${view} slice=${flat} />
      <div class="view-split">
        <div class="view-room" style=${{ maxWidth: `${sheet.head + flat.width * sheet.cell[1] + 2 * PAD}px` }}>
          ${
            width > 0 &&
            html`
              <${Frame}
                view=${view}
                sheet=${sheet}
                palette=${palette}
                onValue=${setPointed}
                draw=${(/** @type {any} */ window) => html`
                  <${Cells}
                    picture=${picture}
                    compare=${view.compare}
                    sheet=${sheet}
                    window=${window}
                    palette=${palette}
                  />
                `}
              />
            `
          }
        </div>
        <${Legend}
          picture=${picture}
          palette=${palette}
          value=${spot && read(picture, spot)}
          compare=${!!view.compare}
        />
      </div>
    </div>
  `;
}
