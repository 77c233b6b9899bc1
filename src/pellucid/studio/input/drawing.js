// @ts-check
// A drawing in the making: its strokes, what is beneath them, undo; and the picture that it is, told while it is drawn.
import { useEffect, useRef, useState } from "#studio/ui/dom.js";
import { loaded, sent } from "#studio/input/pixels.js";
import { BRUSHES, changed, extended, isEmpty, opened, undone, withStroke } from "#studio/input/strokes.js";

/** @typedef {import("#studio/input/strokes.js").Drawing} Drawing */
/** @typedef {import("#studio/input/strokes.js").Point} Point */
/** @typedef {import("#studio/input/strokes.js").Stroke} Stroke */
/**
 * @typedef {object} Drawn
 * @property {Drawing} now with the stroke that is being made
 * @property {HTMLImageElement | null | undefined} base what is beneath; undefined: on its way
 * @property {number} brush
 * @property {(brush: number) => void} setBrush
 * @property {boolean} canUndo
 * @property {() => void} undo
 * @property {() => void} clear
 * @property {boolean} drawing
 * @property {(point: Point) => void} begin
 * @property {(points: Point[]) => void} extend
 * @property {() => void} end
 */

const OFTEN = 50; // milliseconds between two pictures that are told

/**
 * @param {string} value the picture now; another one than was told comes from elsewhere, and is drawn on
 * @param {number} side @param {(value: string) => void} onChange @returns {Drawn}
 */
export function useDrawing(value, side, onChange) {
  const [history, setHistory] = useState(() => opened(value));
  const [live, setLive] = useState(/** @type {Stroke | null} */ (null));
  const [brush, setBrush] = useState(BRUSHES.usual);
  const told = useRef(value);
  const making = useRef(/** @type {Stroke | null} */ (null)); // events come faster than components are drawn
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    making.current = null;
    setLive(null);
    setHistory((before) => changed(before, { base: value, strokes: [] }));
  }, [value]);
  const base = useBase(history.now.base);
  const now = live ? withStroke(history.now, live) : history.now;
  useTold(now, base, side, (url) => {
    if (url === told.current) return;
    told.current = url;
    onChange(url);
  });
  /** @param {Stroke | null} stroke */
  const make = (stroke) => {
    making.current = stroke;
    setLive(stroke);
  };
  return {
    now,
    base,
    brush,
    setBrush,
    canUndo: history.before.length > 0,
    undo: () => setHistory(undone),
    clear: () => setHistory((before) => (isEmpty(before.now) ? before : changed(before, { base: "", strokes: [] }))),
    drawing: live !== null,
    begin: (point) => make({ points: [point], brush }),
    extend: (points) => making.current && make({ ...making.current, points: points.reduce(extended, making.current.points) }),
    end() {
      const stroke = making.current;
      if (stroke) setHistory((before) => changed(before, withStroke(before.now, stroke)));
      make(null);
    },
  };
}

/** @param {string} url @returns {HTMLImageElement | null | undefined} undefined: on its way; null: there is none, or it cannot be read */
function useBase(url) {
  const [found, setFound] = useState({ url: "", image: /** @type {HTMLImageElement | null} */ (null) });
  useEffect(() => {
    let wanted = true;
    if (url)
      loaded(url).then(
        (image) => wanted && setFound({ url, image }),
        () => wanted && setFound({ url, image: null }),
      );
    return () => void (wanted = false);
  }, [url]);
  if (!url) return null;
  return found.url === url ? found.image : undefined;
}

/**
 * @param {Drawing} now @param {HTMLImageElement | null | undefined} base @param {number} side @param {(url: string) => void} tell
 */
function useTold(now, base, side, tell) {
  const last = useRef(0);
  useEffect(() => {
    if (base === undefined) return;
    const timer = setTimeout(() => {
      last.current = performance.now();
      tell(sent(now, base, side));
    }, Math.max(0, last.current + OFTEN - performance.now()));
    return () => clearTimeout(timer);
  }, [now.base, now.strokes, now.strokes.at(-1)?.points, base]);
}
