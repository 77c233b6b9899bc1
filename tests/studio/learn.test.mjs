// The lesson, the map, the finder and the list of keys, without a browser: what is shown, where links lead, what is found.
import assert from "node:assert/strict";
import test from "node:test";
import { text, typeset, WAITING, written } from "../../src/pellucid/studio/learn/figures.js";
import { leaving, marked, move, needs } from "../../src/pellucid/studio/learn/moves.js";
import { actions, formulas, plain } from "../../src/pellucid/studio/learn/nodes.js";
import { languageOf, open, reader, READ_AFTER } from "../../src/pellucid/studio/learn/pages.js";
import { TEXT as LEARN } from "../../src/pellucid/studio/learn/text.js";
import { beside, byDay, standing } from "../../src/pellucid/studio/map/course.js";
import { TEXT as MAP } from "../../src/pellucid/studio/map/text.js";
import { AT_MOST, pageEntries, rank, runEntry, systemEntry } from "../../src/pellucid/studio/room/finder.rank.js";
import { TEXT as FINDER } from "../../src/pellucid/studio/room/finder.text.js";
import { caps, groups } from "../../src/pellucid/studio/room/help.keys.js";
import { TEXT as HELP } from "../../src/pellucid/studio/room/help.text.js";

const act = (does, target, query = {}) => ({ type: "action", does, target, query, of: [{ type: "text", text: does }] });
const say = (text) => ({ type: "text", text });

// figures

const FORMATTED = [ // by Python's format()
  [390, ",", "390"],
  [1505664, ",", "1,505,664"],
  [1234.5, ",", "1,234.5"],
  [-1234, ",", "-1,234"],
  [999, ",", "999"],
  [1000, ",", "1,000"],
  [0.8222, ".3f", "0.822"],
  [-0.0004, ".3f", "-0.000"],
  [1.005, ".2f", "1.00"],
  [0.125, ".2f", "0.12"],
  [0.375, ".2f", "0.38"],
  [2.5, ".0f", "2"],
  [3.5, ".0f", "4"],
  [-2.5, ".0f", "-2"],
  [1234567.891, ",.1f", "1,234,567.9"],
  [0.5, "+.3f", "+0.500"],
  [-0.5, "+.3f", "-0.500"],
  [0.9571, ".1%", "95.7%"],
  [0.0625, ".1%", "6.2%"],
  [5e-06, ".1%", "0.0%"],
  [6e-08, ".1e", "6.0e-08"],
  [123456, ".2e", "1.23e+05"],
  [1e+100, ".1e", "1.0e+100"],
  [12, "", "12"],
  [1505664, "", "1505664"],
  [0.1, "", "0.1"],
  [0.3333333333333333, "", "0.333333"],
  [1e-05, "", "1e-05"],
  [0.0001234567, "", "0.000123457"],
  [123456.7, "", "123457"],
  [1234567.8, "", "1.23457e+06"],
];

test("numbers are written as Python writes them", () => {
  for (const [value, format, wanted] of FORMATTED) assert.equal(written(value, format), wanted, `${value} ${format}`);
});

test("a number is set with a real minus sign and a short exponent; other text stays", () => {
  assert.equal(typeset("-0.276"), "−0.276");
  assert.equal(typeset("6.0e-08"), "6.0e−8");
  assert.equal(typeset("1.2e+12"), "1.2e12");
  assert.equal(typeset("-1,234"), "−1,234");
  assert.equal(typeset("spam-detector"), "spam-detector");
});

test("each figure comes from its own source, and waits for it", () => {
  const figure = (source, ask, format = "", more = "") => ({ type: "figure", source, ask, format, key: `${source}:${ask}|${format}${more}` });
  const sources = {
    figures: { "expected:f1|.3f": "0.957", "trace:f[5,3]|.3f · hi": "-0.822" },
    run: { training: { seconds: 12.345 }, id: "a-b" },
  };
  assert.equal(text(figure("expected", "f1", ".3f"), sources), "0.957");
  assert.equal(text(figure("expected", "f1", ".3f"), { ...sources, figures: null }), WAITING);
  assert.equal(text(figure("trace", "f[5,3]", ".3f", " · hi"), sources), "−0.822");
  assert.equal(text(figure("trace", "f[5,3]", ".3f", " · hello"), sources), WAITING); // another input, another number
  assert.equal(text(figure("run", "training.seconds", ".1f"), sources), "12.3");
  assert.equal(text(figure("run", "id"), sources), "a-b");
  assert.equal(text(figure("run", "training.seconds", ".1f"), { ...sources, run: null }), WAITING);
  assert.equal(text(figure("run", "training.seconds", ".1f"), { ...sources, run: { training: null } }), WAITING);
});

