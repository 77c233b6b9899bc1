// @ts-check
// What the outputs of a card say, in short: one text for each kind, wherever there is only room for a line.
import { number, words } from "#studio/ui/text.js";

/** @typedef {Pick<import("#studio/types.d.ts").OutputField, "kind"> & Partial<Pick<import("#studio/types.d.ts").OutputField, "called">>} Output */
/** @typedef {{ name: string, score: number, text: string }} Place of a ranking */

export const NONE = "—"; // where there is no number to give
const DIGITS = 4;
const FEW = 3; // classes, or places of a ranking, that are named in a line

/** @param {number | null | undefined} value @param {number} [digits] @returns {string} */
export const figure = (value, digits = DIGITS) => (typeof value === "number" ? number(value, digits) : NONE);

/**
 * Numbers by name, a row each; none where the answer has none.
 * @param {Record<string, number | null> | null | undefined} numbers @returns {{ name: string, text: string, exact: string }[]}
 */
export const rows = (numbers) =>
  Object.entries(numbers ?? {}).map(([name, value]) => ({ name, text: figure(value), exact: typeof value === "number" ? String(value) : "" }));

/**
 * Classes by probability, the most probable first; equal ones in the model's order.
 * @param {Record<string, number> | null | undefined} shares @returns {{ name: string, value: number, place: number }[]}
 */
export const ranked = (shares) =>
  Object.entries(shares ?? {})
    .map(([name, value], place) => ({ name, value, place }))
    .sort((a, b) => b.value - a.value || a.place - b.place);

/** @param {Output} output a label @param {string | null | undefined} value @returns {string} the word that people read for it */
export const called = (output, value) => (value && words(output.called?.[value])) || value || NONE;

/**
 * The outputs that a line has room for: a distribution's best class is already the answer's label.
 * @template {Output} O @param {O[]} outputs @returns {O[]}
 */
export const brief = (outputs) => outputs.filter(({ kind }) => kind !== "distribution");

/** @param {Output} output @param {any} value of it in an answer @param {number} [digits] of a number that stands alone @returns {string} */
export function shortly(output, value, digits) {
  const { kind } = output;
  if (kind === "sentence") return words(value);
  if (kind === "numbers") return rows(value).map(({ name, text }) => `${name} = ${text}`).join(", ") || NONE;
  if (kind === "label") return called(output, value);
  if (kind === "distribution") return ranked(value).slice(0, FEW).map(({ name, value: share }) => `${name}: ${figure(share, digits)}`).join(", ");
  if (kind === "ranking") return /** @type {Place[]} */ (value ?? []).slice(0, FEW).map(({ name }) => name).join(", ") || NONE;
  return figure(value, digits);
}
