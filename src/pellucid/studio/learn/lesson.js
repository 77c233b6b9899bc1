// @ts-check
// The lesson, docked beside the picture: one page of it, and the way to the others.
import { blocks } from "#studio/learn/blocks.js";
import { leaving, marked } from "#studio/learn/moves.js";
import { actions } from "#studio/learn/nodes.js";
import { languageOf, open, reader } from "#studio/learn/pages.js";
import { TEXT } from "#studio/learn/text.js";
import { html, useEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { request, useGet } from "#studio/ui/http.js";
import { useKeys } from "#studio/ui/keys.js";
import { Menu, Notice, Spinner } from "#studio/ui/parts.js";
import { language, translator } from "#studio/ui/text.js";
import { go, here, link } from "#studio/ui/url.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {import("#studio/types.d.ts").Course} Course */
/** @typedef {import("#studio/learn/figures.js").Sources} Sources */
/** @typedef {import("#studio/learn/nodes.js").Page} Page */
/** @typedef {import("#studio/ui/url.js").Place} Place */
/** @typedef {{ room: string, language: string, title: string, pages: Page[] }} Text what the server's Lesson holds */

const t = translator(TEXT);

/** @param {{ room: Room, place: Place, run?: RunSummary | null }} props run: the selected one */
export function Lesson({ room, place, run = null }) {
  const shown = languageOf(room.languages, language());
  const at = `/api/rooms/${room.name}/lesson`;
  const lesson = useGet(shown && `${at}?lang=${shown}`);
  const figures = useGet(shown && `${at}/figures?lang=${shown}`);
  const text = /** @type {Text | null} */ (lesson.data?.room === room.name ? lesson.data : null);
  if (lesson.error)
    return html`<${Notice} kind="error">
      ${t("failed", { why: lesson.error.message })} <button class="small" onClick=${lesson.again}>${t("again")}</button>
    <//>`;
  if (!text) return html`<${Spinner} label=${t("loading")} />`;
  const sources = { figures: figures.data?.figures ?? null, run };
  return html`<${Opened} key=${room.name} text=${text} only=${shown !== language()} place=${place} sources=${sources} />`;
}

/** @param {{ text: Text, only: boolean, place: Place, sources: Sources }} props only: not written in the reader's language */
function Opened({ text, only, place, sources }) {
  const { at, page, previous, next } = open(text.pages, place.query.page);
  useEffect(() => {
    if (place.query.page !== page.id) go(null, { page: page.id }, { replace: true }); // the lesson stays open on other tabs
  }, [place.query.page, page.id]);
  const heading = useLeave(text.room, page);
  const read = useRead(text.room, page.id, heading);
  const onPage = useMemo(() => actions(page.blocks), [page]);
  const turn = (/** @type {Page | null} */ to) => {
    if (!to) return;
    if (to === next) read.mark(page.id);
    go(null, { page: to.id });
  };
  useKeys(t("lesson"), {
    "[": [t("previous"), () => turn(previous)],
    "]": [t("next"), () => turn(next)],
    "Shift+ArrowLeft": [t("previous"), () => turn(previous)],
    "Shift+ArrowRight": [t("next"), () => turn(next)],
  });
  const around = { room: text.room, page: page.id, marked: marked(onPage, place.query), sources };
  return html`<div class="lesson" lang=${text.language}>
    <${Contents} text=${text} at=${at} read=${read.pages} />
    <article key=${page.id}>
      <h2 tabindex="-1" ref=${heading}>${page.title}</h2>
      ${only && html`<p class="fine" lang=${language()}>${t("other")}</p>`}
      ${blocks(page.blocks, around)}
    </article>
    <nav class="turn" aria-label=${t("turn")}>
      ${previous && html`<${Turn} to=${previous} rel="prev" does=${t("previous")} onTurn=${turn} />`}
      ${next && html`<${Turn} to=${next} rel="next" does=${t("next")} onTurn=${turn} />`}
    </nav>
  </div>`;
}

/** @param {{ text: Text, at: number, read: string[] }} props */
function Contents({ text, at, read }) {
  const where = { n: at + 1, pages: text.pages.length };
  return html`<${Menu} title=${t("where", { ...where, title: text.title })} label=${t("contents", where)}>
    ${text.pages.map(
      (page, i) => html`<a key=${page.id} ...${link(null, { page: page.id })} aria-current=${i === at ? "true" : undefined}>
        <span class="n">${i + 1}</span>
        <span class="grow">${page.title}</span>
        ${read.includes(page.id) && html`<span class="done">✓<span class="sr-only"> ${t("read")}</span></span>`}
      </a>`,
    )}
  <//>`;
}

/** @param {{ to: Page, rel: "prev" | "next", does: string, onTurn: (page: Page) => void }} props */
function Turn({ to, rel, does, onTurn }) {
  const { href } = link(null, { page: to.id });
  return html`<a
    rel=${rel}
    href=${href}
    onClick=${(/** @type {MouseEvent} */ event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      onTurn(to);
    }}
    ><span class="sr-only">${does}: </span>${to.title}</a
  >`;
}

/**
 * Which pages are read: those that the server knows of, and those seen since.
 * @param {string} room @param {string} page the open one @param {{ current: HTMLElement | null }} heading its heading
 */
function useRead(room, page, heading) {
  const course = useGet("/api/course");
  const [since, setSince] = useState(/** @type {string[]} */ ([]));
  const places = /** @type {Course | null} */ (course.data)?.places;
  const known = places?.find((place) => place.name === room)?.state?.lesson?.read;
  const pages = [...(known ?? []), ...since];
  const mark = (/** @type {string} */ id) => {
    if (pages.includes(id)) return;
    setSince((before) => [...before, id]);
    const told = request("POST", `/api/rooms/${room}/lesson/read`, { body: { page: id } });
    told.catch(() => {}); // it is told again at the next reading
  };
  useEffect(() => {
    const seen = () => document.visibilityState === "visible" && Boolean(heading.current?.offsetParent);
    const timer = setInterval(reader(seen, () => mark(page)), 1000);
    return () => clearInterval(timer);
  }, [page]);
  return { pages, mark };
}

/** @type {{ room: string, page: Page } | null} the page that was open last, in whichever tab */
let last = null;

/**
 * Cleans up after a page that is left, however it was, and begins the next at its heading.
 * @param {string} room @param {Page} page
 */
function useLeave(room, page) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const left = last;
    last = { room, page };
    if (left?.room !== room || left.page.id === page.id) return;
    go(null, leaving(actions(left.page.blocks), here().query), { replace: true });
    heading.current?.focus({ preventScroll: true });
    heading.current?.closest(".dock")?.scrollTo(0, 0);
    heading.current?.scrollIntoView({ block: "nearest" }); // on a phone the window scrolls, not the dock
  }, [room, page.id]);
  return heading;
}
