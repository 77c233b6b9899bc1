// @ts-check
// From numbers to colours: one diverging scale, the range that it covers, its ticks, and ink that is readable on it.

/** @typedef {[number, number, number]} Rgb each from 0 to 255 */
/**
 * @typedef {{ neg: string, zero: string, pos: string, ink: string, sheet: string, line: string, accent: string }} Tokens
 */
/** @typedef {{ low: number, high: number, signed: boolean }} Scale */
/**
 * @typedef {object} Palette
 * @property {Tokens} tokens
 * @property {(share: number) => Rgb} rgb share: from −1 (all orange) through 0 (paper) to 1 (all blue)
 * @property {(share: number) => string} css the same as a CSS colour
 * @property {(share: number) => string} text a colour that is readable on it
 */

const STEPS = 256; // shades on each side of zero
const READABLE = 4.5; // WCAG AA for small text

/** @param {string} text "#rgb", "#rrggbb" or "rgb(…)" @returns {Rgb} */
export function parse(text) {
  const hex = text.trim().replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, "#$1$1$2$2$3$3");
  const digits = /^#([0-9a-f]{6})$/i.exec(hex)?.[1];
  if (digits) return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)).reduce(triple, [0, 0, 0]);
  const parts = /^rgba?\(([^)]+)\)$/.exec(hex)?.[1].match(/[\d.]+/g);
  if (!parts || parts.length < 3) throw new Error(`not a colour: ${text}`);
  return parts.slice(0, 3).map(Number).reduce(triple, [0, 0, 0]);
}

/** @param {Rgb} all @param {number} value @param {number} at @returns {Rgb} */
const triple = (all, value, at) => ((all[at] = value), all);

/** @param {Rgb} rgb */
export const css = ([r, g, b]) => `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`;

const linear = (/** @type {number} */ c) => (c <= 10.3148 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4);
const gamma = (/** @type {number} */ c) => 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** Oklab, in which equal steps look equal. https://bottosson.github.io/posts/oklab/ @param {Rgb} rgb @returns {Rgb} */
function oklab(rgb) {
  const [r, g, b] = rgb.map(linear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {Rgb} lab @returns {Rgb} */
function fromOklab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return channels.map((c) => Math.min(255, Math.max(0, gamma(Math.max(0, c))))).reduce(triple, [0, 0, 0]);
}

/** @param {Rgb} from @param {Rgb} to @param {number} share of `to` @returns {Rgb} */
export function mix(from, to, share) {
  const [a, b] = [oklab(from), oklab(to)];
  return fromOklab([0, 1, 2].map((at) => a[at] + (b[at] - a[at]) * share).reduce(triple, [0, 0, 0]));
}

/** @param {Rgb} rgb relative luminance by WCAG 2 */
const luminance = (rgb) => 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);

/** @param {Rgb} a @param {Rgb} b @returns {number} contrast by WCAG 2, from 1 to 21 */
export function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * @param {Rgb} ground @param {string[]} inks in order of taste @returns {string} the first readable one, else the
 * best
 */
export function readable(ground, inks) {
  const all = inks.map((ink) => ({ ink, ratio: contrast(ground, parse(ink)) }));
  return (all.find(({ ratio }) => ratio >= READABLE) ?? all.reduce((a, b) => (b.ratio > a.ratio ? b : a))).ink;
}

/** @param {Tokens} tokens @returns {Palette} every shade computed once */
export function palette(tokens) {
  const [neg, zero, pos] = [parse(tokens.neg), parse(tokens.zero), parse(tokens.pos)];
  const inks = [tokens.ink, tokens.sheet, "#000000", "#ffffff"];
  const shades = Array.from({ length: 2 * STEPS + 1 }, (_, at) => {
    const share = at / STEPS - 1;
    return mix(zero, share < 0 ? neg : pos, Math.abs(share));
  });
  const colours = shades.map(css);
  const texts = shades.map((shade) => readable(shade, inks));
  const at = (/** @type {number} */ share) => Math.round((Math.min(1, Math.max(-1, share)) + 1) * STEPS);
  return {
    tokens,
    rgb: (share) => shades[at(share)],
    css: (share) => colours[at(share)],
    text: (share) => texts[at(share)],
  };
}

/** @param {Scale} scale @param {number} value @returns {number} −1 … 1 if signed, else 0 … 1 */
export function share(scale, value) {
  if (scale.signed) return value / (Math.max(Math.abs(scale.low), Math.abs(scale.high)) || 1);
  return scale.high > scale.low ? (value - scale.low) / (scale.high - scale.low) : 0;
}

/**
 * The scale of a picture, and whether values lie on both sides of zero.
 * @param {number} low of the values @param {number} high low > high: there are none @returns {Scale}
 */
export function scaleOf(low, high) {
  if (low > high) return { low: 0, high: 1, signed: false };
  const signed = low < 0 && high > 0;
  if (low === high) return low < 0 ? { low, high: 0, signed: true } : { low: 0, high: high || 1, signed: false };
  return low < 0 ? { low, high, signed: true } : { low, high, signed };
}

/**
 * Round numbers in a range, about as many as asked, zero among them where it is inside.
 * @param {number} low @param {number} high @param {number} [about] @returns {number[]} rising
 */
export function ticks(low, high, about = 4) {
  if (!(high > low)) return [low];
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((nice) => nice * power).find((nice) => nice >= rough * (1 - 1e-9)) ?? rough;
  const all = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++)
    all.push(Number((n * step).toPrecision(12)));
  return all;
}