// where links lead

test("a look opens a node and takes away what was marked before; the tab stays where the picture is", () => {
  const nothing = { cell: null, step: null, show: null };
  const first = act("look", "lstm.forget", { cell: "5,3" });
  assert.deepEqual(move(first, "r", "learn", "p"), { path: null, changes: { ...nothing, node: "lstm.forget", cell: "5,3" } });
  assert.equal(move(first, "r", "look", "p").path, null);
  assert.equal(move(first, "r", "train", "p").path, "/r/learn");
  const all = act("look", "h", { run: "bundled", input: "a&b", show: "gradient", step: "2" });
  const changes = { node: "h", cell: null, step: "2", show: "gradient", run: "bundled", input: "a&b" };
  assert.deepEqual(move(all, "r", "learn", "p").changes, changes);
});

test("the other links", () => {
  assert.deepEqual(move(act("input", "free prize"), "r", "learn", "p"), { path: null, changes: { input: "free prize" } });
  assert.deepEqual(move(act("page", "gru"), "r", "look", "p"), { path: null, changes: { page: "gru" } });
  assert.deepEqual(move(act("tab", "ship"), "r", "learn", "p"), { path: "/r/ship", changes: { page: "p" } });
  assert.deepEqual(move(act("try", "hi"), "r", "learn", "p"), { path: "/r/try", changes: { page: "p", input: "hi" } });
  assert.deepEqual(move(act("try", ""), "r", "learn", "p"), { path: "/r/try", changes: { page: "p" } });
});

test("a link needs the tab that it opens", () => {
  const wanted = { look: null, input: null, page: null, train: "train", try: "try" };
  for (const [does, tab] of Object.entries(wanted)) assert.equal(needs(act(does, "x")), tab, does);
  assert.equal(needs(act("tab", "ship")), "ship");
});

test("the link that made the picture is marked, and of two the one that says more", () => {
  const node = act("look", "f");
  const cell = act("look", "f", { cell: "5,3" });
  const other = act("look", "g");
  const input = act("input", "hi");
  const all = [node, cell, other, input, act("page", "p"), act("tab", "ship"), act("train", "", { epochs: "5" })];
  assert.deepEqual(marked(all, {}), []);
  assert.deepEqual(marked(all, { node: "f" }), [node]);
  assert.deepEqual(marked(all, { node: "f", cell: "0,0" }), [node]);
  assert.deepEqual(marked(all, { node: "f", cell: "5,3", input: "hi" }), [cell, input]);
  assert.deepEqual(marked(all, { node: "f", cell: "5,3", input: "hello" }), [cell]);
});

test("leaving a page takes away the picture that it opened", () => {
  const page = [act("look", "f", { cell: "5,3" }), act("input", "hi")];
  const gone = { node: null, cell: null };
  assert.deepEqual(leaving(page, { node: "f", cell: "5,3", input: "own", lang: "en" }), gone);
  assert.deepEqual(leaving([act("look", "f")], { node: "f", cell: "1,1" }), gone); // the reader's cell goes with its node
  assert.deepEqual(leaving([act("look", "f", { show: "gradient" })], { node: "f", show: "gradient", step: "2" }), {
    node: null, step: null, show: null,
  });
});

test("leaving a page takes away the input that it set", () => {
  const page = [act("look", "f", { input: "one" }), act("input", "two"), act("try", "three"), act("tab", "ship")];
  for (const input of ["one", "two", "three"]) assert.deepEqual(leaving(page, { input, run: "bundled" }), { input: null }, input);
  assert.deepEqual(leaving(page, { node: "f", input: "one" }), { node: null, input: null });
  assert.deepEqual(leaving(page, { input: "ship" }), {});
  assert.deepEqual(leaving(page, {}), {});
});

test("leaving a page keeps what the reader has changed since", () => {
  const page = [act("look", "f", { cell: "5,3" })];
  assert.deepEqual(leaving(page, { node: "f", cell: "2,2" }), {});
  assert.deepEqual(leaving(page, { node: "g", cell: "5,3" }), {});
  assert.deepEqual(leaving(page, { input: "hi" }), {});
  assert.deepEqual(leaving([], { node: "f" }), {});
});

// pages

test("pages: the first by default, neighbours, none beyond the ends", () => {
  const pages = ["a", "b", "c"].map((id) => ({ id, title: id, blocks: [] }));
  const ids = (id) => {
    const found = open(pages, id);
    return [found.at, found.page.id, found.previous?.id, found.next?.id];
  };
  assert.deepEqual(ids(undefined), [0, "a", undefined, "b"]);
  assert.deepEqual(ids("gone"), [0, "a", undefined, "b"]);
  assert.deepEqual(ids("b"), [1, "b", "a", "c"]);
  assert.deepEqual(ids("c"), [2, "c", "b", undefined]);
});

