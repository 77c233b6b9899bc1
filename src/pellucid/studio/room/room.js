// @ts-check
// A room: its header with tabs and the chosen run, the docked lesson, and one tab at a time.
import { html, useEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { events, useGet, useVisible } from "#studio/ui/http.js";
import { useKeys } from "#studio/ui/keys.js";
import { Menu, Notice, Spinner, toast } from "#studio/ui/parts.js";
import { translator, words } from "#studio/ui/text.js";
import { told as problem } from "#studio/ui/problem.js";
import { go, hidden, link } from "#studio/ui/url.js";
import { Brand, Switches } from "#studio/room/header.js";
import { called, told } from "#studio/room/called.js";
import { TEXT } from "#studio/room/text.js";
import { Lesson } from "#studio/learn/lesson.js";

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
  const { data: told, error } = useGet(`/api/rooms/${encodeURIComponent(name)}`);
  const listed = useRuns(name);
  const shown = TABS.filter((each) => !hidden(place.query, each));
  const current = TABS.find((each) => each === tab) ?? "learn";
  useKeys(t("tabs"), Object.fromEntries(shown.map((each, i) => [String(i + 1), [t(each), () => go(`/${name}/${each}`)]])));
  useEffect(() => {
    document.title = told ? `${words(told.title)} · ${t(current)} · Pellucid` : "Pellucid";
  });
  const run = useChosen(listed?.runs ?? [], place.query.run, `${name}/${current}`);
  const room = useMemo(() => withExamples(told, run?.examples), [told, JSON.stringify(run?.examples)]); // the list of runs is told anew at every change
  if (error)
    return html`<header class="top"><${Brand} /></header>
      <main id="main" class="narrow">
        <${Notice} kind="error">${error.status === 404 ? t("noRoom") : problem(error)}<//>
        <p><a ...${link("/")}>${t("toMap")}</a></p>
      </main>`;
  if (!room || !listed || (!run && listed.runs.length)) return html`<header class="top"><${Brand} /></header><main id="main" class="narrow"><${Spinner} /></main>`;
  const { runs } = listed;
  return html`<header class="top">
      <${Brand} />
      <div class="crumb"><span class="day">${room.day === "bonus" ? t("bonus") : t("day", { n: room.day })} · </span><h1>${words(room.title)}</h1></div>
      <nav class="tabs" aria-label=${t("tabs")}>
        ${shown.map((each) => html`<a key=${each} aria-current=${each === current ? "page" : undefined} ...${link(`/${name}/${each}`)}>${t(each)}</a>`)}
      </nav>
      <span class="grow"></span>
      ${hidden(place.query, "runs") || html`<${RunMenu} runs=${runs} run=${run} />`}
      <${Switches} place=${place} open=${open} />
    </header>
    <${Tab} key=${current} tab=${current} room=${room} run=${run} listed=${listed} place=${place} />`;
}

/**
 * A run on data of the user's own has examples of its own: those of the card may mean nothing to it.
 * @param {RoomMessage | null} room @param {any[] | null | undefined} examples @returns {RoomMessage | null}
 */
const withExamples = (room, examples) => (room && examples?.length ? { ...room, input: { ...room.input, examples } } : room);

/** @param {{ tab: typeof TABS[number], room: RoomMessage, run: RunSummary | null, listed: Listed, place: Place }} props */
function Tab({ tab, room, run, listed, place }) {
  if (hidden(place.query, tab)) return html`<main id="main" class="narrow"><${Notice}>${t("hiddenTab")}<//></main>`;
  const docked = (tab === "learn" || place.query.page !== undefined) && room.languages.length > 0 && !hidden(place.query, "learn");
  const Content = useLoaded(CONTENT[tab]);
  return html`<div class=${docked ? `room docked ${place.query.dock === "picture" ? "picture-first" : ""}` : "room"}>
    ${docked &&
    html`<aside class="dock" aria-label=${t("lesson")}>
      ${tab !== "learn" && html`<button class="plain close" aria-label=${t("closeLesson")} onClick=${() => go(null, { page: null })}>✕</button>`}
      <${Lesson} room=${room} place=${place} run=${run} />
    </aside>`}
    <main id="main">
      ${place.query.run && run && place.query.run !== run.id && html`<${Notice} kind="error">${t("otherRun", { asked: place.query.run, run: called(run) })}<//>`}
      ${Content ? html`<${Content} room=${room} run=${run} listed=${listed} place=${place} />` : html`<${Spinner} />`}
      ${run?.bundled && tab !== "train" && listed.runs.every((each) => each.bundled || !each.answers) && html`<p class="bundled-note fine">${t("bundledNote")} ${hidden(place.query, "train") || html`<a ...${link(`/${room.name}/train`)}>${t("trainOwn")}</a>`}</p>`}
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
 * The run that the URL names, else the newest of the user's own that is trained, else the bundled one.
 * @param {RunSummary[]} runs @param {string | undefined} id
 */
export function chosen(runs, id) {
  const named = runs.find((run) => run.id === id);
  if (named?.answers) return named;
  const trained = runs.filter((run) => run.answers && run.state !== "training" && run.state !== "queued");
  return trained.find((run) => !run.bundled) ?? trained[0] ?? null;
}

/**
 * The same, kept while a page is open: a run that gets ready says so, and does not take the page over.
 * @param {RunSummary[]} runs @param {string | undefined} id @param {string} page @returns {RunSummary | null}
 */
function useChosen(runs, id, page) {
  const kept = useRef({ page: "", id: "" });
  const newest = chosen(runs, id);
  const before = kept.current.page === page && !id ? runs.find((run) => run.id === kept.current.id && run.answers) : undefined;
  const run = before ?? newest;
  kept.current = { page, id: run?.id ?? "" };
  const ready = newest && run && newest.id !== run.id ? newest.id : null;
  useEffect(() => {
    if (ready && newest) toast(t(newest.state === "done" ? "ready" : "stopped", { run: called(newest) }), { action: t("lookInside"), onAction: () => go(null, { run: ready }) });
  }, [ready]);
  return run;
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
