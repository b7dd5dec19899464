// The parts of the page that only follow the state: buttons, words of trouble, figures, the menu of hands.

import { statusWords, titleOf, troubleWords } from "./words.js";

const $ = (id) => document.getElementById(id);
const ON = new Set(["asking", "connecting", "live", "returning"]);

export function show(state) {
  document.body.dataset.phase = state.phase;
  document.body.dataset.by = state.by;
  const on = ON.has(state.phase);
  const focused = document.activeElement;
  $("call").hidden = on;
  $("call").textContent = state.callId === null ? "Start talking" : "Start another call";
  const live = state.phase === "live";
  $("type-instead").hidden = live ? state.by === "text" : on || state.phase === "failed";
  $("speak").hidden = !live || state.by === "voice";
  $("hang-up").hidden = !on;
  $("team").disabled = on;
  // Before its button is disabled: a click on one that is does nothing.
  if (!on && !$("keys").hidden) $("keys-open").click();
  for (const id of ["stop", "to", "transfer", "keys-open"]) enable($(id), state.phase);
  // What is typed while a call comes back is held for it.
  for (const id of ["words", "send"]) $(id).disabled = !live && state.phase !== "returning";
  write($("status"), state.phase === "live" && state.notice ? state.notice : statusWords(state));
  $("trouble").hidden = state.phase !== "failed";
  keepFocus(focused, $(on ? "hang-up" : "call"));
  if (state.phase === "failed") write($("trouble-words"), troubleWords(state.trouble));
  write($("level-name"), titleOf(state, state.agent) === "Somebody" ? "Agent" : titleOf(state, state.agent));
}

// A button that vanishes must not take the focus of a keyboard with it.
function keepFocus(focused, other) {
  if (focused && focused !== document.body && (focused.disabled || !focused.checkVisibility())) other.focus();
}

// While a call comes back, what waits for it keeps the focus, and what is half typed.
function enable(control, phase) {
  control.disabled = phase !== "live" && phase !== "returning";
  control.setAttribute("aria-disabled", String(phase === "returning"));
}

export function figures(list, state) {
  const latencies = state.latencies.map((one) => one.ms);
  const rows = [];
  if (state.firstSoundMs !== null) rows.push(["First sound after the click", `${state.firstSoundMs} ms`]);
  if (latencies.length) rows.push(["Last answer after", `${latencies.at(-1)} ms`], ["Answers, middle one", `${middle(latencies)} ms`]);
  for (const one of state.handoffs) {
    const ear = one.earMs === null ? "" : `, at your ear ${one.earMs} ms`;
    if (one.gapMs !== null) rows.push([`Silence before ${titleOf(state, one.to)}`, `${one.gapMs} ms${ear}`]);
  }
  const cut = state.captions.filter((one) => one.interrupted).length;
  if (cut) rows.push(["Times you interrupted", String(cut)]);
  const flat = JSON.stringify(rows);
  if (list.dataset.shown === flat) return;
  list.dataset.shown = flat;
  list.replaceChildren(...rows.flatMap(([name, value]) => [made("dt", name), made("dd", value)]));
}

export function handMenu(menu, state) {
  const others = state.agents.filter((agent) => agent.name !== state.agent);
  const flat = JSON.stringify(others);
  if (menu.dataset.shown === flat) return;
  menu.dataset.shown = flat;
  menu.replaceChildren(...others.map((agent) => Object.assign(made("option", titleOf(state, agent.name)), { value: agent.name })));
}

function middle(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function made(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}

// Live regions speak when they are written, even if nothing changed.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