test("a lesson is shown in the language asked for, else in the one that there is", () => {
  assert.equal(languageOf(["en", "zh-TW"], "zh-TW"), "zh-TW");
  assert.equal(languageOf(["en"], "zh-TW"), "en");
  assert.equal(languageOf([], "en"), null);
});

test("a page is read after some seconds in which it was seen, once", () => {
  let [seen, done] = [false, 0];
  const second = reader(() => seen, () => done++);
  for (let i = 0; i < 2 * READ_AFTER; i++) second();
  assert.equal(done, 0);
  seen = true;
  for (let i = 0; i < READ_AFTER - 1; i++) second();
  assert.equal(done, 0);
  for (let i = 0; i < 2 * READ_AFTER; i++) second();
  assert.equal(done, 1);
});

// the tree

const TREE = [
  { type: "paragraph", of: [say("Open the "), act("look", "f"), say(" of "), { type: "math", tex: "h_t" }] },
  { type: "list", ordered: false, start: 1, items: [[{ type: "paragraph", of: [{ type: "strong", of: [say("one")] }] }]] },
  { type: "table", align: [null], head: [[say("head")]], rows: [[[act("input", "hi")]]] },
  { type: "exercise", id: "e", number: 1, does: "look", title: [say("Longest")], of: [{ type: "hint", of: [] }] },
];

test("actions are found wherever they stand; text is read in order", () => {
  assert.deepEqual(actions(TREE).map((each) => each.target), ["f", "hi"]);
  assert.equal(plain(TREE), "Open the look of … one headinput Longest");
});

test("formulas stand side by side only where each is whole", () => {
  assert.deepEqual(formulas("a = 1 \\qquad b = 2"), ["a = 1", "b = 2"]);
  assert.deepEqual(formulas("{a \\qquad b}"), ["{a \\qquad b}"]);
  assert.deepEqual(formulas("\\begin{aligned} a \\end{aligned} \\qquad b"), ["\\begin{aligned} a \\end{aligned} \\qquad b"]);
});

// the map

const PLACE = {
  name: "spam_detector", day: 4, built: true, title: { en: "Spam detector", "zh-TW": "垃圾簡訊偵測器" },
  summary: { en: "How a network remembers", "zh-TW": "網路如何記憶" }, state: null,
};
const LATER = { ...PLACE, name: "translator", built: false, title: { en: "Translator", "zh-TW": "機器翻譯" }, summary: null };

test("the map has all six columns, with every place in its own", () => {
  const days = byDay([PLACE, LATER, { ...LATER, day: "bonus" }]);
  assert.deepEqual(days.map(({ day, places }) => [day, places.length]), [[1, 0], [2, 0], [3, 0], [4, 2], [5, 0], ["bonus", 1]]);
});

test("a card says how far its lesson, runs and homework are", () => {
  const keys = (state) => standing(state).map(({ on, key }) => `${key} ${on}`);
  assert.deepEqual(keys(null), ["lessonNone none", "runsNone none", "homeworkNone none"]);
  assert.deepEqual(keys({ lesson: { pages: ["a", "b"], read: [] }, runs: 1, homework: null }).slice(0, 2), ["lessonSome none", "runsOne some"]);
  assert.deepEqual(keys({ lesson: { pages: ["a", "b"], read: ["b", "a"] }, runs: 4, homework: null }).slice(0, 2), ["lessonAll all", "runsSome some"]);
  const [lesson] = standing({ lesson: { pages: ["a", "b"], read: ["b", "gone"] }, runs: 0, homework: null });
  assert.deepEqual(lesson, { on: "some", key: "lessonSome", values: { read: 1, pages: 2 } });
});

test("arrow keys go to the card that lies next to it", () => {
  const box = (left, top) => ({ left, top, width: 10, height: 10 });
  const boxes = [box(0, 0), box(0, 20), box(20, 0), box(40, 30), box(0, 50)];
  assert.equal(beside(boxes, 0, "ArrowDown"), 1);
  assert.equal(beside(boxes, 1, "ArrowDown"), 4);
  assert.equal(beside(boxes, 0, "ArrowRight"), 2);
  assert.equal(beside(boxes, 2, "ArrowRight"), 3);
  assert.equal(beside(boxes, 3, "ArrowUp"), -1); // nothing in its column
  assert.equal(beside(boxes, 0, "ArrowLeft"), -1);
});

