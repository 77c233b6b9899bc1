// @ts-check
// The flow strip: the units of the model from input to answer, with shapes, parameters and a small picture of each.
import { html, useEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { count, number, translator, words } from "#studio/ui/text.js";
import { find, isImage, lastPart, picture, titled } from "#studio/look/shown.js";
import { Mini } from "#studio/look/views/mini.js";
import { Thumbnails } from "#studio/look/thumbnails.js";
import { useNumbers } from "#studio/look/looked.js";
import { grow } from "#studio/look/motion.js";
import { KINDS, TEXT } from "#studio/look/text.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/parts.js").Unit} Unit */

const t = translator(TEXT);
const MOST_ARCS = 6;
const MOST = { rows: 16, columns: 40 }; // numbers of a small picture
const MANY = 24; // steps; of a longer strip the small pictures are drawn when they come into sight

/**
 * @param {{ trace: Trace, all: Unit[], current: Unit | undefined, label?: string, onOpen: (name: string) => void }} props
 * label: of which module, where it is not the whole model
 */
export function Flow({ trace, all, current, label, onOpen }) {
  const strip = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const on = /** @type {HTMLElement | null} */ (strip.current?.querySelector("[aria-current]"));
    if (on && strip.current) {
      const { offsetLeft, offsetWidth } = on;
      const { scrollLeft, clientWidth } = strip.current;
      if (offsetLeft < scrollLeft || offsetLeft + offsetWidth > scrollLeft + clientWidth) strip.current.scrollLeft = offsetLeft - 20;
    }
  }, [current?.key]);
  const letters = useMemo(() => Math.max(0, ...all.map((unit) => figures(trace, unit).length)), [trace, all]);
  return html`<nav class=${`flow sheet ${label ? "inner" : ""}`} aria-label=${label ? `${t("flow")}: ${label}` : t("flow")} ref=${strip}>
    ${label && html`<p class="fine">${label}</p>`}
    <div class="steps" style=${{ "--letters": letters }}>
      <${Arcs} all=${all} />
      ${all.map((unit) => html`<${Step} key=${unit.key} trace=${trace} unit=${unit} on=${unit.key === current?.key} later=${all.length > MANY} onOpen=${onOpen} />`)}
    </div>
  </nav>`;
}

/** Connections that pass over others (residual ones, masks), as arcs above the strip. @param {{ all: Unit[] }} props */
function Arcs({ all }) {
  const places = new Map(all.map((unit, i) => [unit.key, i]));
  const far = all.flatMap((unit, to) => unit.from.map((key) => [places.get(key) ?? to, to]).filter(([from, end]) => from < end - 1));
  if (!far.length || far.length > MOST_ARCS) return null; // many of them say nothing any more
  return html`<svg class="arcs" viewBox=${`0 0 ${all.length} 1`} preserveAspectRatio="none" aria-hidden="true">
    ${far.map(([from, to]) => html`<path key=${`${from},${to}`} vector-effect="non-scaling-stroke" d=${`M${from + 0.5} 1 C${from + 0.5} -0.2 ${to + 0.5} -0.2 ${to + 0.5} 1`} />`)}
  </svg>`;
}

/** @param {{ trace: Trace, unit: Unit, on: boolean, later: boolean, onOpen: (name: string) => void }} props later: the picture */
function Step({ trace, unit, on, later, onOpen }) {
  const [place, seen] = useSeen(!later);
  const title = words(titled(trace, unit.key)) || (unit.path && /^\d+$/.test(lastPart(unit.path)) ? `${unit.kind} ${lastPart(unit.path)}` : words(KINDS[unit.kind]) || unit.kind) || unit.key;
  return html`<button class="step" ref=${place} aria-current=${on ? "step" : undefined} onClick=${(/** @type {any} */ event) => grow(event.currentTarget.querySelector("canvas"), () => onOpen(unit.name), ".stage .view")} title=${unit.path || unit.name}>
    <b>${title}</b>
    <span class="num" title=${unit.parameters ? t("parameters", { n: count(unit.parameters) }) : undefined}>${figures(trace, unit)}</span>
    ${seen ? html`<${Small} trace=${trace} name=${unit.name} />` : html`<span class="mini-empty"></span>`}
  </button>`;
}

/** @param {boolean} from the beginning @returns {[{ current: HTMLElement | null }, boolean]} a ref, and whether its element has been in sight */
function useSeen(from) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [seen, setSeen] = useState(from);
  useEffect(() => {
    if (seen || !place.current) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [seen]);
  return [place, seen];
}

/** @param {Trace} trace @param {Unit} unit @returns {string} its shape and how many parameters it has */
const figures = (trace, unit) => [shapeOf(trace, unit.name), unit.parameters && count(unit.parameters)].filter(Boolean).join(" · ");

/** @param {Trace} trace @param {string} name */
function shapeOf(trace, name) {
  const shown = find(trace, name);
  return shown?.shape.length ? `[${shown.shape.join(", ")}]` : "";
}

/** @param {{ trace: Trace, name: string }} props */
function Small({ trace, name }) {
  const shown = useMemo(() => find(trace, name), [trace, name]);
  const alone = useNumbers(() => (shown && !shown.shape.length ? (trace.tensor(shown.values[0].id)?.at(shown.values[0].shape.map(() => 0)) ?? null) : null));
  const image = shown !== null && isImage(shown);
  const rows = useNumbers(() => (image ? null : smallRows(trace, name)));
  if (alone !== null) return html`<${One} value=${alone} bounded=${shown?.nodes[0]?.kind === "sigmoid"} />`;
  const labels = shown && /int/.test(shown.values[0].dtype) && trace.graph.axis_labels[shown.values[0].axes?.at(-1) ?? ""];
  if (labels) return html`<span class="mini-words">${labels.map((/** @type {string} */ word, /** @type {number} */ i) => html`<i key=${i}>${word}</i>`)}</span>`;
  if (image) return html`<${Thumbnails} trace=${trace} shown=${shown} />`;
  return rows ? html`<${Mini} rows=${rows.rows} signed=${rows.signed} />` : html`<span class="mini-empty"></span>`;
}

/** @param {{ value: number, bounded: boolean }} props one number; a share of 1 as a bar */
const One = ({ value, bounded }) =>
  html`<span class="mini-one num">${number(value)}${bounded && html`<i class="bar"><i style=${{ width: `${100 * value}%` }}></i></i>`}</span>`;

/**
 * The numbers of a name, as few rows as a small picture has: its last axis downwards, the one before to the right.
 * @param {Trace} trace @param {string} name
 */
export function smallRows(trace, name) {
  const shown = find(trace, name);
  if (!shown || shown.values[0].stored === false) return null;
  const seen = picture(trace, shown, { title: () => "", label: "" });
  const { shape } = shown;
  const [across, down] = shape.length === 0 ? [1, 1] : shape.length === 1 ? [shape[0], 1] : [shape[shape.length - 2], shape[shape.length - 1]];
  const columns = Math.min(across, MOST.columns);
  const rows = [];
  for (let y = 0; y < Math.min(down, MOST.rows); y++) {
    const row = [];
    for (let x = 0; x < columns; x++) {
      const lead = new Array(Math.max(0, shape.length - 2)).fill(0);
      const far = shape.length === 1 ? Math.floor((x * across) / columns) : x; // of a long row some, from its beginning to its end
      row.push(seen.at(shape.length === 0 ? [] : shape.length === 1 ? [far] : [...lead, x, y]));
    }
    rows.push(row);
  }
  return { rows, signed: seen.signed };
}
