// Words beside points, words that are too long, and words for one and for many.
import assert from "node:assert/strict";
import test from "node:test";
import { beside, boxOf } from "../../src/pellucid/studio/look/plots/beside.js";
import { shortened } from "../../src/pellucid/studio/look/views/shorten.js";
import { symbol } from "../../src/pellucid/studio/look/symbols.js";
import { textWidth } from "../../src/pellucid/studio/look/views/plane.js";
import { fill } from "../../src/pellucid/studio/ui/text.js";

const BOX = { left: 0, top: 0, right: 400, foot: 300 };
const meet = (a, b) => Math.min(a.right, b.right) > Math.max(a.left, b.left) && Math.min(a.foot, b.foot) > Math.max(a.top, b.top);

test("of many points no name covers another name or a point, and most have one", () => {
  const dots = Array.from({ length: 40 }, (_, n) => ({ x: 20 + ((n * 97) % 360), y: 20 + ((n * 61) % 260), text: `word${n}` }));
  const named = beside(dots, dots, BOX).filter((each) => each !== null);
  assert.ok(named.length >= 25, `${named.length} of 40`);
  const boxes = named.map(boxOf);
  for (const [n, box] of boxes.entries()) {
    assert.ok(boxes.slice(0, n).every((other) => !meet(box, other)), named[n].text);
    assert.ok(dots.every(({ x, y }) => !meet(box, { left: x - 4, right: x + 4, top: y - 4, foot: y + 4 })), named[n].text);
    assert.ok(box.left >= 0 && box.right <= BOX.right && box.top >= 0 && box.foot <= BOX.foot, named[n].text);
  }
});

test("in a crowd what the plot is about keeps its name, others give theirs up; of a few none is left out", () => {
  const crowd = Array.from({ length: 30 }, (_, n) => ({ x: 200 + (n % 6) * 9, y: 150 + Math.floor(n / 6) * 9, text: "crowded", main: n === 17 }));
  const named = beside(crowd, crowd, BOX);
  assert.equal(named[17]?.text, "crowded");
  assert.ok(named.filter((each) => each === null).length >= 10);
  assert.equal(beside(crowd.slice(0, 12), crowd, BOX).filter((each) => each !== null).length, 12);
});

test("the name of a line stays where it is, and points keep off it", () => {
  const [line, point] = beside([{ x: 110, y: 93, text: "a line", fixed: true }, { x: 100, y: 100, text: "p" }], [{ x: 100, y: 100 }], BOX);
  assert.deepEqual([line.x, line.y, line.side], [110, 93, "start"]);
  assert.ok(!meet(boxOf(line), boxOf(point)));
});

test("a long name keeps its number; a range and a name that fits stay as they are", () => {
  const short = shortened("Steam engine 4", 58);
  assert.match(short, /^Ste\w*… 4$/);
  assert.ok(textWidth(short) <= 58);
  assert.equal(shortened("Oxygen 1", 58), "Oxygen 1");
  assert.equal(shortened("5.7 … 6.4", 40), "5.7 … 6.4");
  assert.equal(shortened("unbelievable", 40), "unbelievable");
});

test("one line, two lines, no lines", () => {
  const told = (n) => fill("{n} {n|line|lines}", { n });
  assert.deepEqual([1, "1", 2, 0].map(told), ["1 line", "1 line", "2 lines", "0 lines"]);
});

test("what comes from the step before is h_{t-1}, from this step h_t", () => {
  const node = { id: "n3", name: "layer.h[3]", module: "layer", step: 3 };
  const trace = { values: new Map([["v", { name: "layer.h[3]", producer: "n3" }]]), byId: new Map([["n3", node]]), meta: { symbols: { h: "h_t" } } };
  const symbols = [3, 4, 2].map((step) => symbol(trace, "v", { name: "layer.next", module: "layer", step }));
  assert.deepEqual(symbols, ["h_t", "h_{t-1}", "h_{t+1}"]);
  assert.equal(symbol(trace, "v", { name: "next.next", module: "next", step: 9 }), "h_t");
});