// the finder

const words = (both) => both?.en ?? "";
const page = (id, title, body) => ({ id, title, blocks: [{ type: "paragraph", of: [say(body)] }] });
const LESSON = { language: "en", pages: [page("rnn", "The plain cell", "It forgets soon."), page("lstm", "LSTM", `${"w ".repeat(40)}the forget gate ${"w ".repeat(60)}`)] };
const ZH = { language: "zh-TW", pages: [page("rnn", "最簡單的單元", "很快就忘了"), page("lstm", "LSTM", "遺忘閘")] };
const RUN = { id: "20261121-calm-heron", config: { cell: "gru" }, answers: true };
const ENTRIES = [
  systemEntry(LATER, words, "not built yet"),
  systemEntry(PLACE, words, "not built yet"),
  ...pageEntries(PLACE, LESSON, [ZH], words),
  runEntry(PLACE, RUN, "heron", "gru", words),
];
const titles = (asked, room = "") => rank(ENTRIES, asked, room).map((each) => each.title);

test("titles before what is written in a page; every word must occur", () => {
  assert.deepEqual(titles("lstm"), ["LSTM"]);
  assert.deepEqual(titles("forget"), ["The plain cell", "LSTM"]);
  assert.deepEqual(titles("forget gate"), ["LSTM"]);
  assert.deepEqual(titles("forget nowhere"), []);
  assert.deepEqual(titles("CELL"), ["The plain cell", "heron"]); // "cell=gru" of the run's configuration
  assert.deepEqual(titles("heron gru"), ["heron"]);
});

test("the other language finds the same things", () => {
  assert.deepEqual(titles("垃圾"), ["Spam detector"]);
  assert.deepEqual(titles("遺忘閘"), ["LSTM"]);
});

test("what is not built comes last and leads to the map", () => {
  assert.deepEqual(titles("tran"), ["Translator"]);
  assert.equal(titles("").at(-1), "Translator");
  assert.equal(rank(ENTRIES, "translator", "")[0].path, "/");
});

test("a page found by its text shows the words around", () => {
  const [found] = rank(ENTRIES, "forget gate", "");
  assert.match(found.snippet, /^….*the forget gate.*…$/);
  assert.ok(found.snippet.length < 110);
  assert.deepEqual([found.path, found.changes], ["/spam_detector/learn", { page: "lstm" }]);
  assert.equal(rank(ENTRIES, "lstm", "")[0].snippet, "");
});

test("a run that answers is looked into, another one is watched; the list is short", () => {
  assert.deepEqual(runEntry(PLACE, RUN, "", "", words).changes, { run: RUN.id, node: null, cell: null });
  const { path, changes } = runEntry(PLACE, { ...RUN, answers: false }, "", "", words);
  assert.deepEqual([path, changes], ["/spam_detector/train", { watch: RUN.id }]);
  assert.equal(rank(Array(50).fill(ENTRIES[1]), "spam", "").length, AT_MOST);
});

// keys

test("keys that do the same stand on one line; a newer part takes keys over", () => {
  const f = () => {};
  const found = groups([
    { title: "Everywhere", keys: { "?": ["Help", f], "[": ["Lost", f] } },
    { title: "Lesson", keys: { "[": ["Back", f], "Shift+ArrowLeft": ["Back", f], "]": ["On", f] } },
  ]);
  assert.deepEqual(found, [
    { title: "Lesson", rows: [{ keys: ["[", "Shift+ArrowLeft"], does: "Back" }, { keys: ["]"], does: "On" }] },
    { title: "Everywhere", rows: [{ keys: ["?"], does: "Help" }] },
  ]);
});

test("what stands on the keys", () => {
  assert.deepEqual(caps("Shift+ArrowLeft", "Space"), ["Shift", "←"]);
  assert.deepEqual(caps("g", "Space"), ["G"]);
  assert.deepEqual(caps("N", "Space"), ["Shift", "N"]);
  assert.deepEqual(caps(" ", "空白鍵"), ["空白鍵"]);
  assert.deepEqual(caps("+", "Space"), ["+"]);
  assert.deepEqual(caps("Enter", "Space"), ["Enter"]);
});

// sentences

test("every sentence is there in both languages, with the same gaps to fill", () => {
  const gaps = (/** @type {string} */ sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
  for (const [name, table] of Object.entries({ LEARN, MAP, FINDER, HELP }))
    for (const [key, both] of Object.entries(table)) {
      assert.ok(both.en.trim() && both["zh-TW"].trim(), `${name}.${key}`);
      assert.deepEqual(gaps(both["zh-TW"]), gaps(both.en), `${name}.${key}`);
    }
});
