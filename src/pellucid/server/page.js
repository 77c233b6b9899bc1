const form = document.getElementById("try"), place = document.getElementById("answer");

function show(entries, wrong) {
  const list = document.createElement("dl");
  for (const [name, value] of entries) {
    const term = document.createElement("dt"), said = document.createElement("dd");
    term.textContent = name;
    said.textContent = typeof value === "number" ? value.toFixed(4) : typeof value === "string" ? value : JSON.stringify(value);
    if (wrong) said.className = "wrong";
    list.append(term, said);
  }
  place.replaceChildren(list);
}

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
