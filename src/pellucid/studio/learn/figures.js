// @ts-check
// The numbers in a lesson, written exactly as the server's Python writes its own.

/** @typedef {import("#studio/learn/nodes.js").Figure} Figure */
/** @typedef {{ figures: Record<string, string> | null, run: any }} Sources figures: by key, null while they load. run: the selected RunSummary */

export const WAITING = "…";
const FORMAT = /^(\+?)(,?)(?:\.(\d+)([f%e]))?$/;

/** The text of a figure; WAITING while what it asks for is not there. @param {Figure} figure @param {Sources} sources */
export function text(figure, { figures, run }) {
  if (figure.source !== "run") return typeset(figures?.[figure.key] ?? WAITING);
  const value = follow(run, figure.ask);
  return typeof value === "number" ? typeset(written(value, figure.format)) : String(value ?? WAITING);
}

/** @param {any} value @param {string} path such as `training.seconds` @returns {any} undefined where it leads nowhere */
export const follow = (value, path) => path.split(".").reduce((at, key) => at?.[key], value);

/**
 * A number in a format of Python: ",", ".3f", ",.1f", "+.3f", ".1%", ".1e"; "": a whole number as it is, others as %g.
 * @param {number} value @param {string} format
 */
export function written(value, format) {
  const [, plus, comma, digits, kind] = FORMAT.exec(format) ?? [];
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? `${plus ?? ""}inf` : "-inf";
  let out = String(value);
  if (kind === "f") out = fixed(value, Number(digits));
  else if (kind === "%") out = `${fixed(value * 100, Number(digits))}%`;
  else if (kind === "e") out = exponent(value.toExponential(Number(digits)));
  else if (!comma && !Number.isInteger(value)) out = general(value);
  if (comma) out = out.replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
  return plus && !out.startsWith("-") ? `+${out}` : out;
}

/** `toFixed`, but a number exactly in the middle goes to the even digit. @param {number} value @param {number} digits */
function fixed(value, digits) {
  const rounded = value.toFixed(digits);
  const exact = value.toFixed(Math.min(100, digits + 40));
  const middle = /^5?0*$/.test(exact.slice(exact.length - 40)) && exact.at(-40) === "5";
  if (!middle || Number(rounded.at(-1)) % 2 === 0) return rounded;
  const unit = 10 ** -digits;
  return (Number(rounded) - Math.sign(value) * unit).toFixed(digits);
}

/** Python's %g: six significant digits. @param {number} value */
function general(value) {
  const [digits, power] = value.toExponential(5).split("e");
  const e = Number(power);
  /** @param {string} text */
  const trim = (text) => text.replace(/\.?0+$/, "");
  return e < -4 || e >= 6 ? exponent(`${trim(digits)}e${power}`) : trim(value.toFixed(5 - e));
}

/** At least two digits. @param {string} text such as "6.0e-8" */
const exponent = (text) => text.replace(/e([+-])(\d)$/, "e$10$2");

/** A number as it is set on the page: a real minus sign, a short exponent. Other text stays. @param {string} text */
export function typeset(text) {
  if (!/^[-+]?[\d.,]+(e[-+]\d+)?%?$/.test(text)) return text;
  return text.replace(/e([+-])0*(\d)/, "e$1$2").replace("e+", "e").replaceAll("-", "−");
}
