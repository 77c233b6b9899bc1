// @ts-check
// From a field's JSON schema: what may be written there, what to send, and the command line that says the same.

/** @typedef {import("#studio/types.d.ts").ConfigField} ConfigField */
/** @typedef {Record<string, string>} Written what the form holds, as text, by the field's name; what is left out is at its default */
/** @typedef {{ code: string, limit?: any }} Fault why a text will not do; codes and limits are pydantic's */

/**
 * @typedef {object} Rule
 * @property {"integer" | "number" | "boolean" | "choice" | "text"} kind
 * @property {any[]} choices
 * @property {boolean} nullable may be empty
 * @property {number} [minimum] @property {number} [maximum] @property {number} [above] @property {number} [below]
 * @property {number} [multiple] @property {string} [pattern] @property {number} [shortest] @property {number} [longest]
 */

/** @param {Record<string, any>} schema @returns {Rule} */
export function rule(schema) {
  const some = schema.anyOf?.filter((/** @type {any} */ part) => part.type !== "null");
  if (some?.length === 1) return { ...rule({ ...schema, anyOf: undefined, ...some[0] }), nullable: true };
  const choices = schema.enum ?? ("const" in schema ? [schema.const] : []);
  const kinds = /** @type {Record<string, Rule["kind"]>} */ ({ integer: "integer", number: "number", boolean: "boolean" });
  return {
    kind: choices.length ? "choice" : (kinds[schema.type] ?? "text"),
    choices,
    nullable: false,
    minimum: schema.minimum,
    maximum: schema.maximum,
    above: schema.exclusiveMinimum,
    below: schema.exclusiveMaximum,
    multiple: schema.multipleOf,
    pattern: schema.pattern,
    shortest: schema.minLength,
    longest: schema.maxLength,
  };
}

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * What is wrong with a text, or null. Nothing written is never wrong: it stands for the default.
 * @param {Rule} rule @param {string} written @returns {Fault | null}
 */
export function fault(rule, written) {
  const text = written.trim();
  if (text === "") return null;
  if (rule.kind === "integer" || rule.kind === "number") return numberFault(rule, text);
  if (rule.kind === "choice")
    return rule.choices.some((choice) => String(choice) === text)
      ? null
      : { code: "literal_error", limit: rule.choices.join(", ") };
  if (rule.kind === "boolean") return /^(true|false)$/.test(text) ? null : { code: "bool_parsing" };
  return textFault(rule, text);
}

/** @param {Rule} rule @param {string} text @returns {Fault | null} */
function numberFault(rule, text) {
  if (!NUMBER.test(text)) return { code: rule.kind === "integer" ? "int_parsing" : "float_parsing" };
  if (rule.kind === "integer" && !INTEGER.test(text)) return { code: "int_from_float" };
  const x = Number(text);
  if (!Number.isFinite(x)) return { code: "finite_number" };
  if (rule.minimum !== undefined && x < rule.minimum) return { code: "greater_than_equal", limit: rule.minimum };
  if (rule.above !== undefined && x <= rule.above) return { code: "greater_than", limit: rule.above };
  if (rule.maximum !== undefined && x > rule.maximum) return { code: "less_than_equal", limit: rule.maximum };
  if (rule.below !== undefined && x >= rule.below) return { code: "less_than", limit: rule.below };
  if (rule.multiple && !nearlyWhole(x / rule.multiple)) return { code: "multiple_of", limit: rule.multiple };
  return null;
}

/** @param {Rule} rule @param {string} text @returns {Fault | null} */
function textFault(rule, text) {
  const length = [...text].length; // as Python counts
  if (rule.shortest !== undefined && length < rule.shortest) return { code: "string_too_short", limit: rule.shortest };
  if (rule.longest !== undefined && length > rule.longest) return { code: "string_too_long", limit: rule.longest };
  if (rule.pattern && !matches(rule.pattern, text)) return { code: "string_pattern_mismatch", limit: rule.pattern };
  return null;
}

const nearlyWhole = (/** @type {number} */ x) => Math.abs(x - Math.round(x)) < 1e-9 * Math.max(1, Math.abs(x));

