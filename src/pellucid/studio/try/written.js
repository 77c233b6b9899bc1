// @ts-check
// Answers as a file: a line each, with the name of what was asked.

/** @typedef {import("#studio/types.d.ts").OutputField} OutputField */
/** @typedef {{ name: string, answer: Record<string, any> | null }} Line answer: null where there is none */

const FORMULA = /^[=+\-@\t\r]/; // a spreadsheet computes a cell that starts with one of these

/** @param {any} value @returns {string} a cell of CSV */
function cell(value) {
  const text = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * A table: of a distribution each class has a column.
 * @param {Line[]} lines @param {Pick<OutputField, "name" | "kind">[]} outputs @returns {string}
 */
export function csv(lines, outputs) {
  const first = lines.find(({ answer }) => answer)?.answer ?? {};
  const columns = outputs.flatMap(({ name, kind }) =>
    kind === "distribution"
      ? Object.keys(first[name] ?? {}).map((inner) => ({ title: `${name}.${inner}`, of: (/** @type {any} */ answer) => answer[name][inner] }))
      : [{ title: name, of: (/** @type {any} */ answer) => answer[name] }],
  );
  const head = ["file", ...columns.map(({ title }) => title)];
  const rows = lines.map(({ name, answer }) => [name, ...columns.map(({ of }) => (answer ? of(answer) : null))]);
  return "\ufeff" + [head, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join(""); // without this mark Excel takes UTF-8 for another
}

/** @param {Line[]} lines @returns {string} an object on each line */
export const jsonLines = (lines) => lines.map(({ name, answer }) => JSON.stringify({ file: name, ...answer }) + "\n").join("");

/**
 * How often each answer was given, the most frequent first.
 * @param {Line[]} lines @param {string} output @returns {[string, number][]}
 */
export function counted(lines, output) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const { answer } of lines) if (answer) found.set(answer[output], (found.get(answer[output]) ?? 0) + 1);
  return [...found].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "en", { numeric: true }));
}
