// @ts-check
// What every view is given, and how it reads a number that may not be there yet.
import { Missing } from "#studio/look/tensor.js";

/**
 * @typedef {{ name: string, title: string, labels: string[] | null, steps?: boolean }} Axis title: in the reader's
 * language
 */
/**
 * @typedef {object} Picture keep the same object while nothing in it changes: views redraw all cells for a new one
 * @property {number[]} shape
 * @property {Axis[]} axes as many as the shape has numbers
 * @property {(index: number[]) => number} at may throw a Missing error while bytes load
 * @property {number} low of the colour scale
 * @property {number} high
 * @property {boolean} signed zero is paper, above it blue, below it orange
 * @property {"gate" | "probability" | null} [bounded]
 * @property {string} label
 */
/**
 * @typedef {object} ViewProps
 * @property {Picture} picture
 * @property {number[] | null} mark the marked cell, by keyboard and click
 * @property {(index: number[]) => number} lit how strongly a cell fed the pointed one, −1 … 1; 0: not at all
 * @property {(index: number[] | null) => void} onPoint
 * @property {(index: number[]) => void} onPick
 * @property {Picture | null} [compare] of the same shape; where it differs is marked
 * @property {boolean} [active] of two pictures side by side, whether keys move this one's mark
 * @property {(index: number[]) => string} describe a cell and its value in words
 */

/** A difference is marked beyond this share of the scale. */
export const DIFFERS = 0.05;

/** @param {Picture} picture @param {number[]} index @returns {number | null} null: not there yet */
export function read(picture, index) {
  try {
    return picture.at(index);
  } catch (error) {
    if (error instanceof Missing) return null;
    throw error;
  }
}

/**
 * @param {Picture} picture @param {Picture | null | undefined} compare @param {number[]} index
 * @returns {number | null} this picture less the other one; null where there is nothing to compare
 */
export function difference(picture, compare, index) {
  if (!compare || compare.shape.join() !== picture.shape.join()) return null;
  const [mine, other] = [read(picture, index), read(compare, index)];
  return mine === null || other === null || Number.isNaN(mine - other) ? null : mine - other;
}

/** @param {Picture} picture @param {number | null} by @returns {boolean} whether a difference is worth a mark */
export const differs = (picture, by) => by !== null && Math.abs(by) > DIFFERS * (picture.high - picture.low || 1);

/** @param {Axis} axis @param {number} at @returns {string} one position of an axis: its label, else its number */
export const labelOf = (axis, at) => axis.labels?.[at] ?? String(at);

/** @param {Axis} axis @param {number} at @returns {string} the same where it stands alone: "unit 3" */
export function nameOf(axis, at) {
  const label = axis.labels?.[at];
  if (label === undefined || axis.name === "step") return `${axis.title} ${label ?? at}`.trim();
  return /[\p{L}\p{N}]/u.test(label) ? label : `“${label}”`; // a comma that is a word
}
