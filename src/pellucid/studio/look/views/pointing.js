// @ts-check
// Pointing at cells by mouse, pen or finger. A finger that rests a moment takes hold; one that moves at once scrolls.
import { useEffect, useRef, useState } from "#studio/ui/dom.js";

const HOLD = 180; // milliseconds until a resting finger points instead of scrolling

/**
 * @param {Pick<import("#studio/look/views/picture.js").ViewProps, "picture" | "onPoint" | "onPick">} view
 * @param {(event: PointerEvent) => number[] | null} locate the cell under the pointer
 * @returns {{ pointed: number[] | null, handlers: Record<string, (event: any) => void>, surface: { current: any } }}
 * handlers and surface (a ref) go to the element that is pointed at
 */
export function usePointing({ picture, onPoint, onPick }, locate) {
  const shape = picture.shape.join();
  const [state, setState] = useState(/** @type {{ index: number[] | null, shape: string }} */ ({ index: null, shape }));
  const surface = useRef(/** @type {HTMLElement | null} */ (null));
  const touch = useRef({ held: false, timer: 0 });
  const last = useRef("");

  const point = (/** @type {number[] | null} */ index) => {
    const key = index ? `${shape}: ${index}` : "";
    if (key === last.current) return;
    last.current = key;
    setState({ index, shape });
    onPoint(index);
  };
  const release = () => {
    clearTimeout(touch.current.timer);
    touch.current.held = false;
    point(null);
  };
  const leave = useRef(release);
  leave.current = release;

  useEffect(() => {
    const element = surface.current;
    const keep = (/** @type {TouchEvent} */ event) => touch.current.held && event.cancelable && event.preventDefault();
    element?.addEventListener("touchmove", keep, { passive: false }); // a held finger does not scroll the page
    return () => {
      element?.removeEventListener("touchmove", keep);
      leave.current();
    };
  }, []);

  return {
    pointed: state.shape === shape ? state.index : null, // under a resting pointer the picture may become another one
    surface,
    handlers: {
      onPointerDown: (/** @type {PointerEvent} */ event) => {
        if (event.pointerType !== "touch") return;
        clearTimeout(touch.current.timer);
        touch.current.timer = window.setTimeout(() => {
          touch.current.held = true;
          point(locate(event));
        }, HOLD);
      },
      onPointerMove: (/** @type {PointerEvent} */ event) => {
        if (event.pointerType !== "touch" || touch.current.held) point(locate(event));
      },
      onPointerUp: (/** @type {PointerEvent} */ event) => {
        const index = locate(event);
        if (event.pointerType === "touch" && touch.current.held && index) onPick(index); // where the finger is lifted
        if (event.pointerType === "touch") release();
      },
      onPointerCancel: release,
      onPointerLeave: release,
      onClick: (/** @type {PointerEvent} */ event) => {
        const index = locate(event);
        if (index) onPick(index);
      },
      onContextMenu: (/** @type {Event} */ event) => touch.current.held && event.preventDefault(),
    },
  };
}
