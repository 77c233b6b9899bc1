// @ts-check
// What runs, scores and values are called on this page.
import { said } from "#studio/ui/http.js";
import { told } from "#studio/ui/problem.js";
import { count, duration, number, translator, when } from "#studio/ui/text.js";
import { TEXT } from "#studio/train/text.js";

/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */

export const t = translator(TEXT);

const has = (/** @type {string} */ key) => Object.hasOwn(TEXT, key);
const key = (/** @type {string} */ name) => /** @type {keyof typeof TEXT} */ (name);

/** @param {string} id @returns {string} the word of a run's folder, or `bundled` in the reader's language */
export const runName = (id) => (id === "bundled" ? t("bundled") : id.replace(/^\d{8}-\d{6}-/, ""));

/**
 * Names that tell these runs apart: with the time, where two have the same word.
 * @param {RunSummary[]} runs @returns {string[]}
 */
export function runNames(runs) {
  const short = runs.map((run) => runName(run.id));
  return runs.map((run, i) => (short.filter((name) => name === short[i]).length > 1 ? `${short[i]} ${when(run.started)}` : short[i]));
}

/** @param {string} name of a score, as the log has it @param {{ short?: boolean }} [options] short: without "validation" */
export function scoreName(name, { short = false } = {}) {
  const [, validation, bare] = /** @type {RegExpMatchArray} */ (name.match(/^(validation_)?(.*)$/s));
  const said = has(`score_${bare}`) ? t(key(`score_${bare}`)) : bare.replaceAll("_", " ");
  return validation && !short ? spaced(t("onValidation", { name: said })) : said;
}

/** @param {string} text @returns {string} with a space between Chinese and Latin */
const spaced = (text) => text.replace(/(\p{Script=Han})([A-Za-z])/gu, "$1 $2");

/** @param {any} value of a setting */
export const settingText = (value) =>
  value === true ? t("on") : value === false ? t("off") : value === "" ? t("empty") : value === undefined || value === null ? t("absent") : String(value);

/** @param {number | null | undefined} x a score */
export const scoreText = (x) => (x === null || x === undefined ? "" : number(x, Number.isInteger(x) ? 0 : 4));

/** @param {number | null | undefined} n */
export const countText = (n) => (n === null || n === undefined ? "" : count(n));

/** @param {number | null | undefined} seconds */
export const durationText = (seconds) => (seconds === null || seconds === undefined ? "" : duration(seconds));

/** @param {{ code?: string, limit?: any, message?: string, zh?: string }} problem @returns {string} in the reader's language where it is known */
export function problemText(problem) {
  const { code = "", limit } = problem;
  const message = said(problem);
  const list = Array.isArray(limit) ? limit.join(", ") : typeof limit === "number" ? limitText(limit) : String(limit ?? "");
  const sentence = key(`problem_${code}`);
  const known = has(sentence) && (list !== "" || !TEXT[sentence].en.includes("{limit}"));
  return known ? t(sentence, { limit: list, message }) : code === "offline" ? told(null) : message;
}

/** @param {number} x */
export const limitText = (x) => (Number.isInteger(x) && Math.abs(x) < 1e16 ? count(x) : String(x));
