// @ts-check
// Functions of numbers that JavaScript lacks, and what the narrower number types make of a number.

/** To the nearest integer, ties to even. @type {(x: number) => number} */
export function roundHalfEven(x) {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** @type {(x: number, decimals: number) => number} */
export function round(x, decimals) {
  const scale = 10 ** Math.abs(decimals);
  return decimals < 0 ? roundHalfEven(x / scale) * scale : roundHalfEven(x * scale) / scale;
}

/** -1, 0 or 1; 0 for NaN. @type {(x: number) => number} */
export const sign = (x) => (x > 0 ? 1 : x < 0 ? -1 : 0);

// --- division with a remainder ---------------------------------------------------------------------------------------

/** The remainder with the sign of the divisor. @type {(a: number, b: number) => number} */
export function remainder(a, b) {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** ⌊a / b⌋ by way of the remainder, so that 1 // 0.1 is 9: the double nearest to 0.1 fits in 1 only nine times.
 * @type {(a: number, b: number) => number} */
export function floorDivide(a, b) {
  return b === 0 ? a / b : Math.round((a - remainder(a, b)) / b);
}

// --- the error function ----------------------------------------------------------------------------------------------

/** 2/√π · ∫₀ˣ exp(-t²) dt. Near 0 by its series (Abramowitz and Stegun, 7.1.6), whose terms are all of one sign.
 * @type {(x: number) => number} */
export function erf(x) {
  if (Math.abs(x) > 2) return Math.sign(x) * (1 - tail(Math.abs(x)));
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > Math.abs(total) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** 1 - erf(x) @type {(x: number) => number} */
export const erfc = (x) => (x > 2 ? tail(x) : 1 - erf(x));

/** erfc of x > 2 by its continued fraction (7.1.14), from the inside out. @type {(x: number) => number} */
function tail(x) {
  if (x > 30) return 0;
  let fraction = x;
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

// --- number types ----------------------------------------------------------------------------------------------------

/** @type {(dtype: string) => boolean} */
export const isFloat = (dtype) => dtype.includes("float");

/** What a tensor of this dtype holds for x. @type {(x: number, dtype: string | null | undefined) => number} */
export function cast(x, dtype) {
  if (!dtype || dtype === "float64") return x;
  if (dtype === "float32") return Math.fround(x);
  if (dtype === "float16") return narrow(x, 10, -14, 65504);
  if (dtype === "bfloat16") return narrow(x, 7, -126, 3.3895313892515355e38);
  if (dtype === "bool") return Number(x !== 0);
  return wrapped(Math.trunc(x), dtype);
}

/** An integer as an integer type holds it: beyond its range it begins anew.
 * @type {(x: number, dtype: string) => number} */
export function wrapped(x, dtype) {
  const bits = Number(/\d+$/.exec(dtype)?.[0] ?? 64);
  if (bits === 64) return x;
  const rest = remainder(x, 2 ** bits);
  return dtype.startsWith("int") && rest >= 2 ** (bits - 1) ? rest - 2 ** bits : rest;
}

/** Round to so many bits after the leading one, ties to even, by way of float32 as PyTorch does.
 * @type {(x: number, bits: number, lowestExponent: number, largest: number) => number} */
function narrow(x, bits, lowestExponent, largest) {
  const single = Math.fround(x);
  if (single === 0 || !Number.isFinite(single)) return single;
  const exponent = ((new Uint32Array(new Float32Array([single]).buffer)[0] >>> 23) & 255) - 127;
  const unit = 2 ** (Math.max(exponent, lowestExponent) - bits);
  const rounded = roundHalfEven(single / unit) * unit;
  return Math.abs(rounded) > largest ? Math.sign(rounded) * Infinity : rounded;
}
