// @ts-check
// The explorer of a trace: overview, picture, arithmetic. It knows no server: the same in the studio, in a page that is
// one file, and in a notebook.
import { html, useCallback, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { useKeys } from "#studio/ui/keys.js";
import { Notice } from "#studio/ui/parts.js";
import { language, size, translator, words } from "#studio/ui/text.js";
import { Badge } from "#studio/look/badge.js";
import { Explained } from "#studio/look/explained.js";
import { Flow } from "#studio/look/flow.js";
import { Operations } from "#studio/look/operations.js";
import { groups } from "#studio/look/origins.js";
import { levels, siblings, unitOf, unitsOnce } from "#studio/look/parts.js";
import { Patches } from "#studio/look/patches.js";
import { Plots } from "#studio/look/plots/plots.js";
import { find, fits, headingOf, isImage, readCell, stepsOf, titled } from "#studio/look/shown.js";
import { Sources } from "#studio/look/sources.js";
import { describer, Stage, usePicture } from "#studio/look/stage.js";
import { AXES, TEXT } from "#studio/look/text.js";

/** @typedef {import("#studio/look/looked.js").Looked} Looked */
/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */

const t = translator(TEXT);

/**
 * @param {{ looked: Looked, second?: Looked | null, titles?: [string, string] | null, gradients?: boolean, query: Record<string, string>, busy?: boolean,
 *   patches?: ((node: string, channel: number) => string) | null,
 *   change: (path: null, changes: Record<string, string | null>, options?: { replace?: boolean }) => void }} props
 * patches: where a server says what a channel responds to in the data; titles: of the two; gradients: whether they can be had; query: node, cell, view, show, as in the studio's URL; change: asks for others
 */
export function Explorer({ looked, second = null, titles = null, gradients = looked.trace.backward, query, change, busy = false, patches = null }) {
  const { trace } = looked;
  const asked = find(trace, query.node ?? "");
  const shown = asked ?? find(trace, start(trace, unitsOnce(trace, "")));
  return html`<div class=${`explorer stack ${busy ? "busy" : ""}`}>
    ${query.node && !asked && html`<${Notice}>${t("noNode", { name: query.node })}<//>`}
    ${shown
      ? html`<${Opened} looked=${looked} second=${second} titles=${titles} gradients=${gradients} query=${query} change=${change} shown=${shown} patches=${patches} />`
      : html`<${Notice}>${t("notRecorded")}<//>`}
  </div>`;
}

/**
 * What is open, with all around it. Following the pointer draws only the arithmetic and the sources again: the rest stays
 * the same object until something in it has changed.
 * @param {{ looked: Looked, second: Looked | null, titles: [string, string] | null, gradients: boolean, query: Record<string, string>,
 *   change: (path: null, changes: Record<string, string | null>, options?: { replace?: boolean }) => void, shown: Shown,
 *   patches: ((node: string, channel: number) => string) | null }} props
 */
function Opened({ looked, second, titles, gradients, query, change, shown, patches }) {
  const { trace, check } = looked;
  const spoken = language();
  const [pointed, setPointed] = useState(/** @type {number[] | null} */ (null));
  const [fed, setFed] = useState(/** @type {Set<string> | null} */ (null));
  const title = useCallback((/** @type {string} */ axis) => words(trace.meta.axis_titles?.[axis] ?? AXES[axis]) || axis, [trace, spoken]);
  const gradient = query.show === "gradient" && trace.backward;
  const seen = usePicture(trace, shown, gradient, title, headingOf(trace, shown));
  const mark = useMemo(() => readCell(query.cell ?? "", shown.shape) ?? begin(trace, shown), [shown, query.cell]);
  const pick = useCallback((/** @type {number[]} */ index) => change(null, { cell: index.join(), node: shown.name }, { replace: true }), [shown, change]);
  const open = useCallback((/** @type {string} */ name, /** @type {number[] | null} */ cell = null) => {
    setPointed(null);
    setFed(null);
    change(null, { node: name, cell: cell ? cell.join() : keptCell(trace, name, mark), view: null });
  }, [trace, mark, change]);
  const steps = useRef(0); // that were made here: Escape goes back over these and no further
  const goOn = useCallback((/** @type {string} */ name, /** @type {number[] | null} */ cell = null) => {
    steps.current += 1;
    open(name, cell);
  }, [open]);
  const goBack = () => {
    if (steps.current === 0) return;
    steps.current -= 1;
    history.back();
  };
  useExplorerKeys({ trace, shown, mark, pick, open: goOn, back: goBack });

  const module = shown.nodes[0]?.module ?? "";
  const overview = useMemo(
    () => levels(trace, module).map(({ root, units }) => html`<${Flow} key=${root} trace=${trace} all=${units} current=${unitOf(units, shown.name)} label=${root && (words(titled(trace, root)) || root)} onOpen=${goOn} />`),
    [trace, shown, goOn, spoken],
  );
  const stage = useMemo(() => {
    const other = second && find(second.trace, shown.name);
    const inner = unitOf(unitsOnce(trace, module), shown.name);
    const parts = inner && !inner.path && module ? siblings(trace, module) : (unitOf(unitsOnce(trace, ""), shown.name)?.parts ?? []);
    return html`<${Stage} trace=${trace} shown=${shown} picture=${seen} other=${second && other ? { trace: second.trace, shown: other } : null} parts=${parts}
      mark=${mark} lit=${fed} view=${query.view} gradient=${gradient} gradients=${gradients} title=${title} titles=${second && titles}
      onPoint=${setPointed} onPick=${pick} onOpen=${goOn} onView=${(/** @type {string} */ view) => change(null, { view }, { replace: true })}
      onGradient=${(/** @type {boolean} */ on) => change(null, { show: on ? "gradient" : null })} />`;
  }, [trace, second, shown, seen, mark, fed, query.view, gradient, gradients, titles?.join("\n"), pick, goOn]);
  const all = useMemo(() => html`<${All} trace=${trace} check=${check} current=${shown.name} onOpen=${goOn} />`, [looked, shown, goOn, spoken]);

  const index = pointed && fits(pointed, shown.shape) ? pointed : mark;
  const describe = seen && describer(seen);
  /** @type {{ en: string, "zh-TW": string }[]} */
  const notes = trace.meta.notes ?? [];
  return html`${notes.map((note) => html`<p key=${note.en} class="fine note">${words(note)}</p>`)}
    ${overview}
    ${trace.meta.plots && html`<${Plots} trace=${trace} shown=${shown} mark=${mark} onPick=${pick} title=${title} />`}
    ${stage}
    ${describe && html`<${Explained} trace=${trace} check=${check} shown=${shown} index=${index} describe=${describe} gradient=${gradient} mark=${mark} title=${title} onOpen=${goOn} onPick=${pick} />`}
    ${!gradient && html`<${Sources} trace=${trace} shown=${shown} index=${index} onOpen=${goOn} title=${title} onPointSource=${setFed} />`}
    ${patches && !gradient && html`<${Patches} shown=${shown} mark=${mark} address=${patches} />`}
    <p class="sr-only" aria-live="polite">${describe?.(mark)}</p>
    <footer class="foot">
      <${Badge} check=${check} />
      <span class="grow"></span>
      ${seen && shown.shape.length > 1 && html`<span class="fine keys-hint">${t("keysHint", { x: seen.axes[isImage(shown) ? seen.axes.length - 1 : 0].title, y: seen.axes.at(isImage(shown) ? -2 : -1)?.title ?? "" })}</span>`}
      ${looked.url && html`<a class="fine" href=${looked.url} download="trace.safetensors">${t("download", { size: size(looked.bytes) })}</a>`}
    </footer>
    ${all}`;
}

/** @param {{ trace: Trace, check: import("#studio/types.d.ts").Check, current: string, onOpen: (name: string) => void }} props the list, made when it is unfolded */
function All({ trace, check, current, onOpen }) {
  const [unfolded, setUnfolded] = useState(false);
  return html`<details class="sheet all" onToggle=${(/** @type {any} */ event) => setUnfolded(event.currentTarget.open)}>
    <summary>${t("operations")} <span class="fine">${t("nodesOf", { n: check.total })}</span></summary>
    ${unfolded && html`<${Operations} trace=${trace} check=${check} current=${current} onOpen=${onOpen} />`}
  </details>`;
}

/** @param {Trace} trace @param {import("#studio/look/parts.js").Unit[]} all what is open at first: what stands for the system */
const start = (trace, all) => trace.meta.picture ?? trace.graph.storyline.at(-1)?.node ?? all.at(-1)?.name ?? trace.nodes.at(-1)?.name ?? "";

/**
 * The marked cell at first: an algorithm begins at its beginning, a message in its middle, and along an axis of which
 * the trace says so where that is.
 * @param {Trace} trace @param {Shown} shown
 */
function begin(trace, shown) {
  if (shown.series && (stepsOf(trace, shown.nodes[0])?.axis ?? "step") === "step") return shown.shape.map(() => 0);
  const names = [...(shown.series ? ["step"] : []), ...(shown.values[0].axes?.slice(shown.dropped) ?? [])];
  return shown.shape.map((n, axis) => {
    const said = trace.meta.begins?.[names[axis] ?? ""];
    return Number.isInteger(said) && said >= 0 && said < n ? said : Math.floor((n - 1) / 2);
  });
}

/** The marked cell, where the next picture has it too. @param {Trace} trace @param {string} name @param {number[]} mark */
function keptCell(trace, name, mark) {
  const next = find(trace, name);
  return next && mark.length && readCell(mark.join(), next.shape) ? mark.join() : null;
}

/** @param {Shown} shown @returns {[across: number, down: number]} the axes that arrow keys move along: as they are drawn */
function directions(shown) {
  const last = shown.shape.length - 1;
  return isImage(shown) ? [last, last - 1] : [Math.max(0, last - 1), Math.max(0, last)];
}

/** @param {any} context arrows move the mark, Enter goes to the sources, Escape back, n and p along the model */
function useExplorerKeys({ trace, shown, mark, pick, open, back }) {
  /** @param {number} axis @param {number} by */
  const move = (axis, by) => () => {
    if (!shown.shape.length) return;
    const at = axis < 0 ? shown.shape.length + axis : axis;
    const next = [...mark];
    next[at] = Math.min(Math.max(0, next[at] + by), shown.shape[at] - 1);
    pick(next);
  };
  /** @param {number} by */
  const along = (by) => () => {
    const all = unitsOnce(trace, "");
    const current = unitOf(all, shown.name);
    const at = current ? all.indexOf(current) : -1;
    const next = all[Math.min(Math.max(0, at + by), all.length - 1)];
    if (next) open(next.name);
  };
  const [across, down] = directions(shown);
  const channels = isImage(shown) && shown.shape.length > 2 ? shown.shape.length - 3 : null;
  useKeys(t("keys"), {
    ArrowLeft: [t("keyLeft"), move(across, -1)],
    ArrowRight: [t("keyRight"), move(across, 1)],
    ArrowUp: [t("keyUp"), move(down, -1)],
    ArrowDown: [t("keyDown"), move(down, 1)],
    ...(channels === null ? {} : { "[": [t("keyMapBefore"), move(channels, -1)], "]": [t("keyMapAfter"), move(channels, 1)] }),
    Enter: [t("keyEnter"), () => {
      const source = groups(trace, shown, mark)[0];
      if (source) open(source.name, source.cells[0]);
    }],
    Escape: [t("keyEscape"), back],
    n: [t("keyNext"), along(1)],
    p: [t("keyPrevious"), along(-1)],
  });
}
