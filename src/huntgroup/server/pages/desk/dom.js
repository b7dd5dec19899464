// Elements from code: text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

// A table that `stacks` is a list of cards where the page is narrow; roles keep it a table for readers of the screen.
export function table(caption, heads, rows, { stacks = false } = {}) {
  const role = (name) => (stacks ? name : null);
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: role("stacks"), role: role("table") },
      h("caption", {}, caption),
      h("thead", { role: role("rowgroup") }, h("tr", { role: role("row") }, heads.map((head) => h("th", { scope: "col", role: role("columnheader") }, head)))),
      h("tbody", { role: role("rowgroup") }, rows.map((row) => h("tr", { role: role("row") }, row.map((cell, at) =>
        at === 0 ? h("th", { scope: "row", role: role("rowheader") }, shown(cell)) : h("td", { role: role("cell"), "data-head": heads[at] }, shown(cell))))))));
}

function shown(cell) {
  if (cell === null || cell === undefined || cell === "") return "–";
  return cell instanceof Node ? cell : String(cell);
}

// `quiet` is for readers of the screen only: who looks at the page sees it anyway.
export function say(text, { quiet = false } = {}) {
  const status = document.getElementById("status");
  status.className = quiet ? "for-readers" : "";
  write(status, text);
}

// Live regions speak when they are written, even if nothing changed.
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A button that is disabled while it works would take the focus of a keyboard with it.
export async function working(button, act) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await act();
  } catch (error) {
    if (error.name !== "AbortError") say(error.message);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

export function clock(ms) {
  if (ms === null || ms === undefined) return "–";
  const s = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, String(s % 60).padStart(2, "0")];
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

export function moment(iso) {
  return iso ? new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "–";
}

export function usd(value) {
  return value === null || value === undefined ? "–" : `$${value.toFixed(value && value < 0.1 ? 4 : 2)}`;
}
