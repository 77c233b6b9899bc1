// The pure parts of the Train page: what may be written into the form, the command line, curves and time left.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asText, changed, command, config, fault, faults, pack, rule, stepped, unpack, valueOf, writtenFrom,
} from "../../src/pellucid/studio/train/fields.js";
import { align, curve, differences, groups, Lines, names, progress, sorted, timeLeft, unitOf } from "../../src/pellucid/studio/train/series.js";
import { TEXT } from "../../src/pellucid/studio/train/text.js";

const why = (schema, text) => fault(rule(schema), text);
const field = (name, standard, schema) => ({ name, about: { en: "", "zh-TW": "" }, default: standard, group: { en: "Model", "zh-TW": "模型" }, json_schema: schema });

const FIELDS = [
  field("cell", "lstm", { type: "string", enum: ["rnn", "lstm", "gru"] }),
  field("hidden", 15, { type: "integer", minimum: 1, maximum: 4096 }),
  field("dropout", 0.5, { type: "number", minimum: 0, exclusiveMaximum: 1 }),
  field("learning_rate", 0.01, { type: "number", exclusiveMinimum: 0, maximum: 10 }),
  field("quoting", true, { type: "boolean" }),
  field("bidirectional", false, { type: "boolean" }),
  field("positive_label", "", { type: "string" }),
];

test("every kind of bound is told apart, at its edge, with the code and the limit that pydantic uses", () => {
  const integer = { type: "integer", minimum: 1, maximum: 4096 };
  assert.deepEqual(why(integer, "0"), { code: "greater_than_equal", limit: 1 });
  assert.equal(why(integer, "1"), null);
  assert.equal(why(integer, "4096"), null);
  assert.deepEqual(why(integer, "4097"), { code: "less_than_equal", limit: 4096 });
  const open = { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 };
  assert.deepEqual(why(open, "0"), { code: "greater_than", limit: 0 });
  assert.deepEqual(why(open, "-0"), { code: "greater_than", limit: 0 });
  assert.deepEqual(why(open, "1"), { code: "less_than", limit: 1 });
  assert.equal(why(open, "1e-9"), null);
  assert.deepEqual(why({ type: "integer", multipleOf: 8 }, "12"), { code: "multiple_of", limit: 8 });
  assert.equal(why({ type: "number", multipleOf: 0.1 }, "0.3"), null);
  assert.deepEqual(why({ type: "string", minLength: 2 }, "界"), { code: "string_too_short", limit: 2 });
  assert.equal(why({ type: "string", maxLength: 1 }, "😀"), null); // one character, as Python counts
  assert.deepEqual(why({ type: "string", maxLength: 1 }, "ab"), { code: "string_too_long", limit: 1 });
  const device = "^(auto|cpu|mps|cuda(:\\d+)?)$";
  assert.deepEqual(why({ type: "string", pattern: device }, "tpu"), { code: "string_pattern_mismatch", limit: device });
  assert.equal(why({ type: "string", pattern: device }, "cuda:1"), null);
  assert.equal(why({ type: "string", pattern: "(?P<python>x)" }, "y"), null); // only the server can tell
  assert.deepEqual(why(FIELDS[0].json_schema, "gur"), { code: "literal_error", limit: "rnn, lstm, gru" });
  assert.deepEqual(why({ type: "boolean" }, "maybe"), { code: "bool_parsing" });
});

test("what is no number is told apart from what is no whole number", () => {
  const integer = { type: "integer" };
  const number = { type: "number" };
  for (const text of ["x", "1,000", "0x10", "1e", "--1"]) assert.equal(why(integer, text)?.code, "int_parsing", text);
  assert.equal(why(integer, "2.5")?.code, "int_from_float");
  assert.equal(why(integer, "1e3")?.code, "int_from_float"); // Python's int refuses it too
  assert.equal(why(integer, " +3 "), null);
  for (const text of ["Infinity", "nan", "1e5e5"]) assert.equal(why(number, text)?.code, "float_parsing", text);
  assert.equal(why(number, "1e999")?.code, "finite_number");
  for (const text of ["1e-3", ".5", "5.", "-2"]) assert.equal(why(number, text), null, text);
});

