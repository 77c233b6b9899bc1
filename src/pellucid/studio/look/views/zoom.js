// @ts-check
// Zooming into points by wheel, fingers and mouse through d3, and by keys.
import { useEffect, useRef, useState } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/zoomed.js").Zoom} Zoom */

const CLOSEST = 60; // times as large at most
const STEP = 1.5; // of + and −
const WHOLE = { k: 1, x: 0, y: 0 };

/**
 * Zooming and moving by wheel, fingers and mouse, never beyond the whole.
 * @param {any} d3 @param {{ current: HTMLElement | null }} plane @param {number} width @param {number} height
 * @returns {{ zoom: Zoom, by: (factor: number | null, across?: number, down?: number) => void }} by: a factor, or null for the whole
 */
export function useZoom(d3, plane, width, height) {
  const [zoom, setZoom] = useState(/** @type {Zoom} */ (WHOLE));
  const behavior = useRef(/** @type {any} */ (null));
  useEffect(() => {
    if (!d3 || !plane.current || !(width > 0)) return;
    const area = [[0, 0], [width, height]];
    behavior.current = d3
      .zoom()
      .extent(area)
      .translateExtent(area)
      .scaleExtent([1, CLOSEST])
      .filter((/** @type {any} */ event) => !event.button && (!/^touch/.test(event.type) || event.touches.length > 1 || d3.zoomTransform(plane.current).k > 1))
      .on("zoom", (/** @type {any} */ event) => setZoom(event.transform));
    const element = d3.select(plane.current).call(behavior.current).on("dblclick.zoom", null);
    element.call(behavior.current.transform, d3.zoomIdentity);
    return () => void element.on(".zoom", null);
  }, [d3, width, height]);
  return {
    zoom,
    by: (factor, across = 0, down = 0) => {
      if (!d3 || !plane.current || !behavior.current) return;
      const element = d3.select(plane.current);
      if (factor === null) element.call(behavior.current.transform, d3.zoomIdentity);
      else if (factor !== 1) element.call(behavior.current.scaleBy, factor);
      else element.call(behavior.current.translateBy, across / zoom.k, down / zoom.k);
    },
  };
}

/** @param {KeyboardEvent} event @param {(factor: number | null, across?: number, down?: number) => void} by + and − zoom, 0 shows the whole, Shift and arrows move */
export function zoomKey(event, by) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const move = event.shiftKey && { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
  const factor = { "+": STEP, "=": STEP, "-": 1 / STEP, 0: null }[event.key];
  if (!move && factor === undefined) return;
  event.preventDefault();
  if (move) by(1, move[0], move[1]);
  else by(/** @type {number | null} */ (factor));
}
