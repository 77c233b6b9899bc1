// @ts-check
// The list of keys as it is shown: each part's keys, those that do the same on one line.

/** @typedef {import("#studio/ui/keys.js").Keys} Keys */
/** @typedef {{ title: string, rows: { keys: string[], does: string }[] }} Group */

/**
 * @param {{ title: string, keys: Keys }[]} parts as ui/keys.js has them, the newest last
 * @returns {Group[]} the newest first, without the keys that a newer part has taken over
 */
export function groups(parts) {
  const taken = new Set();
  /** @type {Group[]} */
  const found = [];
  for (const { title, keys } of [...parts].reverse()) {
    let group = found.find((each) => each.title === title);
    if (!group) found.push((group = { title, rows: [] }));
    for (const [key, [does]] of Object.entries(keys)) {
      if (taken.has(key)) continue;
      taken.add(key);
      const row = group.rows.find((each) => each.does === does);
      if (row) row.keys.push(key);
      else group.rows.push({ keys: [key], does });
    }
  }
  return found.filter((group) => group.rows.length);
}

/** @type {Record<string, string>} */
const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", PageUp: "PgUp", PageDown: "PgDn" };

/**
 * What stands on the keys of one combination. A letter is written as on its key; Shift where it is needed.
 * @param {string} key such as "Shift+ArrowLeft", "g", "N" @param {string} space the word for the space bar
 */
export function caps(key, space) {
  const parts = key.length > 1 ? key.split("+") : [key];
  return parts.flatMap((part) => {
    if (part === " ") return [space];
    if (/^[A-Z]$/.test(part)) return ["Shift", part];
    return [SIGNS[part] ?? part.toUpperCase().replace(/^(.)(.+)$/, (_, first) => first + part.slice(1))];
  });
}
