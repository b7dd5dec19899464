// What the agents do: each tool as it runs, with what it was asked and what it answered.

import { spoken, titleOf } from "./words.js";

const STATES = { running: "running…", waiting: "waits for a yes", done: "done", failed: "failed" };
const MASK = "•••";

export class Tools {
  constructor(list, empty) {
    this.list = list;
    this.empty = empty;
    this.rows = new Map();
  }

  draw(state) {
    this.empty.hidden = state.tools.length > 0;
    if (state.tools.length === 0) {
      this.list.replaceChildren();
      this.rows.clear();
    }
    for (const tool of state.tools) this.#row(state, tool);
  }

  #row(state, tool) {
    let row = this.rows.get(tool.id);
    if (row?.drawn === tool) return;
    if (!row) {
      row = { item: document.createElement("li") };
      this.rows.set(tool.id, row);
      this.list.prepend(row.item);
    }
    row.drawn = tool;
    row.item.className = `tool ${tool.state}`;
    const head = element("p", "head");
    head.append(element("b", "", spoken(tool.tool)), element("span", "state", timed(tool)));
    row.item.replaceChildren(head, element("p", "by", titleOf(state, tool.agent)), ...details(tool));
  }
}

function timed(tool) {
  const state = STATES[tool.state] ?? tool.state;
  return tool.ms === null ? state : `${state}, ${tool.ms} ms`;
}

function details(tool) {
  const parts = [];
  if (Object.keys(tool.arguments ?? {}).length) parts.push(pairs(tool.arguments));
  if (tool.output) parts.push(answer(tool));
  return parts;
}

function pairs(values) {
  const list = element("dl", "arguments");
  for (const [name, value] of Object.entries(values)) {
    list.append(element("dt", "", spoken(name)), shown(typeof value === "string" ? value : JSON.stringify(value), "dd"));
  }
  return list;
}

function answer(tool) {
  return tool.output === MASK ? shown(MASK, "p", "output") : element("p", "output", tool.output.slice(0, 400));
}

// Three dots mean nothing to who hears the page.
function shown(text, tag, name = "") {
  const made = element(tag, name, text);
  if (text.includes(MASK)) {
    made.classList.add("covered");
    made.replaceChildren(element("span", "hidden", "covered"), dots(text));
  }
  return made;
}

function dots(text) {
  const made = element("span", "", text);
  made.setAttribute("aria-hidden", "true");
  return made;
}

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}
