// @ts-check
// The numbers of a bundle's parity report, taken from its bundle.json.

/**
 * @typedef {object} Report
 * @property {number} inputs
 * @property {number} largest
 * @property {number | null} tolerance null: quantised, where the score decides
 * @property {number} relative of the output's spread
 * @property {{ name: string, trained: number, shipped: number }[]} scores
 */

/** @param {Record<string, any>} info @returns {Report} */
export function report({ parity, scores }) {
  return {
    inputs: parity.inputs,
    largest: parity.largest_difference,
    tolerance: parity.tolerance,
    relative: parity.relative_to_spread,
    scores: Object.entries(scores.trained)
      .filter(([name, value]) => typeof value === "number" && typeof scores.shipped[name] === "number")
      .filter(([name, value]) => !NO_SCORES.includes(name) && !(Number.isInteger(value) && Number(value) > 1))
      .map(([name, value]) => ({ name, trained: /** @type {number} */ (value), shipped: scores.shipped[name] })),
  };
}

const NO_SCORES = ["threshold"]; // nor are counts

/** @param {number} x @returns {string} a small size of a difference: 3.0e−8 */
export const tiny = (x) => (x === 0 ? "0" : x.toExponential(1).replace("-", "−"));

/**
 * The largest difference between the numbers of two answers; null where they are not the same otherwise.
 * @param {Record<string, any>} a @param {Record<string, any>} b @returns {number | null}
 */
export function answersDiffer(a, b) {
  let largest = 0;
  for (const [name, value] of Object.entries(a)) {
    if (typeof value === "number" && typeof b[name] === "number") largest = Math.max(largest, Math.abs(value - b[name]));
    else if (value && typeof value === "object" && b[name] && Object.keys(value).join() === Object.keys(b[name]).join()) {
      const inside = answersDiffer(value, b[name]);
      if (inside === null) return null;
      largest = Math.max(largest, inside);
    } else if (JSON.stringify(value) !== JSON.stringify(b[name])) return null;
  }
  return largest;
}
