// @ts-check
// Pieces of formulas: letters for axes, subscripts.

/** i, j, k … one for each axis. @type {(n: number) => string[]} */
export const letters = (n) => Array.from("ijklmnpq".slice(0, n));

/** "ij", or "i,\\, 2k + 1" where one of them is more than a letter. @type {(parts: (string | number)[]) => string} */
export const subscript = (parts) => parts.join(parts.every((each) => String(each).length === 1) ? "" : ",\\, ");

/** y with one subscript is x with another. @type {(to: (string | number)[], from: (string | number)[]) => string} */
export const moveTex = (to, from) => `y${under(to)} = x${under(from)}`;

/** As a subscript; nothing for no axes. @type {(parts: (string | number)[]) => string} */
export function under(parts) {
  const text = subscript(parts);
  return text.length > 1 ? `_{${text}}` : text && `_${text}`;
}

/** @type {(yes: string, when: string, no: string) => string} */
export const twoCases = (yes, when, no) =>
  `\\begin{cases} ${yes} & ${when} \\\\ ${no} & \\text{else} \\end{cases}`;
