// @ts-check
// The tree of a lesson (what each node holds: src/pellucid/learn/lesson.py): walking it, and its plain text.

/** @typedef {{ type: string, [field: string]: any }} Node a block or an inline node */
/** @typedef {"look" | "input" | "try" | "train" | "tab" | "page"} Does */
/** @typedef {{ type: "action", does: Does, target: string, query: Record<string, string>, of: Node[] }} Action */
/** @typedef {"expected" | "summary" | "trace" | "run"} Source */
/** @typedef {{ type: "figure", source: Source, ask: string, format: string, key: string, input?: string }} Figure */
/** @typedef {{ id: string, title: string, blocks: Node[] }} Page */

/**
 * Every node in a part of a lesson, in reading order.
 * @param {any} part a node, or a list of nodes, or a list of lists of them
 * @returns {Generator<Node>}
 */
export function* nodes(part) {
  if (part === null || typeof part !== "object") return;
  if (!Array.isArray(part) && "type" in part) yield part;
  for (const each of Object.values(part)) yield* nodes(each);
}

/** @param {any} part @returns {Action[]} its links that do something */
export const actions = (part) => /** @type {Action[]} */ ([...nodes(part)].filter((node) => node.type === "action"));

const BLOCKS = ["paragraph", "heading", "code", "list", "table", "quote", "hint", "answer", "exercise"];

/** @param {any} part @returns {string} what can be read in it, on one line; "…" for formulas and figures */
export function plain(part) {
  let text = "";
  for (const node of nodes(part)) {
    if (BLOCKS.includes(node.type)) text += " ";
    if (node.type === "text" || node.type === "code") text += node.text;
    if (node.type === "math" || node.type === "figure") text += "…";
  }
  return text.replace(/\s+/g, " ").trim();
}

/** @param {string} tex @returns {string[]} formulas that stand side by side, and below each other in a narrow column */
export function formulas(tex) {
  const parts = tex.split("\\qquad").map((part) => part.trim());
  const whole = (/** @type {string} */ part) =>
    part !== "" && !/\\(begin|end|left|right)\b/.test(part) && part.split("{").length === part.split("}").length;
  return parts.every(whole) ? parts : [tex];
}
