// @ts-check
// An exported model in this page: its run time, the bundle's files, the room's codec. Loaded when asked for.
import { fitted } from "#studio/ship/fitted.js";

/** @typedef {import("#studio/ship/fitted.js").Feed} Feed */
/** @typedef {import("#studio/ship/fitted.js").Port} Port */
/** @typedef {(feed: Record<string, Feed>) => Promise<Record<string, { data: any }>>} Compute outputs by the program's own names */
/**
 * @typedef {object} Model
 * @property {string} name of the export
 * @property {string} by the run time's name
 * @property {"dynamic" | "static" | null} quantized null: as exact as it was trained
 * @property {(value: any) => Promise<{ answer: Record<string, any>, milliseconds: number }>} answer without any request
 * @property {() => void} close
 */

/**
 * @param {string} files address of all exports @param {import("#studio/types.d.ts").Export} made one that is ready
 * @param {string} codec address of the room's codec.js
 * @returns {Promise<Model>}
 */
export async function load(files, made, codec) {
  const folder = `${files}/${made.name}/files`;
  const onnx = made.info?.runtime === "onnx";
  const [{ encode, decode }, bundle, bytes] = await Promise.all([
    import(codec),
    fetched(`${folder}/bundle.json`).then((response) => response.json()),
    fetched(`${folder}/${onnx ? "model.onnx" : "model.tflite"}`).then((response) => response.arrayBuffer()),
  ]);
  const { compute, close } = await (onnx ? withOnnx : withLiteRt)(new Uint8Array(bytes), bundle);
  return {
    name: made.name,
    by: onnx ? "onnxruntime-web" : "LiteRT.js",
    quantized: bundle.quantized,
    async answer(value) {
      const start = performance.now();
      const answer = decode(bundle.codec, await compute(await encode(bundle.codec, value)), value);
      return { answer, milliseconds: performance.now() - start };
    },
    close,
  };
}

/** @param {Uint8Array} model @returns {Promise<{ compute: Compute, close: () => void }>} */
async function withOnnx(model) {
  const ort = await import("#studio/vendor/onnxruntime-web/ort.wasm.min.mjs");
  const glue = import.meta.resolve("#studio/vendor/onnxruntime-web/ort-wasm-simd-threaded.mjs");
  ort.env.wasm.wasmPaths = { mjs: glue, wasm: new URL("ort-wasm-simd-threaded.wasm", glue).href };
  ort.env.wasm.numThreads = 1; // more need a page that is isolated from all others
  ort.env.wasm.proxy = false;
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  return {
    compute: (feed) => session.run(Object.fromEntries(Object.entries(feed).map(([name, { data, dims }]) => [name, new ort.Tensor(data, dims)]))),
    close: () => void session.release(),
  };
}

/** @type {Promise<any> | null} LiteRT.js is loaded once a page */
let litert = null;

/** @returns {Promise<any>} */
async function loadLiteRt() {
  const found = await import("#studio/vendor/@litertjs/core/index.js");
  // it takes its settings from here; what it has to say is no error
  /** @type {any} */ (globalThis).Module = { printErr: (/** @type {string} */ line) => console.info(line) };
  await found.loadLiteRt(import.meta.resolve("#studio/vendor/@litertjs/core/litert_wasm_compat_internal.js"));
  return found;
}

/**
 * @param {Uint8Array} model @param {{ inputs: Port[], outputs: Port[] }} bundle fixed shapes, and the outputs in order
 * @returns {Promise<{ compute: Compute, close: () => void }>}
 */
async function withLiteRt(model, { inputs, outputs }) {
  litert ??= loadLiteRt();
  const { loadAndCompile, Tensor } = await litert.catch((error) => ((litert = null), Promise.reject(error)));
  const compiled = await loadAndCompile(model, { accelerator: "wasm" });
  return {
    async compute(feed) {
      const given = Object.fromEntries(inputs.map((port) => [port.name, new Tensor(fitted(feed[port.name], port), port.shape)]));
      const found = await compiled.run(given); // output_0, output_1 …
      const made = outputs.map(({ name }, i) => [name, { data: found[`output_${i}`].toTypedArray().slice() }]);
      for (const tensor of [...Object.values(given), ...Object.values(found)]) tensor.delete(); // its memory is kept by hand
      return Object.fromEntries(made);
    },
    close: () => compiled.delete(),
  };
}

/** @param {string} path */
async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response;
}