test("nothing written stands for the default and is never wrong", () => {
  for (const { json_schema } of FIELDS) assert.equal(why(json_schema, "  "), null);
});

test("a field that may be null is judged by what else it may be", () => {
  const rules = rule({ anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] });
  assert.equal(rules.kind, "integer");
  assert.deepEqual(fault(rules, "0"), { code: "greater_than_equal", limit: 1 });
  assert.equal(asText(null), "");
});

test("only what is changed is sent, with the types of the schema", () => {
  const written = { cell: "gru", hidden: "15.", dropout: "0.50", learning_rate: " 1e-3", quoting: "false", bidirectional: "false" };
  assert.deepEqual(faults(FIELDS, written), { hidden: { code: "int_from_float" } });
  delete written.hidden;
  assert.deepEqual(config(FIELDS, written), { cell: "gru", learning_rate: 0.001, quoting: false });
  assert.equal(changed(FIELDS[2], "0.50"), false);
  assert.equal(changed(FIELDS[1], "x"), true); // wrong, so it is not the default
  assert.equal(valueOf(rule({ enum: [1, 2] }), "2"), 2);
});

test("the command line is the one that the run will record", () => {
  const written = { bidirectional: "true", quoting: "false", hidden: "30", positive_label: "it's spam", learning_rate: "0.01" };
  assert.equal(
    command("spam_detector", FIELDS, written),
    `pellucid train spam_detector --hidden 30 --no-quoting --bidirectional --positive-label 'it'"'"'s spam'`,
  );
  assert.equal(command("spam_detector", FIELDS, {}), "pellucid train spam_detector");
  assert.match(command("r", FIELDS, { positive_label: "$(rm)" }), /'\$\(rm\)'$/);
  assert.match(command("r", FIELDS, { positive_label: "垃圾" }), /'垃圾'$/); // as Python's shlex does
});

test("the form and the URL hold the same", () => {
  const written = { cell: "gru", positive_label: "a&b=c", hidden: "15" };
  assert.deepEqual(unpack(pack(FIELDS, written) ?? ""), { cell: "gru", positive_label: "a&b=c" });
  assert.equal(pack(FIELDS, { hidden: "15" }), null);
  assert.deepEqual(unpack(undefined), {});
  assert.deepEqual(writtenFrom({ hidden: 30, quoting: false }), { hidden: "30", quoting: "false" });
});

test("an arrow key goes one step on from what is written or from the default, and never out of bounds", () => {
  const [, hidden, dropout, rate] = FIELDS;
  assert.equal(stepped(hidden, "", 1), "16");
  assert.equal(stepped(hidden, "1", -1), "1");
  assert.equal(stepped(dropout, "0.7", 1), "0.75");
  assert.equal(stepped(dropout, "0.95", 1), "0.95");
  assert.equal(stepped(rate, "0.03", -1), "0.02");
  assert.equal(stepped(rate, "0.01", -1), "0.01");
  assert.equal(stepped(hidden, "many", 1), "many");
});

const epoch = (n, more = {}) => ({ step: 100 * n, kind: "epoch", epoch: n, epochs: 4, seconds: 10 * n, train_loss: 1 / n, ...more });
const pulse = (step, more = {}) => ({
  step, kind: "pulse", epoch: Math.floor(step / 100) + 1, epochs: 4, batch: step % 100, batches: 100, loss: 1 / step, seconds: step / 10, ...more,
});
const lines = (...all) => {
  const kept = new Lines();
  for (const line of all) kept.add(line);
  return kept;
};

test("a step that a resumed run writes again counts once, the later line in place of the earlier", () => {
  const kept = lines(pulse(10), pulse(50), epoch(1), pulse(120), pulse(150), epoch(1, { train_loss: 7 }), pulse(120), pulse(160));
  assert.deepEqual(kept.pulses.map((line) => line.step), [10, 50, 120, 160]);
  assert.deepEqual(kept.epochs.map((line) => line.train_loss), [7]);
  assert.deepEqual(kept.all().map((line) => [line.step, line.kind]), [[10, "pulse"], [50, "pulse"], [100, "epoch"], [120, "pulse"], [160, "pulse"]]);
});

