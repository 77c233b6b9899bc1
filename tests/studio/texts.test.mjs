// Every sentence exists in both languages, with the same blanks; every one that is asked for is there, and is asked for.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const STUDIO = join(dirname(fileURLToPath(import.meta.url)), "../../src/pellucid/studio");
const files = readdirSync(STUDIO, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(".js") && !file.startsWith("vendor"));
const source = (file) => readFileSync(join(STUDIO, file), "utf8");
const tables = files.filter((file) => /export const TEXT\b/.test(source(file)));

// simplified characters, and words of the mainland
const MAINLAND = /[这为对时说点运训练数据网络过门词语图层习档载输显选择预测类别关闭开启应与个]|信息|軟件|默認|網絡|程序|數據|用戶|屏幕|鏈接|加載/;

// keys that are words of the server's messages: names of run times, states of an export
const SAID = new Set(["onnx", "litert", "litert-dynamic", "litert-static", "working", "done", "failed", "outdated"]);

/** Which table a file's `t` reads: imported itself, or through a file that makes one for its folder. */
function tableOf(file, seen = new Set()) {
  const text = source(file);
  const direct = /import \{[^}]*\bTEXT\b[^}]*\} from "#studio\/([^"]+)"/.exec(text)?.[1];
  if (direct) return direct;
  if (/export const TEXT\b/.test(text)) return file;
  const through = /import \{[^}]*\bt\b[^}]*\} from "#studio\/([^"]+)"/.exec(text)?.[1];
  return through && !seen.has(through) ? tableOf(through, seen.add(file)) : null;
}

test("there are tables", () => assert.ok(tables.length >= 8, tables.join()));

for (const file of tables)
  test(`${file}: both languages, the same blanks`, async () => {
    const { TEXT } = await import(join(STUDIO, file));
    for (const [key, words] of Object.entries(TEXT)) {
      assert.deepEqual(Object.keys(words).sort(), ["en", "zh-TW"], key);
      const blanks = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
      assert.deepEqual(blanks(words.en), blanks(words["zh-TW"]), key);
      assert.ok(words.en.trim() || !words["zh-TW"].trim(), `${key} is empty`);
      assert.ok(!/[\u4e00-\u9fff]/.test(words.en), `${key}: Chinese in the English one`);
      const sentence = /[a-z]{2,} [a-z]{2,}/.test(words.en);
      assert.ok(!sentence || /[\u4e00-\u9fff]/.test(words["zh-TW"]), `${key}: not translated: ${words["zh-TW"]}`);
      assert.ok(!MAINLAND.test(words["zh-TW"]), `${key}: not as written in Taiwan: ${words["zh-TW"]}`);
    }
  });

test("every sentence that is asked for is there", async () => {
  const missing = [];
  for (const file of files) {
    const table = tableOf(file);
    if (!table) continue;
    const { TEXT } = await import(join(STUDIO, table));
    for (const [, key] of source(file).matchAll(/\bt\("(\w+)"/g)) if (!(key in TEXT)) missing.push(`${file}: ${key}`);
  }
  assert.deepEqual(missing, []);
});

test("every sentence is asked for", async () => {
  const code = files.filter((file) => !tables.includes(file)).map(source).join("\n") + tables.map((file) => source(file).replace(/export const TEXT[\s\S]*/, "")).join("\n");
  const built = [...code.matchAll(/`(\w+)\$\{[^`]*`\)/g)].map((found) => found[1]); // t(`day${n}`)
  const unused = [];
  for (const file of tables)
    for (const key of Object.keys((await import(join(STUDIO, file))).TEXT)) {
      const named = new RegExp(`["'\`.]${key}\\b|\\b${key}:`).test(code);
      if (!named && !SAID.has(key) && !built.some((start) => key.startsWith(start))) unused.push(`${file}: ${key}`);
    }
  assert.deepEqual(unused, []);
});
