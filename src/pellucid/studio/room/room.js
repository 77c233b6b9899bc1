// @ts-check
// A room: its header with tabs and the chosen run, the docked lesson, and one tab at a time.
import { html, useEffect, useMemo, useState } from "#studio/ui/dom.js";
import { events, useGet, useVisible } from "#studio/ui/http.js";
import { useKeys } from "#studio/ui/keys.js";
import { Menu, Notice, Spinner } from "#studio/ui/parts.js";
import { translator, words } from "#studio/ui/text.js";
import { go, hidden, link } from "#studio/ui/url.js";
import { Brand, Switches } from "#studio/room/header.js";
import { called, told } from "#studio/room/called.js";
import { TEXT } from "#studio/room/text.js";
import { written } from "#studio/learn/figures.js";
import { Lesson } from "#studio/learn/lesson.js";
import { numberAt } from "#studio/look/shown.js";

/** @typedef {import("#studio/types.d.ts").Room} RoomMessage */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {import("#studio/ui/url.js").Place} Place */
/** @typedef {import("#studio/types.d.ts").Runs & { connected: boolean }} Listed connected: whether the server still answers */

const t = translator(TEXT);
const TABS = /** @type {const} */ (["learn", "train", "look", "try", "ship"]);

/** What a tab shows, loaded when it is first opened. @type {Record<string, () => Promise<any>>} */
const CONTENT = {
  learn: async () => (await import("#studio/look/look.js")).Look,
  look: async () => (await import("#studio/look/look.js")).Look,
  train: async () => (await import("#studio/train/train.js")).Train,
  try: async () => (await import("#studio/try/try.js")).Try,
  ship: async () => (await import("#studio/ship/ship.js")).Ship,
};

/**
 * @param {{ place: Place, name: string, tab: string | undefined, open: { help: () => void, finder: () => void } }} props
 */
export function Room({ place, name, tab = "learn", open }) {
  const { data: room, error } = useGet(`/api/rooms/${encodeURIComponent(name)}`);
  const listed = useRuns(name);
  const shown = TABS.filter((each) => !hidden(place.query, each));
  const current = TABS.find((each) => each === tab) ?? "learn";
  useKeys(t("tabs"), Object.fromEntries(shown.map((each, i) => [String(i + 1), [t(each), () => go(`/${name}/${each}`)]])));
  useEffect(() => {
    document.title = room ? `${words(room.title)} · ${t(current)} · Pellucid` : "Pellucid";
  });
  if (error)
    return html`<header class="top"><${Brand} /></header>
      <main id="main" class="narrow">
        <${Notice} kind="error">${error.status === 404 ? t("noRoom") : error.status ? error.message : t("offline")}<//>
        <p><a ...${link("/")}>${t("toMap")}</a></p>
      </main>`;
  if (!room || !listed) return html`<header class="top"><${Brand} /></header><main id="main" class="narrow"><${Spinner} /></main>`;
  const { runs } = listed;
  const run = chosen(runs, place.query.run);
  return html`<header class="top">
      <${Brand} />
      <div class="crumb">${room.day === "bonus" ? t("bonus") : t("day", { n: room.day })} · <h1>${words(room.title)}</h1></div>
      <nav class="tabs" aria-label=${t("tabs")}>
        ${shown.map((each) => html`<a key=${each} aria-current=${each === current ? "page" : undefined} ...${link(`/${name}/${each}`)}>${t(each)}</a>`)}
      </nav>
      <span class="grow"></span>
      ${hidden(place.query, "runs") || html`<${RunMenu} runs=${runs} run=${run} />`}
      <${Switches} place=${place} open=${open} />
    </header>
    <${Tab} key=${current} tab=${current} room=${room} run=${run} listed=${listed} place=${place} />`;
}