test("a reconnection that says everything once more changes nothing, and other kinds are passed over", () => {
  const all = [pulse(10), epoch(1), pulse(110), epoch(2)];
  assert.deepEqual(lines(...all, ...all, { step: 3, kind: "images" }).all(), lines(...all).all());
});

test("a curve runs over epochs, with parts of them for pulses, or over seconds", () => {
  assert.deepEqual(curve([pulse(25), pulse(150)], "loss", "epoch"), [[0.25, 1 / 25], [1.5, 1 / 150]]);
  assert.deepEqual(curve([epoch(1), epoch(2)], "train_loss", "seconds"), [[10, 1], [20, 0.5]]);
  assert.deepEqual(curve([epoch(1, { f1: null }), epoch(2, { f1: 0.5 })], "f1", "epoch"), [[2, 0.5]]);
  assert.equal(unitOf([epoch(1)]), "epoch");
  assert.equal(unitOf([{ step: 5, kind: "epoch" }]), "step");
});

test("curves share an axis where their numbers can", () => {
  const rows = [epoch(1, { validation_f1: 0.5, validation_log_loss: 3, bleu: 20 }), epoch(2, { validation_f1: 1, bleu: 0.5 })];
  assert.deepEqual(names(rows), ["train_loss", "validation_f1", "validation_log_loss", "bleu"]);
  assert.deepEqual(groups(rows), [
    { kind: "loss", names: ["train_loss", "validation_log_loss"] },
    { kind: "scores", names: ["validation_f1"] },
    { kind: "one", names: ["bleu"] },
  ]);
  assert.deepEqual(align([[[1, 5], [3, 6]], [[2, 7], [3, 8]]]), [[1, 2, 3], [5, undefined, 6], [undefined, 7, 8]]);
});

test("progress is counted in batches, and the time left follows the pace of late", () => {
  const at = progress(lines(pulse(10), epoch(1), pulse(150)));
  assert.equal(at?.epoch, 2);
  assert.equal(at?.batch, 50);
  assert.equal(at?.share, 150 / 400);
  assert.equal(at?.left, 25); // 10 steps a second, 250 steps to go
  assert.equal(progress(lines(pulse(99), epoch(1)))?.batch, null);
  assert.equal(progress(new Lines()), null);
  assert.equal(progress(lines({ step: 5, kind: "epoch", epoch: 1, seconds: 2 }), 10)?.share, 0.1); // an older log: planned epochs
  const slower = [{ share: 0, seconds: 0 }, { share: 0.5, seconds: 100 }, { share: 0.6, seconds: 200 }, { share: 0.7, seconds: 300 }];
  assert.equal(Math.round(timeLeft(slower) ?? 0), 300); // not the 129 of the mean pace
  assert.equal(timeLeft([{ share: 0.5, seconds: 3 }]), null);
  assert.equal(timeLeft([{ share: 0.5, seconds: 3 }, { share: 0.5, seconds: 4 }]), null);
});

test("runs are compared by the fields that tell them apart", () => {
  const runs = [{ config: { cell: "gru", hidden: 15, extra: null } }, { config: { cell: "lstm", hidden: 15 } }];
  assert.deepEqual(differences(runs), [{ name: "cell", values: ["gru", "lstm"] }, { name: "extra", values: [null, undefined] }]);
});

test("rows are sorted by numbers or by words, what is missing last either way", () => {
  const rows = [{ x: 10 }, { x: null }, { x: 9 }, { x: undefined }, { x: 100 }];
  assert.deepEqual(sorted(rows, (row) => row.x, false).map((row) => row.x), [9, 10, 100, null, undefined]);
  assert.deepEqual(sorted(rows, (row) => row.x, true).map((row) => row.x), [100, 10, 9, null, undefined]);
  assert.deepEqual(sorted(["b10", "b9", "a"], (row) => row, false), ["a", "b9", "b10"]);
});

test("each sentence is in both languages, with the same places for values", () => {
  const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [key, both] of Object.entries(TEXT)) {
    assert.ok(both.en && both["zh-TW"], key);
    assert.deepEqual(places(both.en), places(both["zh-TW"]), key);
    assert.doesNotMatch(both["zh-TW"], /[\u3400-\u9fff][,:?!;]/, key); // Chinese has punctuation of its own
  }
});
