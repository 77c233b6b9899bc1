// @ts-check
// What the outputs of a card say, in short: one text for each kind, wherever there is only room for a line.
import { number, words } from "#studio/ui/text.js";

/** @typedef {Pick<import("#studio/types.d.ts").OutputField, "kind">} Output */

export const NONE = "—"; // where there is no number to give
const DIGITS = 4;

/** @param {number | null | undefined} value @param {number} [digits] @returns {string} */
export const figure = (value, digits = DIGITS) => (typeof value === "number" ? number(value, digits) : NONE);

/**
 * Numbers by name, a row each; none where the answer has none.
 * @param {Record<string, number | null> | null | undefined} numbers @returns {{ name: string, text: string, exact: string }[]}
 */
export const rows = (numbers) =>
  Object.entries(numbers ?? {}).map(([name, value]) => ({ name, text: figure(value), exact: typeof value === "number" ? String(value) : "" }));

/** @param {Output} output @param {any} value of it in an answer @param {number} [digits] of a number that stands alone @returns {string} */
export function shortly({ kind }, value, digits) {
  if (kind === "sentence") return words(value);
  if (kind === "numbers") return rows(value).map(({ name, text }) => `${name} = ${text}`).join(", ") || NONE;
  if (kind === "label") return value ?? NONE;
  return figure(value, digits);
}
