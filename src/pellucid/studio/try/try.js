// @ts-check
// Try: an input answered as it changes, what each part contributes, an edited copy beside it, a whole file.
import { html, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { useKeys } from "#studio/ui/keys.js";
import { Notice, Spinner } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { translator, words } from "#studio/ui/text.js";
import { go, hidden, link } from "#studio/ui/url.js";
import { Field, inFolders, inTables, Sources } from "#studio/input/input.js";
import { useUrlInput } from "#studio/input/url.js";
import { AddMore } from "#studio/try/add.js";
import { Answer } from "#studio/try/answer.js";
import { useAsked } from "#studio/try/ask.js";
import { difference } from "#studio/try/difference.js";
import { brief, shortly } from "#studio/try/outputs.js";
import { WholeFile } from "#studio/try/file.js";
import { Influence } from "#studio/try/influence.js";
import { Maps } from "#studio/try/maps.js";
import { ManyPictures } from "#studio/try/pictures.js";
import { alike } from "#studio/try/scale.js";
import { TEXT } from "#studio/try/text.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {import("#studio/ui/url.js").Place} Place */
/** @typedef {import("#studio/try/ask.js").Asked} Asked */

const t = translator(TEXT);
const INTO_URL = 300; // milliseconds after a key

/** @param {{ room: Room, run: RunSummary | null, place: Place }} props */
export function Try({ room, run, place }) {
  const comparing = place.query.input2 !== undefined;
  const [input, setInput] = useUrlInput("input", place, room.input.examples[0] ?? "", { pause: INTO_URL });
  const [copy, setCopy] = useUrlInput("input2", place, "", { pause: INTO_URL });
  const weighed = room.outputs.some(({ kind }) => kind === "label" || kind === "probability"); // influence is on how likely an answer is
  const [turn, setTurn] = useState(0); // of the run, which may grow
  const original = useAsked(room.name, run?.id, input, weighed, turn);
  const edited = useAsked(room.name, run?.id, comparing ? copy : "", weighed, turn);
  const [method, setMethod] = useState(/** @type {"occlusion" | "gradient"} */ ("occlusion"));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const before = useRef(comparing);
  useEffect(() => {
    if (before.current !== comparing) box.current?.focus(); // the button that was pressed is gone
    before.current = comparing;
  }, [comparing]);
  useKeys(t("keys"), {
    i: [t("focusInput"), () => box.current?.focus()],
    m: [t("switchMethod"), () => setMethod(method === "occlusion" ? "gradient" : "occlusion")],
  });
  if (!run) return html`<${Notice} kind="empty">${t("noRun")}<//>`;
  const look =
    hidden(place.query, "look") ||
    html`<a class="button" ...${link(`/${room.name}/look`, { input, input2: comparing ? copy : null })}>${t("lookInside")} <span aria-hidden="true">→</span></a>`;
  return html`<div class="stack try">
    ${comparing
      ? html`<div class="compared">
            <${Panel} room=${room} name="input" title=${t("original")} value=${input} asked=${original}>
              <button onClick=${() => go(null, { input2: null })}>${t("backToOriginal")}</button>
            <//>
            <${Panel} room=${room} name="input2" title=${t("edited")} value=${copy} onChange=${setCopy} asked=${edited} box=${box}>
              <button onClick=${() => go(null, { input: copy, input2: null })}>${t("keepCopy")}</button>
            <//>
          </div>
          <div class="row"><${Change} room=${room} original=${original} edited=${edited} />${look}</div>`
      : html`<${Panel} room=${room} name="input" title=${words(room.input.title)} value=${input} onChange=${setInput} asked=${original} box=${box}>
          <${Sources} room=${room} run=${run.id} name="input" value=${input} onChange=${setInput} />
          <button onClick=${() => go(null, { input, input2: input })} disabled=${!input.trim()}>${t("compare")}</button>
          ${look}
        <//>`}
    ${original.influence?.kind === "parts" &&
    html`<${Influence}
      influence=${original.influence}
      edited=${comparing && edited.influence?.kind === "parts" ? edited.influence : null}
      method=${method}
      onMethod=${setMethod}
    />`}
    ${original.influence?.kind === "maps" && html`<${Maps} asked=${comparing ? [original, edited] : [original]} />`}
    ${room.adds && html`<${AddMore} key=${run.id} room=${room} run=${run} query=${place.query} onAdded=${() => setTurn(turn + 1)} />`}
    ${inTables(room) && html`<${WholeFile} room=${room} run=${run.id} />`}
    ${inFolders(room) &&
    html`<${ManyPictures}
      room=${room}
      run=${run.id}
      onChoose=${(/** @type {string} */ url) => {
        setInput(url);
        scrollTo({ top: 0 });
      }}
    />`}
  </div>`;
}

/**
 * An input with its answer beside it. Without onChange it can only be read.
 * @param {{ room: Room, name: string, title: string, value: string, onChange?: (value: string) => void, asked: Asked, box?: any, children?: any }} props
 */
const Panel = ({ room, name, title, value, onChange, asked, box, children }) =>
  html`<div class="sheet panel">
    <div class="panel-input">
      <h2 id=${`title-${name}`}>${title}</h2>
      <${Field} room=${room} name=${name} value=${value} onChange=${onChange} titled=${`title-${name}`} box=${box} invalid=${asked.error?.status === 422} />
      <div class="row">${children}</div>
    </div>
    <div class="panel-answer">
      ${asked.error
        ? html`<${Notice} kind="error">${told(asked.error)}<//>`
        : asked.answer
          ? html`<${Answer} outputs=${room.outputs} answer=${asked.answer} threshold=${asked.threshold} milliseconds=${asked.milliseconds} />`
          : value.trim()
            ? html`<p class="quiet row late"><${Spinner} /> ${t("asking")}</p>`
            : html`<p class="quiet">${t(room.input.kind === "text" ? "empty" : "emptyPicture")}</p>`}
    </div>
  </div>`;

/**
 * What came of the edit, in a line.
 * @param {{ room: Room, original: Asked, edited: Asked }} props
 */
function Change({ room, original, edited }) {
  const [before, after] = [original.answer, edited.answer];
  if (!before || !after) return null;
  const [mine, theirs] = [original, edited].map(({ influence }) => (influence?.kind === "parts" ? influence.parts : null));
  const changes = mine && theirs && difference(mine, theirs);
  return html`<p class="change grow" role="status">
    ${brief(room.outputs).map((output) => {
      const [was, is] = [before[output.name], after[output.name]];
      const [told, now] = [shortly(output, was), shortly(output, is)];
      if (output.kind === "label")
        return html`<span key=${output.name} class=${was === is ? "quiet" : "turned"}>
          ${was === is ? t("sameLabel", { label: now }) : t("otherLabel", { before: told, after: now })}
        </span>`;
      const numeric = typeof was === "number" && typeof is === "number";
      if (!numeric && told === now) return html`<span key=${output.name} class="quiet">${t("sameAnswer", { title: words(output.title), value: now })}</span>`;
      return html`<span key=${output.name}>
        ${t("changed", { title: words(output.title), before: told, after: now })}
        ${numeric && html`<b class="num">${alike(is - was, Math.abs(is - was))}</b>`}
      </span>`;
    })}
    ${changes && html`<span class="quiet">${t("wordsChanged", { removed: changes.removed.size, added: changes.added.size })}</span>`}
  </p>`;
}
