// @ts-check
// What the links of a lesson change in the URL, which of them made the picture, and what leaving a page takes away.

/** @typedef {import("#studio/learn/nodes.js").Action} Action */
/** @typedef {{ path: string | null, changes: Record<string, string | null> }} Move as `go` takes it */

const PICTURE = ["node", "cell", "step", "show"]; // where in the picture one is
const BESIDE = ["learn", "look"]; // tabs that show the picture, and the lesson beside it

/**
 * Where a link leads. `train` leads nowhere: it starts something.
 * @param {Action} action @param {string} room @param {string} tab the tab that is open
 * @param {string} page of the lesson: it stays open where another tab is opened
 * @returns {Move}
 */
export function move(action, room, tab, page) {
  const { does, target } = action;
  const path = BESIDE.includes(tab) ? null : `/${room}/learn`;
  if (does === "look") {
    const nothing = Object.fromEntries(PICTURE.map((key) => [key, null]));
    return { path, changes: { ...nothing, ...named(action) } };
  }
  if (does === "tab") return { path: `/${room}/${target}`, changes: { page } };
  if (does === "try") return { path: `/${room}/try`, changes: target ? { page, input: target } : { page } };
  return { path, changes: named(action) };
}

/** @param {Action} action @returns {Record<string, string>} what it puts into the URL */
function named({ does, target, query }) {
  if (does === "look") return { node: target, ...query };
  if (does === "input" || does === "page") return { [does]: target };
  return {};
}

/** @param {Action} action @returns {string | undefined} */
const inputOf = ({ does, target, query }) => (does === "input" || does === "try" ? target : query.input);

/** @param {Action} action @returns {string | null} the tab that it needs; a teacher's link may hide it */
export function needs({ does, target }) {
  if (does === "tab") return target;
  return does === "train" || does === "try" ? does : null;
}

/**
 * The links that made the picture what it is now. Of several to one node, the one that says most about it.
 * @param {Action[]} actions of a page @param {Record<string, string>} query of the URL
 */
export function marked(actions, query) {
  const holds = actions.filter((action) => {
    const set = Object.entries(named(action));
    return (action.does === "look" || action.does === "input") && set.every(([key, value]) => query[key] === value);
  });
  /** @param {Action} action */
  const says = (action) => Object.keys(named(action)).length;
  return holds.filter((action) => holds.every((other) => other.does !== action.does || says(other) <= says(action)));
}

/**
 * What is taken from the URL when a page is left, if a link of the page put it there and the reader has not changed it
 * since: the picture, and the input. The reader's own cell in a node that the page opened goes with the node.
 * @param {Action[]} actions of the page @param {Record<string, string>} query of the URL
 * @returns {Record<string, null>}
 */
export function leaving(actions, query) {
  const opened = actions.some((action) => {
    const set = named(action);
    return action.does === "look" && PICTURE.every((key) => !(key in set) || set[key] === query[key]);
  });
  const written = actions.some((action) => inputOf(action) !== undefined && inputOf(action) === query.input);
  const gone = [...(opened ? PICTURE : []), ...(written ? ["input"] : [])];
  return Object.fromEntries(gone.filter((key) => key in query).map((key) => [key, null]));
}
