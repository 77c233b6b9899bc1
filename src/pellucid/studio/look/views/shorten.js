// @ts-check
// A name that is longer than its room keeps its number: "Steam engine 4" becomes "Stea… 4".
import { textWidth } from "#studio/look/views/plane.js";

const SPARE = 6; // pixels, since a width is only guessed: better a letter less than a second ellipsis

/** @param {string} text @param {number} room in pixels @returns {string} as it is where it fits, ends in no short word, or is a range */
export function shortened(text, room) {
  const end = /[\s_-]\S{1,3}$/.exec(text)?.[0] ?? "";
  if (!end || text.includes("…") || textWidth(text) <= room) return text;
  let begin = text.slice(0, -end.length);
  while (begin.length > 1 && textWidth(`${begin}…${end}`) > room - SPARE) begin = begin.slice(0, -1);
  return `${begin.trimEnd()}…${end}`;
}
