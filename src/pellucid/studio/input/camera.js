// @ts-check
// A photograph as the input: what the camera sees, the part that is taken, and in words why there is none.
import { html, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { Dialog, Notice, Spinner } from "#studio/ui/parts.js";
import { translator } from "#studio/ui/text.js";
import { taken } from "#studio/input/pixels.js";
import { TEXT } from "#studio/input/text.js";

const t = translator(TEXT);

/** What a browser says, by the names of its errors. @type {Record<string, "cameraRefused" | "cameraNone" | "cameraBusy">} */
const WHY = { NotAllowedError: "cameraRefused", SecurityError: "cameraRefused", NotFoundError: "cameraNone", OverconstrainedError: "cameraNone", NotReadableError: "cameraBusy" };

/** @param {{ side: number, onPicture: (value: string) => void, onClose: () => void }} props */
export function Camera({ side, onPicture, onClose }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const [problem, setProblem] = useState("");
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let [wanted, stream] = [true, /** @type {MediaStream | null} */ (null)];
    const stop = () => stream?.getTracks().forEach((track) => track.stop());
    open().then(
      (found) => {
        stream = found;
        if (!wanted || !video.current) return stop();
        video.current.srcObject = found;
        return video.current.play().then(() => setReady(true));
      },
      (error) => wanted && setProblem(t(WHY[error?.name] ?? "cameraNone")),
    );
    return () => {
      wanted = false;
      stop();
    };
  }, []);
  function take() {
    const seen = /** @type {HTMLVideoElement} */ (video.current);
    onPicture(taken(seen, seen.videoWidth, seen.videoHeight, side, true));
    onClose();
  }
  return html`<${Dialog} title=${t("cameraTitle")} onClose=${onClose}>
    <div class="stack camera">
      ${problem
        ? html`<${Notice} kind="error">${problem}<//>`
        : html`<div class="finder">
              <video ref=${video} muted playsinline aria-label=${t("cameraSees")}></video>
              ${!ready && html`<${Spinner} label=${t("cameraOpens")} />`}
            </div>
            <p class="quiet">${t("aboutCamera")}</p>
            <div><button class="primary" disabled=${!ready} onClick=${take}>${t("cameraTake")}</button></div>`}
    </div>
  <//>`;
}

/** @returns {Promise<MediaStream>} the camera at the back, where there are two */
async function open() {
  if (!navigator.mediaDevices) throw Object.assign(new Error(), { name: "SecurityError" }); // plain HTTP from another machine
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 640 }, height: { ideal: 640 } } });
}
