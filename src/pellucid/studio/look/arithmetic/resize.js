// @ts-check
// Images made larger or smaller: the nearest pixel, or a mixture of the pixels around a place.

import { number, product, sum } from "#studio/look/arithmetic/expr.js";
import { grid } from "#studio/look/arithmetic/indices.js";
import { moved } from "#studio/look/arithmetic/move.js";
import { rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */
/** @typedef {{ place: number, weight: number }} Share  how much of the pixel at a place goes into the mixture */
/** Pixel i of one axis.
 * @typedef {(i: number, length: number, size: number, aligned: boolean, scale: number | null) => Share[]} Along */

/** Pixel ⌊(i + offset) / scale⌋, the product in float32 as ATen has it; without an offset the same size, and twice the
 * size, are taken as such.
 * @type {(i: number, length: number, size: number, offset: number, scale: number | null) => number} */
function nearestPlace(i, length, size, offset, scale) {
  const plain = offset === 0 && (size === length || size === 2 * length);
  const ratio = Math.fround(scale && !plain ? 1 / scale : plain ? 1 / (size / length) : length / size);
  return Math.min(Math.floor(Math.fround(Math.fround(i + offset) * ratio)), length - 1);
}

/** Where the center of a new pixel lies among the old ones: corner on corner, or edge on edge.
 * @type {(i: number, length: number, size: number, aligned: boolean, scale: number | null) => number} */
function center(i, length, size, aligned, scale) {
  if (aligned) return size > 1 ? (i * (length - 1)) / (size - 1) : 0;
  return (i + 0.5) * (scale ? 1 / scale : length / size) - 0.5;
}

/** The two old pixels around the place, by nearness. @type {Along} */
function linear(i, length, size, aligned, scale) {
  if (size === length) return [{ place: i, weight: 1 }]; // whatever the scale
  const at = Math.max(center(i, length, size, aligned, scale), 0);
  const left = Math.floor(at);
  return [{ place: left, weight: 1 - (at - left) }, { place: left + 1, weight: at - left }];
}

/** The four old pixels around the place by Keys' cubic, a = -0.75 (Keys 1981, equation 15). @type {Along} */
function cubic(i, length, size, aligned, scale) {
  const at = center(i, length, size, aligned, scale);
  const left = Math.floor(at);
  return [-1, 0, 1, 2].map((k) => ({ place: left + k, weight: keys(Math.abs(at - left - k)) }));
}

/** The weight of a pixel at distance 0 ≤ d ≤ 2 @type {(d: number, a?: number) => number} */
const keys = (d, a = -0.75) =>
  d <= 1 ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 : a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a;

/** Σ weight · pixel, pixels beyond the edge taken from the edge. @type {(n: number, along: Along) => Rule} */
const mixed = (n, along) =>
  rule("resize", "x size aligned *scales", "y_p = \\sum_q w_q\\, x_q", ({ x, size, aligned, scales }, index) => {
    const batch = index.slice(0, -n);
    const space = x.shape.slice(-n);
    const shares = index.slice(-n).map((i, d) => along(i, space[d], size[d], aligned, scales[d] ?? null));
    return sum(Array.from(grid(shares.map((each) => each.length)), (pick) => {
      const chosen = pick.map((k, d) => shares[d][k]);
      const at = chosen.map(({ place }, d) => Math.min(Math.max(place, 0), space[d] - 1));
      const weights = chosen.filter((_, d) => shares[d].length > 1).map(({ weight }) => number(weight));
      return product([...weights, x.at([...batch, ...at])]);
    }));
  });

/** @type {(n: number, offset: number) => Rule} */
const nearest = (n, offset) =>
  moved("x size *scales", "y_p = x_{q},\\quad q = \\lfloor p\\, n / m \\rfloor", ({ x, size, scales }, index) => {
    const space = x.shape.slice(-n);
    return [...index.slice(0, -n),
      ...index.slice(-n).map((i, d) => nearestPlace(i, space[d], size[d], offset, scales[d] ?? null))];
  });

/** @type {Record<string, Rule>} */
export const RESIZES = {
  upsample_linear1d: mixed(1, linear),
  upsample_bilinear2d: mixed(2, linear),
  upsample_trilinear3d: mixed(3, linear),
  upsample_bicubic2d: mixed(2, cubic),
  ...Object.fromEntries([1, 2, 3].flatMap((n) => [
    [`upsample_nearest${n}d`, nearest(n, 0)],
    [`_upsample_nearest_exact${n}d`, nearest(n, 0.5)],
  ])),
};
