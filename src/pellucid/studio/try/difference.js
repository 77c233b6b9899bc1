// @ts-check
// Which words of a message were taken out and put in: the longest common subsequence of two lists.

const MOST_CELLS = 1_000_000; // of the table; longer changes are marked as a whole

/**
 * @param {readonly string[]} before @param {readonly string[]} after
 * @returns {{ removed: Set<number>, added: Set<number> }} places in `before` and in `after`
 */
export function difference(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [m, n] = [before.length, after.length];
  while (m > start && n > start && before[m - 1] === after[n - 1]) m--, n--;
  const kept = common(before.slice(start, m), after.slice(start, n));
  return {
    removed: new Set(places(start, m).filter((i) => !kept.some(([a]) => a + start === i))),
    added: new Set(places(start, n).filter((i) => !kept.some(([, b]) => b + start === i))),
  };
}

/** @param {number} from @param {number} to @returns {number[]} */
const places = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

/** @param {readonly string[]} a @param {readonly string[]} b @returns {[number, number][]} places that stay, in pairs */
function common(a, b) {
  if (a.length * b.length > MOST_CELLS) return [];
  const width = b.length + 1;
  const longest = new Int32Array((a.length + 1) * width); // [i, j]: of what is left from a[i] and b[j] on
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  /** @type {[number, number][]} */
  const pairs = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return pairs;
}
