// @ts-check
// Many pictures: chosen or dropped, made small here, answered on the server, a table of answers to take away.
import { html, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { post } from "#studio/ui/http.js";
import { Notice, ProgressBar } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { count, listed, translator, words } from "#studio/ui/text.js";
import { fromFile, NoPicture } from "#studio/input/pixels.js";
import { pathOf } from "#studio/try/ask.js";
import { chosen, dropped, sorted } from "#studio/try/gathered.js";
import { brief, shortly } from "#studio/try/outputs.js";
import { TEXT } from "#studio/try/text.js";
import { counted, csv, jsonLines } from "#studio/try/written.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/try/gathered.js").Named} Named */
/** @typedef {{ name: string, url: string, answer: Record<string, any> | null }} Row url: the picture as it was asked, empty where it cannot be read */

const t = translator(TEXT);
const AT_ONCE = 16; // pictures of one request, which may have a million bytes
const MOST = 5_000;
const PAGE = 100; // rows that the table grows by

/** @param {{ room: Room, run: string, onChoose: (url: string) => void }} props onChoose: a picture is to be looked at alone */
export function ManyPictures({ room, run, onChoose }) {
  const { answer, cancel, rows, working, notes, error } = useAnswered(room, run);
  const [over, setOver] = useState(false);
  const done = rows.length > 0 && !working;
  return html`<section class="sheet stack whole-file">
    <div class="intro"><h2>${t("folder")}</h2><p class="quiet">${t("aboutFolder")}</p></div>
    <div
      class=${over ? "drop over" : "drop"}
      onDragOver=${(/** @type {DragEvent} */ event) => (event.preventDefault(), setOver(true))}
      onDragLeave=${() => setOver(false)}
      onDrop=${async (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        setOver(false);
        answer(await dropped(event.dataTransfer));
      }}
    >
      <${Chooser} title=${t("chooseFiles")} onFiles=${answer} />
      <${Chooser} title=${t("chooseFolder")} folder=${true} onFiles=${answer} />
      <span class="quiet">${t("dropMany")}</span>
    </div>
    ${error && html`<${Notice} kind="error">${error}<//>`}
    ${notes.map((note) => html`<${Notice} key=${note} kind="info">${note}<//>`)}
    ${working &&
    html`<div class="row">
      <div class="grow"><${ProgressBar} value=${working.done / working.of} label=${t("answeringMany", { done: count(working.done), of: count(working.of) })} /></div>
      <span class="num fine">${count(working.done)} / ${count(working.of)}</span>
      <button onClick=${cancel}>${t("cancel")}</button>
    </div>`}
    ${done && html`<${Told} room=${room} rows=${rows} />`}
    ${rows.length > 0 && html`<${Table} room=${room} rows=${rows} onChoose=${onChoose} />`}
  </section>`;
}

/** A button that asks for files, or for a folder. @param {{ title: string, folder?: boolean, onFiles: (files: Named[]) => void }} props */
function Chooser({ title, folder = false, onFiles }) {
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));
  return html`<input
      ref=${chooser}
      type="file"
      hidden
      multiple
      webkitdirectory=${folder}
      accept=${folder ? undefined : "image/*"}
      onChange=${(/** @type {any} */ { currentTarget: input }) => {
        onFiles(chosen(input.files));
        input.value = "";
      }}
    />
    <button onClick=${() => chooser.current?.click()}>${title}</button>`;
}

/** What came out, in a line, and the files to take away. @param {{ room: Room, rows: Row[] }} props */
function Told({ room, rows }) {
  const label = room.outputs.find(({ kind }) => kind === "label");
  const answered = rows.filter(({ answer }) => answer).length;
  return html`<div class="row" role="status">
      <b class="ok">${t("picturesAnswered", { n: count(answered) })}</b>
      <span class="quiet grow frequencies">${label && listed(counted(rows, label.name).map(([name, n]) => t("times", { name, n: count(n) })))}</span>
      <${Download} name="answers.csv" kind="text/csv;charset=utf-8" content=${() => csv(rows, room.outputs)} />
      <${Download} name="answers.jsonl" kind="application/x-ndjson" content=${() => jsonLines(rows)} />
    </div>`;
}

/** @param {{ name: string, kind: string, content: () => string }} props */
function Download({ name, kind, content }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([content()], { type: kind }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, []);
  return html`<a class="button" href=${url} download=${name}>${t("download", { name })}</a>`;
}

/** @param {{ room: Room, rows: Row[], onChoose: (url: string) => void }} props */
function Table({ room, rows, onChoose }) {
  const [most, setMost] = useState(PAGE);
  const outputs = brief(room.outputs);
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label=${t("answers")}>
      <table class="data folder-answers">
        <thead>
          <tr><th scope="col">${t("picture")}</th><th scope="col">${t("name")}</th>${outputs.map((output) => html`<th key=${output.name} scope="col" class=${numeric(output) ? "num" : ""}>${words(output.title)}</th>`)}</tr>
        </thead>
        <tbody>
          ${rows.slice(0, most).map(
            ({ name, url, answer }, i) => html`<tr key=${i}>
              <td>${url && html`<button class="thumbnail" title=${t("tryAlone", { name })} onClick=${() => onChoose(url)}><img class="pixels" src=${url} alt=${t("tryAlone", { name })} loading="lazy" /></button>`}</td>
              <th scope="row" class="name">${name}</th>
              ${answer
                ? outputs.map((output) => html`<td key=${output.name} class=${numeric(output) ? "num" : ""}>${shortly(output, answer[output.name])}</td>`)
                : html`<td class="quiet" colspan=${outputs.length}>${t("unreadable")}</td>`}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${rows.length > most && html`<div class="row"><button onClick=${() => setMost(most + PAGE)}>${t("moreRows", { n: count(Math.min(PAGE, rows.length - most)) })}</button><span class="fine">${t("rowsShown", { n: count(most), of: count(rows.length) })}</span></div>`}`;
}

/** @param {{ kind: string }} output */
const numeric = ({ kind }) => kind === "number" || kind === "probability";

/** @param {Room} room @param {string} run */
function useAnswered(room, run) {
  const [rows, setRows] = useState(/** @type {Row[]} */ ([]));
  const [working, setWorking] = useState(/** @type {{ done: number, of: number } | null} */ (null));
  const [notes, setNotes] = useState(/** @type {string[]} */ ([]));
  const [error, setError] = useState("");
  const control = useRef(/** @type {AbortController | null} */ (null));
  const cancel = () => {
    control.current?.abort();
    setWorking(null);
  };
  useEffect(() => {
    setRows([]), setNotes([]), setError("");
    return cancel;
  }, [room.name, run]);
  const side = room.input.json_schema.side ?? 96;
  /** @param {Named[]} files */
  async function answer(files) {
    cancel();
    const { pictures, others } = sorted(files);
    const taken = pictures.slice(0, MOST);
    setRows([]);
    setError(taken.length || !files.length ? "" : t("noPictures"));
    setNotes([others > 0 && t("others", { n: count(others) }), pictures.length > MOST && t("tooMany", { n: count(MOST), of: count(pictures.length) })].filter((note) => typeof note === "string"));
    if (!taken.length) return;
    const { signal } = (control.current = new AbortController());
    try {
      /** @type {Row[]} */
      let all = [];
      setWorking({ done: 0, of: taken.length });
      for (let first = 0; first < taken.length && !signal.aborted; first += AT_ONCE) {
        const some = await Promise.all(taken.slice(first, first + AT_ONCE).map(({ name, file }) => small(name, file, side)));
        const readable = some.filter(({ url }) => url);
        const { answers } = readable.length ? await post(`${pathOf(room.name, run)}/predict`, { inputs: readable.map(({ url }) => url) }, signal) : { answers: [] };
        if (signal.aborted) return;
        readable.forEach((row, i) => (row.answer = answers[i]));
        all = [...all, ...some];
        setRows(all);
        setWorking({ done: all.length, of: taken.length });
      }
    } catch (problem) {
      if (!signal.aborted) setError(told(problem));
    } finally {
      if (!signal.aborted) setWorking(null);
    }
  }
  return { answer, cancel, rows, working, notes, error };
}

/** @param {string} name @param {File} file @param {number} side @returns {Promise<Row>} */
async function small(name, file, side) {
  try {
    return { name, url: await fromFile(file, side), answer: null };
  } catch (problem) {
    if (!(problem instanceof NoPicture)) throw problem;
    return { name, url: "", answer: null };
  }
}
