const form = document.getElementById("try"), place = document.getElementById("answer");

function text(value) {
  if (typeof value === "number") return value.toFixed(4);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(({ name, score }) => `${name} ${score.toFixed(4)}`).join(" · ");
  const parts = Object.entries(value ?? {});
  const named = parts.length && parts.every(([, part]) => typeof part === "number");
  return named ? parts.map(([name, part]) => `${name} ${part.toFixed(4)}`).join(" · ") : JSON.stringify(value);
}

function show(entries, wrong) {
  const list = document.createElement("dl");
  for (const [name, value] of entries) {
    const term = document.createElement("dt"), said = document.createElement("dd");
    term.textContent = name;
    said.textContent = text(value);
    if (wrong) said.className = "wrong";
    list.append(term, said);
  }
  place.replaceChildren(list);
}

const file = document.getElementById("file");
file?.addEventListener("change", async () => {
  if (!file.files.length) return;
  try {
    const bitmap = await createImageBitmap(file.files[0]);
    const input = document.getElementById("input"), shown = document.getElementById("shown");
    const scale = Math.min(1, input.dataset.side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    context.imageSmoothingQuality = "high";
    context.fillStyle = "white"; // what is transparent lies on white
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    shown.src = input.value = canvas.toDataURL("image/png");
    shown.alt = "The picture that is sent";
    shown.hidden = false;
    place.replaceChildren();
  } catch {
    show([["picture", "cannot be read; choose a PNG, JPEG or WebP file"]], true);
  }
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const response = await fetch("predict", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ input: document.getElementById("input").value }),
    });
    const found = await response.json();
    if (response.ok) show(Object.entries(found.output), false);
    else show(found.detail.map((one) => [one.field, one.message]), true);
  } catch {
    show([["server", "no answer; is it still running?"]], true);
  }
});
