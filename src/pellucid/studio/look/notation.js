// @ts-check
// Written-out arithmetic in TeX, with its numbers; long sums are cut, and say how many terms they leave out.
import { number } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */

const SHOWN_TERMS = 4; // of a longer sum

/** How tightly an operation binds: its parts get parentheses where they bind less. */
/** @type {Record<string, number>} */
const BINDING = { sum: 1, difference: 1, negative: 2, product: 3, power: 4, quotient: 5, compare: 0 };
const BASE = 6; // of a power
const ALONE = 9; // a number, a name, a function with its brackets

/** @param {Expr} part @returns {number} */
const binding = (part) => (part.op === "select" ? binding(part.of[0]) : (BINDING[part.op] ?? ALONE)); // of a select only what was chosen is written

/** @type {Record<string, string>} functions that have a sign of their own */
const FUNCTIONS = { "σ": "\\sigma", tanh: "\\tanh", exp: "\\exp", log: "\\ln", sin: "\\sin", cos: "\\cos", erf: "\\operatorname{erf}" };
const RELATIONS = { "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "∧": "\\wedge", "∨": "\\vee" };

/** @param {number} value @param {number} [digits] */
export function tex(value, digits = 3) {
  const text = number(value, digits).replaceAll("−", "-");
  if (text.includes("∞")) return text.replace("∞", "\\infty");
  if (text === "NaN") return "\\text{NaN}";
  const [mantissa, exponent] = text.split("e");
  return exponent === undefined ? mantissa : `${mantissa}\\cdot 10^{${exponent}}`;
}

/**
 * @param {Expr} expression
 * @param {(source: number, value: number, label: string | undefined) => string} leaf TeX of a cell: its number, or its name
 * @param {(part: Expr) => string | undefined} [known] TeX of a part that has been written elsewhere
 * @returns {string}
 */
export function numbers(expression, leaf, known = () => undefined) {
  /** @param {Expr} part @param {number} outside how tightly what is around binds @returns {string} */
  const write = (part, outside) => {
    const alias = part === expression ? undefined : known(part);
    const text = alias ?? plain(part);
    const own = alias === undefined ? binding(part) : ALONE;
    if (outside === BASE && text.includes("\\cdot")) return `\\left(${text}\\right)`; // a power of ten
    const negative = text.startsWith("-") && outside > 0;
    return own < outside || (negative && own === ALONE) || (negative && outside > 1) ? `\\left(${text}\\right)` : text;
  };
  /** @param {Expr} part @returns {string} */
  const plain = (part) => {
    switch (part.op) {
      case "source": return leaf(part.source, part.value, part.label);
      case "number": return tex(part.value);
      case "sum": return sum(part.of.map((each) => write(each, 1)));
      case "product": return part.of.map((each) => write(each, 3)).join(" \\times ");
      case "difference": return `${bare(write(part.of[0], 1))} - ${write(part.of[1], 2)}`;
      case "quotient": return `\\frac{${write(part.of[0], 0)}}{${write(part.of[1], 0)}}`;
      case "power": return `{${write(part.of[0], BASE)}}^{${write(part.of[1], 0)}}`;
      case "negative": return `-${write(part.of[0], 3)}`;
      case "max":
      case "min": return `\\${part.op}\\left(${listed(part.of.map((each) => write(each, 0)))}\\right)`;
      case "select": return write(part.of[0], 0);
      case "compare": {
        const sign = /** @type {Record<string, string>} */ (RELATIONS)[part.name] ?? part.name;
        return `${bare(write(part.of[0], 1))} ${sign} ${bare(write(part.of[1], 1))}`;
      }
      case "call": return called(part.name, part.of.map((each) => write(each, 0)));
    }
  };
  return write(expression, 0);
}

/** @param {string[]} parts @returns {string} a sum; its minus signs are signs of the terms */
function sum(parts) {
  const cut = parts.length > SHOWN_TERMS + 2;
  const shown = cut ? parts.slice(0, SHOWN_TERMS) : parts;
  const joined = shown.map((part, i) => (i === 0 ? bare(part) : signed(part))).join(" ");
  return cut ? `${joined} + \\dots\\,{\\small (${parts.length})}` : joined;
}

const NEGATIVE = /^\\left\((-[\d.]+(?:\\cdot 10\^\{[^}]*\})?)\\right\)$/;

/** @param {string} term a negative number without its parentheses */
const bare = (term) => NEGATIVE.exec(term)?.[1] ?? term;

/** @param {string} term as it follows others in a sum */
function signed(term) {
  const inner = bare(term);
  return inner.startsWith("-") ? `- ${inner.slice(1)}` : `+ ${inner}`;
}

/** @param {string[]} parts */
const listed = (parts) => (parts.length > SHOWN_TERMS + 2 ? `${parts.slice(0, SHOWN_TERMS).join(", ")}, \\dots` : parts.join(", "));

/** @param {string} name @param {string[]} parts */
function called(name, parts) {
  if (name === "√") return `\\sqrt{${parts[0]}}`;
  if (name === "abs") return `\\left|${parts[0]}\\right|`;
  const sign = FUNCTIONS[name] ?? `\\operatorname{${name.replaceAll("_", "\\_")}}`;
  return `${sign}\\left(${listed(parts)}\\right)`;
}

/** @param {string} text a name as upright text of a formula */
export const named = (text) => `\\text{${text.replace(/[\\{}$#%&_^~]/g, (sign) => (sign === "_" ? "\\_" : sign === "\\" ? "" : `\\${sign}`))}}`;

/**
 * Parts that are written once and used by value: those with a name of their own (μ, σ²), and those used several times.
 * @param {Expr} expression @returns {Expr[]} the innermost first
 */
export function definitions(expression) {
  /** @type {Map<Expr, number>} */
  const uses = new Map();
  /** @type {Expr[]} */
  const order = [];
  /** @param {Expr} part */
  const walk = (part) => {
    const before = uses.get(part) ?? 0;
    uses.set(part, before + 1);
    if (before || !("of" in part)) return;
    part.of.forEach(walk);
    order.push(part);
  };
  walk(expression);
  return order.filter((part) => part !== expression && (part.label || (uses.get(part) ?? 0) > 1));
}