/** @param {{ tab: typeof TABS[number], room: RoomMessage, run: RunSummary | null, listed: Listed, place: Place }} props */
function Tab({ tab, room, run, listed, place }) {
  const [looked, setLooked] = useState(/** @type {import("#studio/look/trace.js").Trace | null} */ (null));
  const resolve = useMemo(
    () => (/** @type {string} */ ask, /** @type {string} */ format) => {
      const found = looked && numberAt(looked, ask);
      return found === null ? null : written(found, format);
    },
    [looked],
  );
  if (hidden(place.query, tab)) return html`<main id="main" class="narrow"><${Notice}>${t("hiddenTab")}<//></main>`;
  const docked = (tab === "learn" || place.query.page !== undefined) && room.languages.length > 0 && !hidden(place.query, "learn");
  const Content = useLoaded(CONTENT[tab]);
  return html`<div class=${docked ? `room docked ${place.query.dock === "picture" ? "picture-first" : ""}` : "room"}>
    ${docked &&
    html`<aside class="dock" aria-label=${t("lesson")}>
      ${tab !== "learn" && html`<button class="plain close" aria-label=${t("closeLesson")} onClick=${() => go(null, { page: null })}>✕</button>`}
      <${Lesson} room=${room} place=${place} run=${run} resolve=${resolve} />
    </aside>`}
    <main id="main">
      ${run?.bundled && tab !== "train" && html`<p class="bundled-note fine">${t("bundledNote")} ${hidden(place.query, "train") || html`<a ...${link(`/${room.name}/train`)}>${t("trainOwn")}</a>`}</p>`}
      ${Content ? html`<${Content} room=${room} run=${run} listed=${listed} place=${place} onLooked=${setLooked} />` : html`<${Spinner} />`}
    </main>
    ${docked &&
    html`<button
      class="dock-switch primary"
      onClick=${() => go(null, { dock: place.query.dock === "picture" ? null : "picture" }, { replace: true })}
    >
      ${place.query.dock === "picture" ? t("lesson") : tab === "learn" || tab === "look" ? t("picture") : t(tab)}
    </button>`}
  </div>`;
}

/** @param {() => Promise<any>} load @returns {any} null: not there yet */
function useLoaded(load) {
  const [found, setFound] = useState({ content: /** @type {any} */ (null) });
  useEffect(() => void load().then((content) => setFound({ content })), [load]);
  return found.content;
}

/** @param {string} name @returns {Listed | null} the room's runs, newest first, told by the server whenever one changes */
function useRuns(name) {
  const [listed, setListed] = useState(/** @type {import("#studio/types.d.ts").Runs | null} */ (null));
  const [connected, setConnected] = useState(true);
  const visible = useVisible();
  useEffect(() => {
    if (visible) return events(`/api/rooms/${encodeURIComponent(name)}/events`, { runs: setListed }, setConnected);
  }, [name, visible]);
  return listed && { ...listed, connected };
}

/**
 * The run that the URL names, else the newest of the user's own that can answer, else the bundled one.
 * @param {RunSummary[]} runs @param {string | undefined} id
 */
export function chosen(runs, id) {
  const named = runs.find((run) => run.id === id);
  if (named?.answers) return named;
  return runs.find((run) => run.answers && !run.bundled) ?? runs.find((run) => run.answers) ?? null;
}

/** @param {{ runs: RunSummary[], run: RunSummary | null }} props */
function RunMenu({ runs, run }) {
  const choices = runs.filter((each) => each.answers);
  return html`<${Menu} align="right" label=${`${t("run")}: ${run ? called(run) : ""}`} title=${html`<span class="run-name">${run ? called(run) : t("run")}</span>`}>
    ${choices.map(
      (each) =>
        html`<button key=${each.id} aria-current=${each === run} onClick=${() => go(null, { run: each.id, node: null, cell: null })}>
          <span><b>${called(each)}</b><br /><span class="fine">${told(each)}</span></span>
        </button>`,
    )}
  <//>`;
}
