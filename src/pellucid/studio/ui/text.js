// @ts-check
// Two languages: which one is shown, and every sentence in it. Each part has a table of its own, `text.js`.

/** @typedef {{ en: string, "zh-TW": string }} Words one sentence in both languages */
/** @typedef {"en" | "zh-TW"} Language */

/** @type {Language} */
let current = "en";

/** @returns {Language} */
export const language = () => current;

/** @param {Language} chosen */
export function setLanguage(chosen) {
  current = chosen;
  if (typeof document !== "undefined") document.documentElement.lang = chosen;
}

/**
 * The language of a URL, else the one chosen before, else the browser's.
 * @param {string | undefined} asked
 * @returns {Language}
 */
export function pickLanguage(asked) {
  if (asked === "en" || asked === "zh-TW") return asked;
  const kept = remembered("language");
  if (kept === "en" || kept === "zh-TW") return kept;
  return typeof navigator !== "undefined" && /^zh/i.test(navigator.language) ? "zh-TW" : "en";
}

/** @param {{ en: string, "zh-TW": string } | Record<string, string> | null | undefined} both */
export const words = (both) => (both ? both[current] || both.en : "");

/**
 * A function from keys of a table to sentences; `{name}` in a sentence is filled from `values`, `{name|line|lines}` by
 * its first word for 1, else by its second.
 * @template {Record<string, Words>} T
 * @param {T} table
 * @returns {(key: keyof T & string, values?: Record<string, string | number>) => string}
 */
export const translator = (table) => (key, values) => {
  const sentence = table[key]?.[current];
  if (sentence === undefined) throw new Error(`no sentence ${key} in ${current}`);
  return values ? fill(sentence, values) : sentence;
};

/** @param {string} sentence @param {Record<string, string | number>} values */
export const fill = (sentence, values) => 
  sentence.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) => (one === undefined ? String(values[name] ?? "") : String(values[name]) === "1" ? one : many));

const MINUS = "−";

/**
 * A number as the pictures write it: a real minus sign, tabular, a power of ten only where it must be.
 * @param {number} x @param {number} [digits] after the point
 */
export function number(x, digits = 3) {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(x);
  if (Number.isInteger(x) && size < 1e6) return String(x).replace("-", MINUS);
  const text = size !== 0 && (size < 10 ** (1 - digits) / 2 || size >= 1e6) ? x.toExponential(1) : x.toFixed(digits);
  return text.replaceAll("-", MINUS).replace("e+", "e");
}

/** @param {string[]} parts several names in a row, as the language sets them */
export const listed = (parts) => parts.join(current === "en" ? ", " : "、");

/** @param {number} n a count, with separators */
export const count = (n) => n.toLocaleString("en-US");

/** @param {string | null | undefined} iso a moment, as short as it can be told */
export function when(iso) {
  if (!iso) return "";
  const date = new Date(iso.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(current, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/** @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [h, min, s] = current === "en" ? [" h ", " min ", " s"] : [" 時 ", " 分 ", " 秒"];
  if (whole < 90) return `${seconds < 10 ? Math.max(seconds, 0).toFixed(1) : whole}${s}`;
  const minutes = Math.floor(whole / 60);
  return minutes < 90 ? `${minutes}${min}${whole % 60}${s}` : `${Math.floor(minutes / 60)}${h}${minutes % 60}${min}`.trim();
}

/** @param {number} bytes */
export function size(bytes) {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {string} name @returns {string | null} what this browser was told before; null where it keeps nothing */
export function remembered(name) {
  try {
    return localStorage.getItem(`pellucid.${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(`pellucid.${name}`, value);
  } catch {
    // a browser that keeps nothing still shows everything
  }
}
