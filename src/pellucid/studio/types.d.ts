// Written by `python tools/browser_types.py` from server/studio/messages.py. Do not edit.


export type Words = { en: string; "zh-TW": string };

export type Day = 1 | 2 | 3 | 4 | 5 | "bonus";

export type State = "queued" | "training" | "done" | "interrupted" | "failed" | "died";

export interface Message {

}

/** One thing that was wrong with a request. Errors are `{"detail": [Problem, …]}` with a status of 4xx. */
export interface Problem {
  field: string;
  message: string;
  zh?: string;
  code?: string;
  limit?: any;
}

export interface Problems {
  detail: Problem[];
}

/** How far the reader got. */
export interface LessonState {
  pages: string[];
  read: string[];
}

/** How many of a room's exercises are passed. */
export interface HomeworkState {
  done: number;
  total: number;
}

export interface RoomState {
  lesson: LessonState | null;
  runs: number;
  homework: HomeworkState | null;
}

/** A system on the map of the course. */
export interface Place {
  name: string;
  day: Day;
  title: Words;
  built: boolean;
  summary: Words | null;
  state: RoomState | null;
}

export interface Course {
  version: string;
  runs: string;
  places: Place[];
}

/** What goes into a system. `kind` chooses how it is entered; `schema` is its JSON schema. */
export interface InputField {
  kind: "text" | "picture";
  name: string;
  title: Words;
  examples: any[];
  json_schema: Record<string, any>;
}

export interface OutputField {
  kind: "label" | "probability" | "distribution" | "number" | "numbers" | "sentence" | "ranking";
  name: string;
  title: Words;
  called: Record<string, Words>;
}

/** One field of a configuration. Its bounds are in `json_schema`, as JSON Schema writes them. */
export interface ConfigField {
  name: string;
  about: Words;
  default: any;
  group: Words;
  json_schema: Record<string, any>;
}

/** What a trained run takes in later. */
export interface AddsField {
  what: Words;
  read: string[];
}

/** All that its pages need to know of a built room. */
export interface Room {
  name: string;
  day: Day;
  title: Words;
  summary: Words;
  input: InputField;
  outputs: OutputField[];
  data: string[];
  fields: ConfigField[];
  codec: string | null;
  languages: string[];
  ships_nothing: Words | null;
  adds: AddsField | null;
}

/** What the bundled run really computed, small: rows of numbers for the card on the map. */
export interface Picture {
  name: string;
  rows: number[][];
  signed: boolean;
}

export interface LessonPage {
  id: string;
  title: string;
  blocks: Record<string, any>[];
}

export interface Lesson {
  room: string;
  language: string;
  title: string;
  pages: LessonPage[];
}

/** The numbers that a lesson's directives ask for, written out: key → text. */
export interface Figures {
  figures: Record<string, string>;
}

/** A page of a lesson was read. */
export interface Read {
  page: string;
}

/** One run of a room. `id` is its folder's name, or `bundled`. */
export interface RunSummary {
  room: string;
  id: string;
  bundled: boolean;
  state: State;
  started: string | null;
  config: Record<string, any>;
  changed: Record<string, any>;
  parameters: number | null;
  training: Record<string, any> | null;
  scores: Record<string, number>;
  epoch: number | null;
  place: number | null;
  stopping: boolean;
  answers: boolean;
  examples: any[] | null;
  error: string | null;
  error_zh: string;
  command: string;
}

export interface Runs {
  runs: RunSummary[];
  deleted: string[];
}

/** Fields of the configuration, as JSON or as text; those left out have their default. */
export interface NewRun {
  config: Record<string, any>;
}

/** One line of `metrics.jsonl`. kind `epoch`: an epoch is over, with its scores. kind `pulse`: inside an epoch.

It replaces those of its kind with its step or a later one: a killed run goes on from before what it had told. */
export interface Line {
  step: number;
  kind?: string;
  [more: string]: any;
}

export interface Layer {
  name: string;
  kind: string;
  shape: string;
  parameters: number;
  formula: string;
}

export interface Table {
  title: string;
  layers: Layer[];
  total: number;
}

export interface Summary {
  tables: Table[];
}

/** Where TensorBoard answers. */
export interface Board {
  url: string;
}

/** One raw input, of the type that the room's card says. */
export interface Input {
  input: any;
}

export interface LookRequest {
  input: any;
  backward?: boolean;
}

export interface CheckedNode {
  status: "checked" | "failed" | "unchecked";
  relative: number | null;
  message: string;
}

/** What came of recomputing a trace. `nodes` holds only those that are not plainly right, by name. */
export interface Check {
  total: number;
  checked: number;
  largest: number;
  relative: (number | null)[];
  nodes: Record<string, CheckedNode>;
}

/** A trace of one input, ready to be read by ranges of bytes. */
export interface Looked {
  url: string;
  bytes: number;
  check: Check;
  answer: Record<string, any>;
  milliseconds: number;
}

export interface Inputs {
  inputs: any[];
}

export interface Answers {
  answers: Record<string, any>[];
  threshold?: number | null;
}

/** How much each part of an input (a word) speaks for the answer. All lists are as long as `parts`. */
export interface Influence {
  kind?: "parts";
  parts: string[];
  known: boolean[];
  score: number;
  score_name: Words;
  occlusion: number[];
  gradient: number[];
  gradient_of: Words;
}

/** One map of a picture: a number for each of its pixels. */
export interface HeatMap {
  name: string;
  title: Words;
  about: Words;
  values: number[][];
  signed: boolean;
}

/** What each pixel of a picture has to do with the answer. */
export interface Maps {
  kind?: "maps";
  height: number;
  width: number;
  score: number;
  score_name: Words;
  maps: HeatMap[];
  picture?: string;
}

/** One place of the data that a channel of the network responds to strongly. */
export interface Patch {
  picture: string;
  name: string;
  target: string;
  row: number;
  column: number;
  height: number;
  width: number;
  value: number;
}

/** None: this node has no channels that see a part of a picture. */
export interface Patches {
  patches: Patch[] | null;
}

/** One example of a run's data. */
export interface Sample {
  place: number;
  input: any;
  target: string;
  answer: string | null;
}

/** A page of the data of a run. */
export interface Samples {
  total: number;
  targets: string[];
  samples: Sample[];
}

/** What came of adding to a run. */
export interface Added {
  count: number;
  total: number;
  skipped: string;
  skipped_zh: string;
  advice: Words | null;
}

export interface Evaluation {
  split: string;
  scores: Record<string, any>;
  labels: string[];
}

/** A target that can be exported to, and whether what it takes is installed. */
export interface Runtime {
  name: "onnx" | "litert" | "litert-dynamic" | "litert-static";
  title: string;
  available: boolean;
  why_not: string;
}

/** A bundle of a run, or one that is being made. */
export interface Export {
  name: string;
  state: "working" | "done" | "failed" | "outdated";
  log: string[];
  bytes: number | null;
  files: string[];
  info: Record<string, any> | null;
  parity: string | null;
  folder: string;
  snippets: Record<string, string>;
}

export interface Exports {
  runtimes: Runtime[];
  exports: Export[];
}

export interface NewExport {
  name: "onnx" | "litert" | "litert-dynamic" | "litert-static";
}
