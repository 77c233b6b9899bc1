// @ts-check
// Whether the labels of points are classes: few names that many points share.

const MOST = 8; // that can still be told apart

/**
 * @param {string[] | null} labels of each point
 * @returns {{ names: string[], of: number[] } | null} the classes in order of appearance and the one of each point; null: each label is a name
 */
export function classes(labels) {
  if (!labels) return null;
  const names = [...new Set(labels)];
  if (names.length < 2 || names.length > MOST || labels.length < 2 * names.length) return null;
  const place = new Map(names.map((name, n) => [name, n]));
  return { names, of: labels.map((label) => /** @type {number} */ (place.get(label))) };
}
