// @ts-check
// A picture whose cells are elements of their own: what carries data-at="3,5" is the cell [3, 5].
import { spoken, Tooltip } from "#studio/look/views/parts.js";
import { usePointing } from "#studio/look/views/pointing.js";
import { html, useLayoutEffect, useRef } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */

/**
 * @param {number[]} index @param {ViewProps} view @param {number[] | null} pointed
 * @returns {Record<string, string>} what an element needs to be that cell
 */
export const cellProps = (index, { mark, active }, pointed) => {
  const key = index.join();
  const marked = key === mark?.join() ? `marked ${active === false ? "aside" : ""}` : "";
  return { "data-at": key, "data-state": `${marked} ${key === pointed?.join() ? "pointed" : ""}`.trim() };
};

/** @param {number} strength of light, −1 … 1 @param {boolean} any whether any cell is lit @returns {string} */
export const lightClass = (strength, any) => (strength ? (strength < 0 ? "lit against" : "lit") : any ? "unlit" : "");

/**
 * @param {{ view: ViewProps, kind: string, children: (pointed: number[] | null) => any }} props
 */
export function Board({ view, kind, children }) {
  const spot = useRef({ x: 0, y: 0 });
  const { pointed, handlers, surface } = usePointing(view, (event) => {
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-at]");
    if (!cell || !surface.current?.contains(cell)) return null;
    const [inner, outer] = [cell.getBoundingClientRect(), surface.current.getBoundingClientRect()];
    spot.current = { x: inner.left - outer.left + inner.width / 2, y: inner.top - outer.top };
    return (cell.getAttribute("data-at") ?? "").split(",").filter(Boolean).map(Number);
  });
  const key = view.mark?.join();
  useLayoutEffect(() => {
    const box = surface.current?.firstElementChild;
    const cell = key === undefined ? null : box?.querySelector(`[data-at="${key}"]`);
    if (!box || !cell) return;
    const [inner, outer] = [cell.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollTop += Math.min(0, inner.top - outer.top - 8) + Math.max(0, inner.bottom - outer.bottom + 8);
    box.scrollLeft += Math.min(0, inner.left - outer.left - 8) + Math.max(0, inner.right - outer.right + 8);
  }, [key]);
  return html`
    <div class="view-board" ref=${surface} ...${handlers}>
      <div class=${kind} role="img" tabindex="0" aria-label=${spoken(view)}>${children(pointed)}</div>
      ${
        pointed &&
        html`
          <${Tooltip} view=${view} index=${pointed} ...${spot.current} width=${surface.current?.clientWidth ?? 0} />
        `
      }
    </div>
  `;
}
