// @ts-check
// The exported model in this page: onnxruntime-web, the bundle's files, the room's codec. Loaded when asked for.

/**
 * @typedef {object} Model
 * @property {(value: any) => Promise<{ answer: Record<string, any>, milliseconds: number }>} answer without any request
 * @property {() => void} close
 */

/** @returns {Promise<any>} onnxruntime-web, set to one thread: more need a page that is isolated from all others */
async function runtime() {
  const ort = await import("#studio/vendor/onnxruntime-web/ort.wasm.min.mjs");
  const glue = import.meta.resolve("#studio/vendor/onnxruntime-web/ort-wasm-simd-threaded.mjs");
  ort.env.wasm.wasmPaths = { mjs: glue, wasm: new URL("ort-wasm-simd-threaded.wasm", glue).href };
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  return ort;
}

/**
 * @param {string} files address of the bundle's files @param {string} codec address of the room's codec.js
 * @returns {Promise<Model>}
 */
export async function load(files, codec) {
  const [ort, { encode, decode }, bundle, model] = await Promise.all([
    runtime(),
    import(codec),
    fetched(`${files}/bundle.json`).then((response) => response.json()),
    fetched(`${files}/model.onnx`).then((response) => response.arrayBuffer()),
  ]);
  const session = await ort.InferenceSession.create(new Uint8Array(model), { executionProviders: ["wasm"] });
  return {
    async answer(value) {
      const start = performance.now();
      /** @type {Record<string, any>} */
      const feed = {};
      for (const [name, { data, dims }] of Object.entries(encode(bundle.codec, value))) feed[name] = new ort.Tensor(data, dims);
      const answer = decode(bundle.codec, await session.run(feed));
      return { answer, milliseconds: performance.now() - start };
    },
    close: () => void session.release(),
  };
}

/** @param {string} path */
async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response;
}
