// @ts-check
// The palette of the theme that the page has now, and drawing crisply in it.
import { palette } from "#studio/look/colour.js";
import { useEffect, useLayoutEffect, useRef, useState } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/colour.js").Palette} Palette */

const NAMES = {
  neg: "--neg",
  zero: "--paper",
  pos: "--pos",
  ink: "--ink",
  sheet: "--sheet",
  line: "--line-2",
  accent: "--accent",
};

/** @type {Map<string, Palette>} by the values of the tokens */
const made = new Map();

/** @returns {Palette} */
export function currentPalette() {
  const style = getComputedStyle(document.documentElement);
  const tokens = Object.fromEntries(
    Object.entries(NAMES).map(([name, property]) => [name, style.getPropertyValue(property).trim()]),
  );
  const key = Object.values(tokens).join();
  const found = made.get(key) ?? palette(/** @type {import("#studio/look/colour.js").Tokens} */ (tokens));
  made.set(key, found);
  return found;
}

/** @type {Set<() => void>} */
const followers = new Set();
const tell = () => followers.forEach((follow) => follow());

if (typeof document !== "undefined") {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  new MutationObserver(tell).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}

/** @returns {Palette} follows the theme */
export function usePalette() {
  const [colours, setColours] = useState(currentPalette);
  useEffect(() => {
    const follow = () => setColours(currentPalette());
    followers.add(follow);
    follow();
    return () => void followers.delete(follow);
  }, []);
  return colours;
}

/**
 * @returns {[(element: any) => void, number, number]} a ref; the width and the height of its element, as they change
 */
export function useSize() {
  const [target, element] = useState(/** @type {HTMLElement | null} */ (null));
  const [[width, height], set] = useState([0, 0]);
  useLayoutEffect(() => {
    if (!target) return;
    const measure = () =>
      set((/** @type {[number, number]} */ old) =>
        old[0] === target.clientWidth && old[1] === target.clientHeight
          ? old
          : [target.clientWidth, target.clientHeight],
      );
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [target]);
  return [element, width, height];
}

/**
 * A canvas of so many CSS pixels, sharp on any screen, cleared.
 * @param {HTMLCanvasElement | null} canvas @param {number} width @param {number} height
 * @returns {CanvasRenderingContext2D | null}
 */
export function fresh(canvas, width, height) {
  const context = canvas?.getContext("2d") ?? null;
  if (!canvas || !context) return null;
  const ratio = globalThis.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
