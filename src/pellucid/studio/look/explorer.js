// @ts-check
// The explorer of a trace: overview, picture, arithmetic. It knows no server: the same in the studio, in a page that is
// one file, and in a notebook.
import { html, useCallback, useMemo, useState } from "#studio/ui/dom.js";
import { useKeys } from "#studio/ui/keys.js";
import { Notice } from "#studio/ui/parts.js";
import { language, size, translator, words } from "#studio/ui/text.js";
import { Badge } from "#studio/look/badge.js";
import { Explained } from "#studio/look/explained.js";
import { Flow } from "#studio/look/flow.js";
import { Operations } from "#studio/look/operations.js";
import { levels, siblings, unitOf, unitsOnce } from "#studio/look/parts.js";
import { find, lastPart, picture, readCell } from "#studio/look/shown.js";
import { groups, Sources } from "#studio/look/sources.js";
import { describer, Stage } from "#studio/look/stage.js";
import { TEXT } from "#studio/look/text.js";

/** @typedef {import("#studio/look/looked.js").Looked} Looked */
/** @typedef {import("#studio/look/trace.js").Trace} Trace */

const t = translator(TEXT);

/**
 * @param {{ looked: Looked, second?: Looked | null, query: Record<string, string>, busy?: boolean,
 *   change: (path: null, changes: Record<string, string | null>, options?: { replace?: boolean }) => void }} props
 * query: node, cell, view, show, as in the studio's URL; change: asks for others
 */
