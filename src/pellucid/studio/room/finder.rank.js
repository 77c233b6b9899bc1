// @ts-check
// What can be found, and in which order: plain substrings, titles before other words, those before the text of a page.
import { plain } from "#studio/learn/nodes.js";

/** @typedef {import("#studio/types.d.ts").Place} Place */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {import("#studio/learn/nodes.js").Page} Page */
/** @typedef {(both: any) => string} Say a title in the reader's language */
/** @typedef {{ language: string, pages: Page[] }} Lesson */
/** @typedef {"system" | "page" | "tab" | "run"} Kind */
/** @typedef {{ path: string, changes: Record<string, string | null> }} Way as `go` takes it */
/** @typedef {{ kind: Kind, room: string, title: string, detail: string, also: string, text: string } & Way} Entry
 * also: more words to find it by; text: what is written in it */
/** @typedef {Entry & { snippet: string }} Found */

export const AT_MOST = 12;
const KINDS = ["system", "tab", "page", "run"];

/**
 * The entries in which every word of the query occurs, best first.
 * @param {Entry[]} entries @param {string} asked @param {string} room the one that is open: it goes first among equals
 * @returns {Found[]}
 */
export function rank(entries, asked, room) {
  const parts = asked.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .map((entry, order) => ({ entry, order, score: score(entry, parts) }))
    .filter((each) => each.score < Infinity)
    .sort((a, b) => a.score - b.score || near(b, room) - near(a, room) || kind(a) - kind(b) || a.order - b.order)
    .slice(0, AT_MOST)
    .map(({ entry }) => ({ ...entry, snippet: snippet(entry, parts) }));
}

/** This room's before others', and what is not built (it leads to the map) last. @param {{ entry: Entry }} each @param {string} room */
const near = ({ entry }, room) => (entry.path === "/" ? 0 : entry.room === room ? 2 : 1);

/** @param {{ entry: Entry }} each */
const kind = ({ entry }) => KINDS.indexOf(entry.kind);

/**
 * The sum over the words: 0, the title begins with it … 4, it is in the text; Infinity: one is nowhere.
 * @param {Entry} entry @param {string[]} parts
 */
function score(entry, parts) {
  const fields = [entry.title, entry.detail, entry.also, entry.text].map((field) => field.toLowerCase());
  let sum = 0;
  for (const part of parts) {
    if (fields[0].startsWith(part)) continue;
    const place = fields.findIndex((field) => field.includes(part));
    if (place < 0) return Infinity;
    sum += place === 0 ? (fields[0].includes(` ${part}`) ? 1 : 2) : place < 3 ? 3 : 4;
  }
  return sum;
}

/** What stands around a word in the text, where the title does not show it. @param {Entry} entry @param {string[]} parts */
function snippet(entry, parts) {
  const missing = parts.find((part) => !`${entry.title} ${entry.detail}`.toLowerCase().includes(part));
  const at = missing ? entry.text.toLowerCase().indexOf(missing) : -1;
  if (!missing || at < 0) return "";
  const before = entry.text.slice(Math.max(0, at - 30), at).replace(at > 30 ? /^\w*\W?/ : "", at > 30 ? "…" : "");
  const after = entry.text.slice(at, at + missing.length + 50);
  return before + (at + after.length < entry.text.length ? after.replace(/\W?\w*$/, "…") : after);
}

/** @param {Place} place @param {Say} words @param {string} notBuilt @returns {Entry} */
export const systemEntry = (place, words, notBuilt) => ({
  kind: "system",
  room: place.name,
  title: words(place.title),
  detail: place.built ? words(place.summary) : notBuilt,
  also: [place.name, ...Object.values(place.title), ...Object.values(place.summary ?? {})].join(" "),
  text: "",
  path: place.built ? `/${place.name}/learn` : "/",
  changes: {},
});

/**
 * The pages of a lesson, in one language; found by the words of its other languages, too.
 * @param {Place} place @param {Lesson} lesson @param {Lesson[]} others the same in other languages @param {Say} words
 * @returns {Entry[]}
 */
export function pageEntries(place, lesson, others, words) {
  return lesson.pages.map((page) => {
    const same = others.flatMap((other) => other.pages.filter((each) => each.id === page.id));
    return {
      kind: "page",
      room: place.name,
      title: page.title,
      detail: words(place.title),
      also: [page.id, ...same.map((each) => each.title)].join(" "),
      text: [plain(page.blocks), ...same.map((each) => plain(each.blocks))].join(" "),
      path: `/${place.name}/learn`,
      changes: { page: page.id },
    };
  });
}

/**
 * @param {Place} place @param {string} tab @param {string[]} names in all languages @param {string} title @param {Say} words
 * @returns {Entry}
 */
export const tabEntry = (place, tab, names, title, words) => ({
  kind: "tab",
  room: place.name,
  title,
  detail: words(place.title),
  also: [...names, ...Object.values(place.title)].join(" "),
  text: "",
  path: `/${place.name}/${tab}`,
  changes: {},
});

/**
 * @param {Place} place @param {RunSummary} run @param {string} title @param {string} told @param {Say} words
 * @returns {Entry}
 */
export const runEntry = (place, run, title, told, words) => ({
  kind: "run",
  room: place.name,
  title,
  detail: [words(place.title), told].join(" · "),
  also: [run.id, ...Object.entries(run.config).map(([name, value]) => `${name}=${value}`)].join(" "),
  text: "",
  ...(run.answers
    ? { path: `/${place.name}/look`, changes: { run: run.id, node: null, cell: null } }
    : { path: `/${place.name}/train`, changes: { watch: run.id } }),
});
