// @ts-check
// What is seen of a picture of points that was zoomed into: its places and its ticks.
import { ticks } from "#studio/look/colour.js";
import { MARGIN } from "#studio/look/views/geometry.js";

/** @typedef {ReturnType<typeof import("#studio/look/views/geometry.js").plot>} Scale */
/** @typedef {{ k: number, x: number, y: number }} Zoom as d3 has it */

/**
 * The scale of what is seen of the whole, with ticks of its own.
 * @param {Scale} whole @param {Zoom} zoom @param {number} width @param {number} height @returns {Scale}
 */
export function zoomed(whole, { k, x, y }, width, height) {
  if (k === 1) return whole;
  const back = (/** @type {(value: number) => number} */ place, /** @type {number} */ pixel, /** @type {number} */ moved) =>
    ((pixel - moved) / k - place(0)) / (place(1) - place(0));
  return {
    x: (value) => x + k * whole.x(value),
    y: (value) => y + k * whole.y(value),
    xs: ticks(back(whole.x, MARGIN.left, x), back(whole.x, width - MARGIN.right, x), 5),
    ys: ticks(back(whole.y, height - MARGIN.foot, y), back(whole.y, MARGIN.top, y), 5),
  };
}
