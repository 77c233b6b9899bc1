// @ts-check
// Talking to the server: JSON in and out, problems as errors, events that reconnect by themselves.
import { useCallback, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { language } from "#studio/ui/text.js";

/** @typedef {import("#studio/types.d.ts").Problem} Problem */

/** @param {{ message?: string, zh?: string }} problem @returns {string} what it says, in the reader's language where it is known */
export const said = ({ message = "", zh }) => (language() === "zh-TW" && zh) || message;

/** What the server refused, and why. status 0: it did not answer. */
export class ProblemError extends Error {
  /** @param {number} status @param {Problem[]} problems */
  constructor(status, problems) {
    super(problems[0]?.message ?? `HTTP ${status}`);
    this.status = status;
    this.problems = problems;
    if (problems[0]) Object.defineProperty(this, "message", { get: () => said(problems[0]) });
  }
}

/**
 * @param {string} method @param {string} path @param {{ body?: any, signal?: AbortSignal }} [options]
 * body: JSON, or a File or Blob as it is
 * @returns {Promise<Response>} an answer with a status of 2xx
 */
export async function request(method, path, { body, signal } = {}) {
  const raw = body instanceof Blob;
  /** @type {Record<string, string>} */
  const headers = body === undefined || raw ? {} : { "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined || raw ? body : JSON.stringify(body) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ProblemError(0, [{ field: "", message: "the studio does not answer", code: "offline", limit: null }]);
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => null);
  const problems = Array.isArray(said?.detail) ? said.detail : [];
  throw new ProblemError(response.status, problems);
}

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>} */
export const get = async (path, signal) => (await request("GET", path, { signal })).json();

/** @param {string} path @param {any} [body] @param {AbortSignal} [signal] @returns {Promise<any>} null: there is nothing to say */
export async function post(path, body, signal) {
  const response = await request("POST", path, { body, signal });
  return response.status === 204 ? null : response.json();
}

/** @param {string} path @returns {Promise<any>} */
export const del = async (path) => (await request("DELETE", path)).json();

/**
 * What a path answers, asked anew when it changes. While a new path loads, `data` stays the old one.
 * @template T
 * @param {string | null} path null: nothing is asked
 * @param {any[]} [deps] further reasons to ask anew
 * @returns {{ data: T | null, error: ProblemError | null, loading: boolean, again: () => void }}
 */
export function useGet(path, deps = []) {
  const [state, setState] = useState(/** @type {any} */ ({ data: null, error: null, loading: path !== null }));
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return setState({ data: null, error: null, loading: false });
    const control = new AbortController();
    setState((/** @type {any} */ before) => ({ ...before, loading: true }));
    get(path, control.signal).then(
      (data) => setState({ data, error: null, loading: false }),
      (error) => control.signal.aborted || setState({ data: null, error, loading: false }),
    );
    return () => control.abort();
  }, [path, turn, ...deps]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  useComeback(state.error, again);
  return { ...state, again };
}

const COMEBACK = 2500; // milliseconds

/**
 * Asks again for as long as the server does not answer: when it is back, nobody has to reload the page.
 * @param {{ status?: number } | null} error of the last time that was asked @param {() => void} again
 */
export function useComeback(error, again) {
  useEffect(() => {
    if (error?.status !== 0) return;
    const timer = setTimeout(again, COMEBACK);
    return () => clearTimeout(timer);
  }, [error]);
}

/**
 * Server-sent events. The browser reconnects by itself and tells the server the last event that it saw.
 * @param {string} path @param {Record<string, (data: any) => void>} handlers by the event's name
 * @param {(connected: boolean) => void} [connection]
 * @returns {() => void} closes
 */
export function events(path, handlers, connection = () => {}) {
  const source = new EventSource(path);
  for (const [name, handle] of Object.entries(handlers))
    source.addEventListener(name, (event) => handle(JSON.parse(/** @type {MessageEvent} */ (event).data)));
  source.addEventListener("end", () => source.close()); // the server has said everything
  source.addEventListener("open", () => connection(true));
  source.addEventListener("error", () => connection(false));
  return () => source.close();
}

/**
 * A value that follows another one after a pause, so that not each key asks the server.
 * @template T
 * @param {T} value @param {number} milliseconds @returns {T}
 */
export function useSettled(value, milliseconds) {
  const [settled, setSettled] = useState(value);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** @returns {boolean} whether this page is seen; a hidden one holds no connection, of which a browser has few */
export function useVisible() {
  const [visible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const follow = () => setVisible(!document.hidden);
    document.addEventListener("visibilitychange", follow);
    return () => document.removeEventListener("visibilitychange", follow);
  }, []);
  return visible;
}
