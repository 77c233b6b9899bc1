// @ts-check
// Every operation that ran, by module, in order: nothing is hidden. Loops count once, with their steps.
import { html, useMemo, useState } from "#studio/ui/dom.js";
import { count, number, translator, words } from "#studio/ui/text.js";
import { withoutStep } from "#studio/look/trace.js";
import { TEXT } from "#studio/look/text.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {{ name: string, kind: string, module: string, steps: number, code: string, shape: string, relative: number | null, bad: string, caption: any }} Line */

const t = translator(TEXT);
const MOST_SHOWN = 300; // lines; the filter reaches all

/** @param {{ trace: Trace, check: import("#studio/types.d.ts").Check, current: string, onOpen: (name: string) => void }} props */
export function Operations({ trace, check, current, onOpen }) {
  const [asked, setAsked] = useState("");
  const lines = useMemo(() => gather(trace, check), [trace, check]);
  const learned = useMemo(() => [...trace.values.values()].filter((value) => value.kind === "weight" || value.kind === "buffer"), [trace]);
  const wanted = asked.trim().toLowerCase();
  const weights = learned.filter((value) => !wanted || value.name.toLowerCase().includes(wanted));
  const found = lines.filter((line) => !wanted || `${line.name} ${line.kind} ${line.code}`.toLowerCase().includes(wanted));
  /** @type {string | null} */
  let module = null;
  return html`<div class="operations">
    <input type="search" value=${asked} placeholder=${t("operationsHint")} aria-label=${t("operationsHint")} onInput=${(/** @type {any} */ event) => setAsked(event.target.value)} />
    <div class="list" role="list">
      ${found.slice(0, MOST_SHOWN).map((line) => {
        const heading = line.module !== module;
        module = line.module;
        return html`${heading && html`<h4 key=${`#${line.module}${line.name}`}>${line.module || t("layers")} <span class="fine">${trace.graph.modules[line.module] ?? ""}</span></h4>`}
          <button key=${line.name} role="listitem" class=${`line ${line.bad ? "bad" : ""}`} aria-current=${line.name === current} onClick=${() => onOpen(line.name)} title=${line.caption ? words(line.caption) : line.code}>
            <code class="name">${line.name.slice(line.module ? line.module.length + 1 : 0)}</code>
            <span class="fine">${line.kind}${line.steps > 1 ? ` · ${t("times", { n: line.steps })}` : ""}</span>
            <span class="fine num">${line.shape}</span>
            <span class="fine num">${line.bad || (line.relative === null ? "" : line.relative === 0 ? "0" : number(line.relative, 1))}</span>
          </button>`;
      })}
      ${more(found.length)}
      ${weights.length > 0 && html`<h4>${t("weights")}</h4>
      ${weights.slice(0, MOST_SHOWN).map((value) => html`<button key=${value.id} role="listitem" class="line" aria-current=${value.name === current} onClick=${() => onOpen(value.name)}>
        <code class="name">${value.name}</code><span class="fine">${value.kind}</span><span class="fine num">[${value.shape.join(", ")}]</span><span></span>
      </button>`)}
      ${more(weights.length)}`}
      ${found.length + weights.length === 0 && html`<p class="quiet">${t("noneFound")}</p>`}
    </div>
  </div>`;
}

/** @param {number} found how many lines there are: those that are not shown */
const more = (found) => found > MOST_SHOWN && html`<p class="fine">… ${count(found - MOST_SHOWN)}</p>`;

/** @param {Trace} trace @param {import("#studio/types.d.ts").Check} check @returns {Line[]} */
export function gather(trace, check) {
  /** @type {Map<string, Line>} */
  const lines = new Map();
  trace.nodes.forEach((node, i) => {
    const name = withoutStep(node.name);
    const relative = check.relative[i] ?? null;
    const odd = check.nodes[node.name];
    const bad = odd ? (odd.status === "failed" ? t("failed", { message: odd.message }) : t("unchecked", { message: odd.message })) : "";
    const line = lines.get(name);
    if (line) {
      line.steps += 1;
      line.relative = Math.max(line.relative ?? 0, relative ?? 0);
      line.bad ||= bad;
      return;
    }
    const shape = trace.values.get(node.outputs?.[0] ?? "")?.shape;
    lines.set(name, {
      name, kind: node.kind, module: node.module ?? "", steps: 1, code: node.code ?? "", shape: shape ? `[${shape.join(", ")}]` : "",
      relative, bad, caption: node.caption,
    });
  });
  return [...lines.values()];
}
