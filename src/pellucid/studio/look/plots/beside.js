// @ts-check
// Where the names of points stand: beside their point, over no other point or name; of many points, those that find room.
import { textWidth } from "#studio/look/views/plane.js";

/** A word to be placed: beside a point (x, y in pixels) or, fixed, where it is. @typedef {{ x: number, y: number, text: string, fixed?: boolean, side?: "start" | "end" | "middle", main?: boolean }} Wanted */
/** @typedef {{ x: number, y: number, text: string, side: "start" | "end" | "middle", main: boolean }} Named */
/** @typedef {{ left: number, top: number, right: number, foot: number }} Box */

const FEW = 12; // names of which none is left out: the place that covers the least is taken
const [ABOVE, BELOW] = [11, 3]; // of a line of text, about its base line
const DOT = 6; // half the side of a square around a point
const LITTLE = 0.12; // share of a name that may cover others, where the plot is about it
/** @typedef {"start" | "end" | "middle"} Side */
const PLACES = /** @type {[number, number, Side][]} */ ([[8, -7, "start"], [10, 4, "start"], [-8, -7, "end"], [8, 15, "start"], [-10, 4, "end"], [-8, 15, "end"], [0, -10, "middle"], [0, 19, "middle"]]);

/**
 * Each name at the first free place around its point, in their order: what comes first is what matters most.
 * @param {Wanted[]} wanted @param {{ x: number, y: number }[]} dots in pixels @param {Box} box where names may stand @returns {(Named | null)[]} null: no room
 */
export function beside(wanted, dots, box) {
  const taken = /** @type {Box[]} */ (wanted.filter(({ fixed }) => fixed).map(boxOf));
  const points = dots.map(({ x, y }) => ({ left: x - DOT, right: x + DOT, top: y - DOT, foot: y + DOT }));
  const all = wanted.filter(({ fixed }) => !fixed).length <= FEW;
  const first = wanted.findIndex(({ main }) => main); // what the plot is about has its name in any case
  return wanted.map((each, n) => {
    if (!each.text || !Number.isFinite(each.x + each.y)) return null;
    if (each.fixed) return named(each, each.x, each.y, each.side ?? "start");
    const places = PLACES.map(([dx, dy, side]) => named(each, each.x + dx, each.y + dy, side));
    const covered = places.map((place) => cover(boxOf(place), taken, points, box));
    const least = Math.min(...covered);
    const place = places[covered.indexOf(least)];
    const most = each.main ? LITTLE * area(boxOf(place)) : 0;
    if (least > most && !all && n !== first) return null;
    taken.push(boxOf(place));
    return place;
  });
}

/** @param {Wanted} wanted @param {number} x @param {number} y @param {Side} side @returns {Named} */
const named = ({ text, main = false }, x, y, side) => ({ x, y, text, side, main });

/** @param {{ x: number, y: number, text: string, side?: Side }} word @returns {Box} */
export function boxOf({ x, y, text, side = "start" }) {
  const left = x - { start: 0, middle: 0.5, end: 1 }[side] * textWidth(text);
  return { left, right: left + textWidth(text), top: y - ABOVE, foot: y + BELOW };
}

/** @param {Box} mine @param {Box[]} words @param {Box[]} dots @param {Box} inside @returns {number} square pixels that are covered, or outside */
function cover(mine, words, dots, inside) {
  const whole = area(mine);
  const seen = common(mine, inside);
  return whole - seen + [...words, ...dots].reduce((sum, other) => sum + common(mine, other), 0);
}

/** @param {Box} box */
const area = ({ left, right, top, foot }) => Math.max(0, right - left) * Math.max(0, foot - top);

/** @param {Box} a @param {Box} b @returns {number} what both cover */
const common = (a, b) => area({ left: Math.max(a.left, b.left), right: Math.min(a.right, b.right), top: Math.max(a.top, b.top), foot: Math.min(a.foot, b.foot) });