/** @param {string} pattern @param {string} text a pattern that only Python can read is left to the server */
function matches(pattern, text) {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

/**
 * The value that a text means. Call it only where `fault` found nothing.
 * @param {Rule} rule @param {string} written
 */
export function valueOf(rule, written) {
  const text = written.trim();
  if (rule.kind === "integer" || rule.kind === "number") return Number(text);
  if (rule.kind === "boolean") return text === "true";
  return rule.kind === "choice" ? rule.choices.find((choice) => String(choice) === text) : text;
}

/** @param {any} value @returns {string} a value as the form writes it */
export const asText = (value) => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

/**
 * Whether a text means something else than the default.
 * @param {ConfigField} field @param {string | undefined} written
 */
export function changed(field, written) {
  const text = written?.trim() ?? "";
  if (text === "" || text === asText(field.default)) return false;
  const rules = rule(field.json_schema);
  return fault(rules, text) !== null || valueOf(rules, text) !== field.default;
}

/**
 * What to send: changed fields only, with the types of their schema.
 * @param {ConfigField[]} fields @param {Written} written @returns {Record<string, any>}
 */
export const config = (fields, written) =>
  Object.fromEntries(
    fields
      .filter((field) => changed(field, written[field.name]))
      .map((field) => [field.name, valueOf(rule(field.json_schema), written[field.name])]),
  );

/** @param {ConfigField[]} fields @param {Written} written @returns {Record<string, Fault>} by the field's name */
export function faults(fields, written) {
  /** @type {Record<string, Fault>} */
  const found = {};
  for (const field of fields) {
    const wrong = fault(rule(field.json_schema), written[field.name] ?? "");
    if (wrong) found[field.name] = wrong;
  }
  return found;
}

/**
 * The number that an arrow key leads to: one step on, from what is written or else from the default, within the bounds.
 * @param {ConfigField} field @param {string} written @param {1 | -1} direction @returns {string}
 */
export function stepped(field, written, direction) {
  const rules = rule(field.json_schema);
  const from = Number(written.trim() || asText(field.default) || "0");
  if (Number.isNaN(from)) return written;
  const step = stepOf(rules, field.default);
  const places = Math.max(decimals(step), decimals(from));
  const next = Number((from + direction * step).toFixed(Math.min(places, 12)));
  return fault(rules, String(next)) ? written : String(next);
}

/** @param {Rule} rules @param {any} standard @returns {number} as large as the default's first figure, 1 for whole numbers */
function stepOf(rules, standard) {
  if (rules.multiple) return rules.multiple;
  if (rules.kind === "integer") return 1;
  const span = (rules.maximum ?? rules.below ?? Infinity) - (rules.minimum ?? rules.above ?? -Infinity);
  if (span <= 1) return 0.05;
  return standard ? 10 ** Math.floor(Math.log10(Math.abs(standard))) : 0.1;
}

/** @param {number} x */
function decimals(x) {
  const [digits, power] = String(x).split("e");
  return Math.max(0, (digits.split(".")[1]?.length ?? 0) - Number(power ?? 0));
}

/**
 * The command that trains with these settings, as `pellucid` writes it into the run: quoted for a POSIX shell.
 * @param {string} room @param {ConfigField[]} fields @param {Written} written
 */
export function command(room, fields, written) {
  const words = ["pellucid", "train", room];
  for (const field of fields) {
    const text = written[field.name]?.trim() ?? "";
    if (!changed(field, text)) continue;
    const flag = field.name.replaceAll("_", "-");
    if (rule(field.json_schema).kind === "boolean") words.push(`--${text === "true" ? "" : "no-"}${flag}`);
    else words.push(`--${flag}`, text);
  }
  return words.map(quote).join(" ");
}

/** @param {string} word */
export const quote = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);

/** @param {string | undefined} set the query's `set`: a query string of its own @returns {Written} */
export const unpack = (set) => Object.fromEntries(new URLSearchParams(set ?? ""));

/** @param {ConfigField[]} fields @param {Written} written @returns {string | null} for the query's `set`; null: all defaults */
export function pack(fields, written) {
  const some = fields.filter((field) => changed(field, written[field.name])).map((field) => [field.name, written[field.name]]);
  return some.length ? new URLSearchParams(some).toString() : null;
}

/** @param {Record<string, any>} settings as a run has them @returns {Written} */
export const writtenFrom = (settings) =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, asText(value)]));

/** @param {ConfigField[]} fields @returns {{ title: import("#studio/types.d.ts").Words, fields: ConfigField[] }[]} in the order of the form */
export function groups(fields) {
  /** @type {Map<string, { title: import("#studio/types.d.ts").Words, fields: ConfigField[] }>} */
  const found = new Map();
  for (const field of fields) {
    if (!found.has(field.group.en)) found.set(field.group.en, { title: field.group, fields: [] });
    found.get(field.group.en)?.fields.push(field);
  }
  return [...found.values()];
}
