// @ts-check
// One image, gray or in colours, as the network is given it; signed numbers on the scale of all pictures.
import { imageAxes, tileSize } from "#studio/look/views/geometry.js";
import { pixelUnder } from "#studio/look/views/grid.js";
import { Empty, Held, isEmpty, Legend, LEGEND, spoken, Tooltip } from "#studio/look/views/parts.js";
import { read } from "#studio/look/views/picture.js";
import { asPhoto, onScale, Pixels } from "#studio/look/views/pixels.js";
import { NARROW, sliceOf } from "#studio/look/views/plane.js";
import { usePointing } from "#studio/look/views/pointing.js";
import { usePalette, useSize } from "#studio/look/views/theme.js";
import { html, useMemo, useRef } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */
/** @typedef {import("#studio/look/views/picture.js").Picture} Picture */

/** @param {ViewProps} view */
export function Image(view) {
  const { picture, mark } = view;
  const palette = usePalette();
  const [room, width] = useSize();
  const spot = useRef({ x: 0, y: 0 });
  const { rows, columns, colour } = imageAxes(picture);
  const slice = sliceOf(
    picture,
    mark,
    [rows, columns, ...(colour === null ? [] : [colour])].filter((axis) => axis >= 0),
  );
  const raster = useMemo(
    () => ({
      height: picture.shape[rows] ?? 1,
      width: picture.shape[columns] ?? 1,
      indices: (/** @type {number} */ row, /** @type {number} */ column) =>
        (colour === null ? [0] : [0, 1, 2]).map((c) =>
          rows < 0 ? slice.index(column) : slice.index(row, column, ...(colour === null ? [] : [c])),
        ),
    }),
    [picture, slice.base.join()],
  );
  const ink = useMemo(() => (picture.signed ? onScale(picture, palette) : asPhoto(picture)), [picture, palette]);
  const { pointed, handlers, surface } = usePointing(view, (event) => {
    const at = pixelUnder(event, [raster]);
    const area = surface.current?.getBoundingClientRect();
    if (!at || !area) return null;
    spot.current = { x: event.clientX - area.left, y: event.clientY - area.top - 6 };
    return raster.indices(at[1], at[2])[colour === null ? 0 : (mark?.[colour] ?? 0)];
  });
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const narrow = width < NARROW;
  const size = tileSize(raster.height, raster.width, 1, narrow ? width - 12 : width - LEGEND);
  const shown = [pointed, mark].find(slice.place) ?? null;
  return html`
    <div class=${`view image ${narrow ? "narrow" : ""}`} ref=${room}>
      <${Held} view=${view} slice=${slice} />
      <div class="view-split">
        <div class="view-room view-board" ref=${surface} ...${handlers}>
          <div class="view-maps" role="img" tabindex="0" aria-label=${spoken(view)}>
            ${
              width > 0 &&
              html`
                <figure data-tile="0">
                  <${Pixels}
                    view=${view}
                    raster=${raster}
                    ink=${ink}
                    size=${size}
                    pointed=${pointed}
                    palette=${palette}
                  />
                </figure>
              `
            }
          </div>
          ${
            pointed &&
            html`
              <${Tooltip} view=${view} index=${pointed} ...${spot.current} width=${surface.current?.clientWidth ?? 0} />
            `
          }
        </div>
        ${
          picture.signed &&
          html`
            <${Legend}
              picture=${picture}
              palette=${palette}
              value=${shown && read(picture, shown)}
              compare=${!!view.compare}
            />
          `
        }
      </div>
    </div>
  `;
}
