// @ts-check
// Feature maps: each channel a small image, all on one scale.
import { tileSize } from "#studio/look/views/geometry.js";
import { Empty, Held, isEmpty, Legend, LEGEND, spoken, Tooltip } from "#studio/look/views/parts.js";
import { nameOf, read } from "#studio/look/views/picture.js";
import { onScale, Pixels } from "#studio/look/views/pixels.js";
import { NARROW, sliceOf } from "#studio/look/views/plane.js";
import { usePointing } from "#studio/look/views/pointing.js";
import { usePalette, useSize } from "#studio/look/views/theme.js";
import { html, useLayoutEffect, useMemo, useRef } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */
/** @typedef {import("#studio/look/views/pixels.js").Raster} Raster */

/**
 * The pixel under the pointer, in any of the images. @param {PointerEvent} event @param {Raster[]} rasters
 * @returns {number[] | null} image , row, column
 */
export function pixelUnder(event, rasters) {
  const tile = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-tile]");
  const area = tile?.querySelector("canvas")?.getBoundingClientRect();
  if (!tile || !area) return null;
  const nth = Number(tile.getAttribute("data-tile"));
  const row = Math.floor(((event.clientY - area.top) / area.height) * rasters[nth].height);
  const column = Math.floor(((event.clientX - area.left) / area.width) * rasters[nth].width);
  return row >= 0 && row < rasters[nth].height && column >= 0 && column < rasters[nth].width
    ? [nth, row, column]
    : null;
}

/** @param {ViewProps} view */
export function Grid(view) {
  const { picture, mark } = view;
  const palette = usePalette();
  const [room, width] = useSize();
  const board = useRef(/** @type {HTMLElement | null} */ (null));
  const corner = useRef({ x: 0, y: 0 });
  const shown = useMemo(() => maps(view), [picture, heldKey(view)]);
  const ink = useMemo(() => onScale(picture, palette), [picture, palette]);
  const { pointed, handlers, surface } = usePointing(view, (event) => {
    const at = pixelUnder(event, shown.rasters);
    const area = surface.current?.getBoundingClientRect();
    if (!at || !area) return null;
    corner.current = { x: event.clientX - area.left, y: event.clientY - area.top - 6 };
    return shown.rasters[at[0]].indices(at[1], at[2])[0];
  });
  const channel = shown.slice.place(mark)?.[0];
  useLayoutEffect(() => {
    const [box, tile] = [board.current, board.current?.querySelector(`[data-tile="${channel}"]`)];
    if (!box || !tile) return;
    const [inner, outer] = [tile.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollTop += Math.min(0, inner.top - outer.top - 8) + Math.max(0, inner.bottom - outer.bottom + 8);
  }, [channel, width]);
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const narrow = width < NARROW;
  const size = tileSize(shown.height, shown.width, shown.rasters.length, narrow ? width : width - LEGEND);
  const spot = [pointed, mark].find(shown.slice.place) ?? null;
  return html`
    <div class=${`view grid ${narrow ? "narrow" : ""}`} ref=${room}>
      <${Held} view=${view} slice=${shown.slice} />
      <div class="view-split">
        <div class="view-room view-board" ref=${surface} ...${handlers}>
          <div class="view-maps" ref=${board} role="img" tabindex="0" aria-label=${spoken(view)}>
            ${
              width > 0 &&
              shown.rasters.map(
                (/** @type {Raster} */ raster, /** @type {number} */ nth) => html`
                  <figure key=${nth} data-tile=${nth} class=${nth === channel ? "marked" : ""}>
                    <${Pixels}
                      view=${view}
                      raster=${raster}
                      ink=${ink}
                      size=${size}
                      pointed=${pointed}
                      palette=${palette}
                    />
                    ${
                      shown.axis &&
                      html`
                        <figcaption>${nameOf(shown.axis, nth)}</figcaption>
                      `
                    }
                  </figure>
                `,
              )
            }
          </div>
          ${
            pointed &&
            html`
              <${Tooltip}
                view=${view}
                index=${pointed}
                ...${corner.current}
                width=${surface.current?.clientWidth ?? 0}
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

/** @param {ViewProps} view @returns {string} changes when other images are shown */
const heldKey = ({ picture, mark }) => (mark ?? []).slice(0, Math.max(0, picture.shape.length - 3)).join();

/** The last three axes as images, a channel each. @param {ViewProps} view */
function maps({ picture, mark }) {
  const axes = picture.shape.length;
  const free = [axes - 3, axes - 2, axes - 1].filter((axis) => axis >= 0);
  const slice = sliceOf(picture, mark, free);
  const [height, width] = [picture.shape[axes - 2] ?? 1, picture.shape[axes - 1] ?? 1];
  const index = (/** @type {number} */ nth, /** @type {number} */ row, /** @type {number} */ column) =>
    slice.index(...[nth, row, column].slice(-free.length));
  const count = free.length === 3 ? picture.shape[free[0]] : 1;
  const rasters = Array.from({ length: count }, (_, nth) => ({
    height,
    width,
    indices: (/** @type {number} */ row, /** @type {number} */ column) => [index(nth, row, column)],
  }));
  return { slice, height, width, rasters, axis: free.length === 3 ? picture.axes[free[0]] : null };
}
