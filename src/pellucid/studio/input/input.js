// @ts-check
// What goes into a system, entered by its kind: the one place that knows the kinds.
import { html } from "#studio/ui/dom.js";
import { FromTestSet } from "#studio/input/gallery.js";
import { PictureField, PictureLine, PictureShown, PictureSources } from "#studio/input/picture.js";
import { TextField, TextLine, TextShown, TextSources } from "#studio/input/line.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/**
 * @typedef {object} Entry one input of a room, and how it is changed
 * @property {Room} room
 * @property {string | undefined} run whose data there is to choose from
 * @property {string} name of the query of the URL that has it: "input", "input2"
 * @property {string} value
 * @property {((value: string) => void) | undefined} [onChange] without it, it can only be read
 * @property {string} [titled] id of the element that names it
 * @property {string} [label] its name, where there is no such element
 * @property {any} [box] a ref to what has the focus
 * @property {boolean} [invalid]
 * @property {boolean} [busy]
 * @property {number} [rows] of text, at least
 * @property {any} [Shown] a component: a value of this kind, small, only to be seen
 */

const KINDS = {
  text: { Field: TextField, Line: TextLine, Sources: TextSources, Shown: TextShown },
  picture: { Field: PictureField, Line: PictureLine, Sources: PictureSources, Shown: PictureShown },
};

/** @param {Room} room */
const kind = (room) => KINDS[room.input.kind];

/** The whole of it, with room to work in. @param {Entry} entry */
export const Field = (entry) => html`<${kind(entry.room).Field} ...${entry} />`;

/** The same in one line. @param {Entry} entry */
export const Line = (entry) => html`<${kind(entry.room).Line} ...${entry} />`;

/** A button that opens the run's own data. @param {Entry} entry */
export const FromData = (entry) => html`<${FromTestSet} ...${entry} Shown=${kind(entry.room).Shown} />`;

/** Buttons: where else an input can be had from. @param {Entry & { inLine?: boolean }} entry inLine: there is a `Line` and no `Field` */
export const Sources = (entry) => html`<${kind(entry.room).Sources} ...${entry} Shown=${kind(entry.room).Shown} />`;

/** @param {Room} room @returns {boolean} whether an input can be a cell of a table, so that a file holds many */
export const inTables = (room) => room.input.kind === "text";

/** @param {Room} room @returns {boolean} whether an input is a file of its own, so that a folder holds many */
export const inFolders = (room) => room.input.kind === "picture";

/** @param {Room} room @param {string} value @returns {string} the value where it can be a title; else nothing */
export const asTitle = (room, value) => (room.input.kind === "text" ? value : "");