export function Explorer({ looked, second = null, query, change, busy = false }) {
  const { trace, check } = looked;
  const all = unitsOnce(trace, "");
  const asked = query.node;
  const shown = useMemo(() => find(trace, asked ?? "") ?? find(trace, start(trace, all)), [trace, asked]);
  const other = useMemo(() => (second && shown ? { trace: second.trace, shown: find(second.trace, shown.name) } : null), [second, shown]);
  const [pointed, setPointed] = useState(/** @type {number[] | null} */ (null));
  const [fed, setFed] = useState(/** @type {Set<string> | null} */ (null));
  const title = useCallback((/** @type {string} */ axis) => words(trace.meta.axis_titles?.[axis]) || axis, [trace, language()]);
  const gradient = query.show === "gradient" && trace.backward;

  /** @param {string} name @param {number[] | null} [cell] */
  const open = (name, cell = null) => {
    setPointed(null);
    setFed(null);
    change(null, { node: name, cell: cell ? cell.join() : keptCell(trace, name, mark), view: null });
  };
  const mark = shown ? (readCell(query.cell ?? "", shown.shape) ?? middle(shown.shape)) : [];
  const pick = (/** @type {number[]} */ index) => change(null, { cell: index.join(), node: shown?.name ?? null }, { replace: true });
  useExplorerKeys({ trace, all, shown, mark, pick, open, title, back: () => history.back() });

  if (!shown) return html`<${Notice}>${t("notRecorded")}<//>`;
  const module = shown.nodes[0]?.module ?? "";
  const strips = levels(trace, module);
  const inner = unitOf(unitsOnce(trace, module), shown.name);
  const parts = inner && !inner.path && module ? siblings(trace, module) : (unitOf(all, shown.name)?.parts ?? []);
  const index = pointed && pointed.length === shown.shape.length ? pointed : mark;
  const describe = describer(picture(trace, shown, { title, label: lastPart(shown.name), gradient }));
  const loop = shown.shape.length > 1;
  return html`<div class=${`explorer stack ${busy ? "busy" : ""}`}>
    ${asked && !find(trace, asked) && html`<${Notice}>${t("noNode", { name: asked })}<//>`}
    ${strips.map(({ root, units }) => html`<${Flow} key=${root} trace=${trace} all=${units} current=${unitOf(units, shown.name)} label=${root} onOpen=${open} />`)}
    <${Stage} trace=${trace} shown=${shown} other=${other?.shown ? other : null} parts=${parts} mark=${mark} lit=${fed}
      view=${query.view} gradient=${gradient} title=${title} titles=${second ? [String(looked.input), String(second.input)] : null}
      onPoint=${setPointed} onPick=${pick} onOpen=${open} onView=${(/** @type {string} */ view) => change(null, { view }, { replace: true })}
      onGradient=${(/** @type {boolean} */ on) => change(null, { show: on ? "gradient" : null })} />
    <${Explained} trace=${trace} check=${check} shown=${shown} index=${index} describe=${describe} gradient=${gradient} />
    ${!gradient && html`<${Sources} trace=${trace} shown=${shown} index=${index} onOpen=${open} title=${title} onPointSource=${setFed} />`}
    <p class="sr-only" aria-live="polite">${describe(mark)}</p>
    <footer class="foot">
      <${Badge} check=${check} />
      <span class="grow"></span>
      ${loop && html`<span class="fine keys-hint">${t("keysHint", { x: title(axisName(trace, shown, 0)), y: title(axisName(trace, shown, -1)) })}</span>`}
      ${looked.url && html`<a class="fine" href=${looked.url} download="trace.safetensors">${t("download", { size: size(looked.bytes) })}</a>`}
    </footer>
    <details class="sheet all">
      <summary>${t("operations")} <span class="fine">${t("nodesOf", { n: check.total })}</span></summary>
      <${Operations} trace=${trace} check=${check} current=${shown.name} onOpen=${open} />
    </details>
  </div>`;
}

/** @param {Trace} trace @param {import("#studio/look/parts.js").Unit[]} all what is open at first: what stands for the system */
const start = (trace, all) => trace.meta.picture ?? trace.graph.storyline.at(-1)?.node ?? all.at(-1)?.name ?? trace.nodes.at(-1)?.name ?? "";

/** @param {number[]} shape a cell to begin with */
const middle = (shape) => shape.map((n) => Math.floor((n - 1) / 2));

/** The marked cell, where the next picture has it too. @param {Trace} trace @param {string} name @param {number[]} mark */
function keptCell(trace, name, mark) {
  const next = find(trace, name);
  return next && mark.length && readCell(mark.join(), next.shape) ? mark.join() : null;
}

/** @param {Trace} trace @param {import("#studio/look/shown.js").Shown} shown @param {number} axis */
const axisName = (trace, shown, axis) => picture(trace, shown, { title: (name) => name, label: "" }).axes.at(axis)?.name ?? "";

/** @param {any} context arrows move the mark, Enter goes to the sources, Escape back, n and p along the model */
function useExplorerKeys({ trace, all, shown, mark, pick, open, back }) {
  /** @param {number} axis @param {number} by */
  const move = (axis, by) => () => {
    if (!shown?.shape.length) return;
    const at = axis < 0 ? shown.shape.length + axis : axis;
    const next = [...mark];
    next[at] = Math.min(Math.max(0, next[at] + by), shown.shape[at] - 1);
    pick(next);
  };
  /** @param {number} by */
  const along = (by) => () => {
    const at = all.indexOf(unitOf(all, shown?.name ?? ""));
    const next = all[Math.min(Math.max(0, at + by), all.length - 1)];
    if (next) open(next.name);
  };
  const rows = (shown?.shape.length ?? 0) > 1 ? -1 : 0;
  useKeys(t("keys"), {
    ArrowLeft: [t("keyLeft"), move(rows === 0 ? 0 : shown.shape.length - 2, -1)],
    ArrowRight: [t("keyRight"), move(rows === 0 ? 0 : shown.shape.length - 2, 1)],
    ArrowUp: [t("keyUp"), move(rows, -1)],
    ArrowDown: [t("keyDown"), move(rows, 1)],
    Enter: [t("keyEnter"), () => {
      const source = shown && groups(trace, shown, mark)[0];
      if (source) open(source.name, source.cells[0]);
    }],
    Escape: [t("keyEscape"), back],
    n: [t("keyNext"), along(1)],
    p: [t("keyPrevious"), along(-1)],
  });
}
