// @ts-check
// `/`: find a system, a page of a lesson, a part of a room or a run, and go there.
import { called, told } from "#studio/room/called.js";
import { pageEntries, rank, runEntry, systemEntry, tabEntry } from "#studio/room/finder.rank.js";
import { TEXT } from "#studio/room/finder.text.js";
import { TEXT as TABS } from "#studio/room/text.js";
import { html, useEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { get } from "#studio/ui/http.js";
import { Dialog, Notice } from "#studio/ui/parts.js";
import { language, translator, words } from "#studio/ui/text.js";
import { go, here, hidden } from "#studio/ui/url.js";

/** @typedef {import("#studio/types.d.ts").Place} Place */
/** @typedef {import("#studio/types.d.ts").Course} Course */
/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").Runs} Runs */
/** @typedef {import("#studio/room/finder.rank.js").Entry} Entry */
/** @typedef {import("#studio/room/finder.rank.js").Found} Found */

const t = translator(TEXT);
const tabs = translator(TABS);

/** @param {{ onClose: () => void }} props */
export function Finder({ onClose }) {
  const { entries, loading } = useEntries();
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => rank(entries, asked, here().path[0] ?? ""), [entries, asked]);
  const chosen = Math.min(at, found.length - 1);
  const open = (/** @type {Found | undefined} */ entry) => {
    if (!entry) return;
    onClose();
    go(entry.path, entry.changes);
  };
  return html`<${Dialog} title=${t("title")} onClose=${onClose}>
    <div class="finder">
      <input
        type="text"
        role="combobox"
        autofocus
        autocomplete="off"
        spellcheck=${false}
        aria-label=${t("hint")}
        placeholder=${t("hint")}
        aria-expanded=${found.length > 0}
        aria-controls="finder-list"
        aria-autocomplete="list"
        aria-activedescendant=${chosen >= 0 ? `finder-${chosen}` : undefined}
        value=${asked}
        onInput=${(/** @type {InputEvent} */ event) => {
          setAsked(/** @type {HTMLInputElement} */ (event.target).value);
          setAt(0);
        }}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.isComposing) return; // a Chinese word is being written
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step && found.length) setAt((chosen + step + found.length) % found.length);
          else if (event.key === "Enter") open(found[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="finder-list" role="listbox" aria-label=${t("results")} aria-busy=${loading}>
        ${found.map(
          (entry, i) =>
            html`<${Option} key=${key(entry)} entry=${entry} id=${`finder-${i}`} chosen=${i === chosen} onOpen=${open} />`,
        )}
      </ul>
      ${found.length === 0 && html`<${Notice} kind="empty">${loading ? t("loading") : t("none", { asked })}<//>`}
      <p class="fine">
        <span aria-hidden="true">${t("keys")}</span>
        <span class="sr-only" role="status">${t("count", { n: found.length })}</span>
      </p>
    </div>
  <//>`;
}

/** @param {Entry} entry */
const key = (entry) => [entry.kind, entry.room, entry.path, ...Object.values(entry.changes)].join(" ");

/** @param {{ entry: Found, id: string, chosen: boolean, onOpen: (entry: Found) => void }} props */
function Option({ entry, id, chosen, onOpen }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return html`<li id=${id} ref=${element} role="option" aria-selected=${chosen} onClick=${() => onOpen(entry)}>
    <span class="kind">${t(entry.kind)}</span>
    <span class="what">
      <b>${entry.title}</b> <span class="detail">${entry.detail}</span>
      ${entry.snippet && html`<span class="snippet">${entry.snippet}</span>`}
    </span>
  </li>`;
}

/** Everything that can be found: systems at once, the rest as it comes. */
function useEntries() {
  const [state, setState] = useState({ entries: /** @type {Entry[]} */ ([]), loading: true });
  useEffect(() => {
    const control = new AbortController();
    load(control.signal, (entries, loading) => setState({ entries, loading })).catch(() => {
      if (!control.signal.aborted) setState((before) => ({ ...before, loading: false })); // what came can be found
    });
    return () => control.abort();
  }, []);
  return state;
}

/** @param {AbortSignal} signal @param {(entries: Entry[], loading: boolean) => void} tell */
async function load(signal, tell) {
  const course = /** @type {Course} */ (await get("/api/course", signal));
  const built = course.places.filter((place) => place.built);
  const systems = course.places.map((place) => systemEntry(place, words, t("notBuilt")));
  const parts = built.flatMap(tabsOf);
  tell([...systems, ...parts], true);
  const inside = await Promise.all(built.map((place) => insideOf(place, signal)));
  tell([...systems, ...parts, ...inside.flat()], false);
}

/** @param {Place} place @returns {Entry[]} those that a teacher's link does not hide */
const tabsOf = (place) =>
  /** @type {const} */ (["learn", "train", "look", "try", "ship"])
    .filter((tab) => !hidden(here().query, tab))
    .map((tab) => tabEntry(place, tab, [TABS[tab].en, TABS[tab]["zh-TW"]], tabs(tab), words));

/** @param {Place} place @param {AbortSignal} signal @returns {Promise<Entry[]>} its pages and runs */
async function insideOf(place, signal) {
  const at = `/api/rooms/${place.name}`;
  const [room, { runs }] = await Promise.all([
    /** @type {Promise<Room>} */ (get(at, signal)),
    /** @type {Promise<Runs>} */ (get(`${at}/runs`, signal)),
  ]);
  const lessons = await Promise.all(room.languages.map((lang) => get(`${at}/lesson?lang=${lang}`, signal)));
  const own = lessons.find((lesson) => lesson.language === language()) ?? lessons[0];
  const pages = own ? pageEntries(place, own, lessons.filter((lesson) => lesson !== own), words) : [];
  return [...pages, ...runs.map((run) => runEntry(place, run, called(run), told(run), words))];
}
