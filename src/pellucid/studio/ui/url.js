// @ts-check
// All state is in the URL: what is shown can be linked to, reloaded, and gone back from.
import { useEffect, useState } from "#studio/ui/dom.js";

/** @typedef {{ path: string[], query: Record<string, string> }} Place */

const EVERYWHERE = ["lang", "theme", "hide"]; // kept when another room is entered

/** @type {Set<() => void>} */
const listeners = new Set();

/** @param {string} href @returns {Place} */
export function parse(href) {
  const url = new URL(href, "http://studio.invalid");
  return {
    path: url.pathname.split("/").filter(Boolean).map(decodeURIComponent),
    query: Object.fromEntries(url.searchParams),
  };
}

/**
 * The URL after a move. path null: the same page. changes: query values; null takes one away.
 * @param {Place} from @param {string | null} path @param {Record<string, string | null | undefined>} [changes]
 */
export function target(from, path, changes = {}) {
  const parts = path === null ? from.path : parse(path).path;
  const sameRoom = parts[0] === from.path[0];
  const kept = Object.entries(from.query).filter(([name]) => sameRoom || EVERYWHERE.includes(name));
  const query = new URLSearchParams(kept);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return `/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** @returns {Place} */
export const here = () => parse(location.href);

/**
 * Go to a page, or change what this one shows.
 * @param {string | null} path @param {Record<string, string | null | undefined>} [changes]
 * @param {{ replace?: boolean }} [options] replace: no step in the browser's history
 */
export function go(path, changes = {}, { replace = false } = {}) {
  const url = target(here(), path, changes);
  if (url === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", url);
  if (!replace && path !== null) scrollTo(0, 0);
  tell();
}

function tell() {
  for (const listener of [...listeners]) listener();
}

/** @returns {Place} the URL as it is now; the component follows it */
export function useUrl() {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const follow = () => setPlace(here());
    listeners.add(follow);
    addEventListener("popstate", follow);
    follow();
    return () => {
      listeners.delete(follow);
      removeEventListener("popstate", follow);
    };
  }, []);
  return place;
}

/**
 * Properties of a link inside the studio: a real address, opened without loading the page anew.
 * @param {string | null} path @param {Record<string, string | null | undefined>} [changes]
 */
export function link(path, changes = {}) {
  return {
    href: target(here(), path, changes),
    /** @param {MouseEvent} event */
    onClick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      go(path, changes);
    },
  };
}

/** @param {Record<string, string>} query @param {string} part @returns {boolean} whether a teacher's link hides it */
export const hidden = (query, part) => (query.hide ?? "").split(",").includes(part);
