// @ts-check
// Values that are compared with each other: one scale for their bars, one number of digits for their figures.

/** @param {readonly number[]} values @returns {number} the largest on either side of zero */
export const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * A value with its sign, in as many digits as the largest beside it needs to show three of its own.
 * @param {number} value @param {number} scale the largest
 */
export function alike(value, scale) {
  if (value !== 0 && scale < 1e-6) return sign(value, Math.abs(value).toExponential(1).replace("-", "−"));
  const digits = scale > 0 ? Math.max(3, 2 - Math.floor(Math.log10(scale))) : 3;
  const size = Math.abs(value).toFixed(digits);
  return Number(size) ? sign(value, size) : value ? size : "0";
}

/** @param {number} value @param {string} size */
const sign = (value, size) => (value < 0 ? `−${size}` : `+${size}`);

/**
 * How far bars reach above and below the line, as shares of the longest: CSS variables.
 * @param {readonly number[]} values @param {number} scale
 */
export const extent = (values, scale) => ({
  "--up": scale ? Math.max(0, ...values) / scale : 0,
  "--down": scale ? Math.max(0, ...values.map((value) => -value)) / scale : 0,
});
