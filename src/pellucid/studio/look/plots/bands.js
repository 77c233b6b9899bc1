// @ts-check
// Which values of a plane share a colour, and which colour that is.
import { levels, span, twoSided } from "#studio/look/plots/scale.js";

/** @typedef {{ levels: number[], log: boolean, signed: boolean, low: number, high: number }} Bands of values, each of one colour */

/** @param {number[]} values @param {boolean} log @returns {Bands} */
export function bandsOf(values, log) {
  const [low, high] = span(values);
  return { levels: levels(values, { log }), log, signed: !log && twoSided([low, high]), low, high };
}

/** @param {Bands} bands @param {number} band 0 below the first level @returns {string} its colour: low is deep, or both sides of zero */
export function fill({ levels, signed, low, high }, band) {
  if (!signed) return `color-mix(in oklab, var(--pos) ${Math.round(50 - (46 * band) / levels.length)}%, var(--sheet))`;
  const middle = ((levels[band - 1] ?? low) + (levels[band] ?? high)) / 2;
  const share = Math.round((60 * Math.abs(middle)) / Math.max(-low, high));
  return `color-mix(in oklab, var(--${middle < 0 ? "neg" : "pos"}) ${share}%, var(--sheet))`;
}
