// Live calls: at a glance, and one of them with captions, a whisper, a transfer, and approvals.

import { get, send, callPath } from "./api.js";
import { h, clock, say, write, working } from "./dom.js";
import { takeOver } from "./takeover.js";

const LOOK_EVERY_MS = 2000;
const AGAIN_MS = 3000;
const AGAIN_AT_MOST_MS = 30_000;
const WHY = {
  caller_hung_up: "the caller hung up", agent_hung_up: "the agent hung up", supervisor_hung_up: "a supervisor ended it",
  silence: "the caller said nothing", too_long: "it had lasted as long as it may", line_lost: "the caller's line was lost",
  model_lost: "the model was lost", process_lost: "its process was lost", error: "of an error",
};

export async function showLive(place, { signal }) {
  const list = h("div", { class: "cards" });
  const nobody = h("p", { class: "note", hidden: true }, "Nobody is on the line.");
  const cards = new Map();
  place.append(nobody, list);
  await every(signal, async () => {
    const { calls } = await get("/desk/api/live", signal);
    nobody.hidden = calls.length > 0;
    draw(list, cards, calls);
  });
}

// A card stays the same element as long as its call: who has the focus on its link keeps it.
function draw(list, cards, calls) {
  const ids = new Set(calls.map((call) => call.call_id));
  for (const [id, { view }] of cards) {
    if (ids.has(id)) continue;
    view.remove();
    cards.delete(id);
  }
  for (const call of calls) {
    if (!cards.has(call.call_id)) {
      cards.set(call.call_id, card(call));
      list.append(cards.get(call.call_id).view);
    }
    cards.get(call.call_id).body.replaceChildren(...glance(call));
  }
}

function card(call) {
  const body = h("div");
  const link = h("a", { href: `/desk/live/${encodeURIComponent(call.call_id)}` }, call.caller ?? "a caller");
  return { body, view: h("article", { class: "card" }, h("h2", {}, link), body) };
}

function glance(call) {
  return [
    h("p", {}, `${call.team} · ${call.supervisor ? `${call.supervisor} (supervisor)` : call.agent ?? "–"} · ${clock(call.for_ms)}`),
    call.last ? h("p", { class: "last" }, h("b", {}, call.last.speaker), " ", call.last.text) : "",
    call.approvals.length ? h("p", { class: "waits" }, `${call.approvals.length} waiting for approval`) : "",
  ];
}

export async function showWatched(place, { signal, argument }) {
  const state = { agent: null, agents: [] };
  const who = h("p", { class: "who", "aria-live": "polite" }, "…");
  const captions = h("ol", { class: "transcript" });
  // Facts come too fast to be read out; who wants them goes there.
  const events = h("ol", { class: "facts", tabindex: "0", "aria-label": "What happens" });
  const waiting = h("div", { class: "cards" });
  const agents = h("select", { name: "agent", required: true });
  const { visit: me } = await get("/desk/api/me", signal);
  const taking = takeOver(argument, me, signal);
  const acts = h("div", {}, taking.view, whisperForm(argument), transferForm(argument, agents));
  const page = h("a", { href: `/desk/calls/${encodeURIComponent(argument)}` }, "The call's page");
  place.append(who, waiting, h("div", { class: "columns" },
    h("section", {}, h("h2", {}, "Captions"), log("Captions", captions)),
    h("section", {}, h("h2", {}, "Supervise"), acts, h("h2", {}, "What happens"), events)),
    h("p", {}, page));
  let ended = false;
  let stream = null;
  let pause = AGAIN_MS;
  // Nothing can be done to a call that is over: what would do it goes, and a keyboard's focus with it to what is left.
  const over = (why) => {
    ended = true;
    const focused = acts.contains(document.activeElement) || waiting.contains(document.activeElement);
    const mine = taking.over();
    acts.replaceChildren(h("p", { class: "note" }, "The call is over: nothing can be done to it any more."));
    approvals(waiting, argument, []);
    if (focused) page.focus();
    say(`${mine ? "The call that you had is over" : "The call is over"}${why ? `: ${why}` : ""}.${mine ? " Your microphone is off." : ""}`);
    write(who, why ? "The call is over." : "This call does not run any more.");
  };
  const told = (message) => {
    if (message.type === "hello") {
      state.agent = message.agent;
      agents.replaceChildren(...message.agents.map(({ name, title }) => h("option", { value: name }, title)));
    } else if (message.type === "caption") caption(captions, message);
    else if (message.type === "storage") say(message.away ? "The database is away: what you see is live, but nothing can be done that must go on record." : "The database is back.");
    else if (message.type === "fact") {
      happened(events, message.fact, state);
      taking.tell(message.fact);
    } else if (message.type === "ended" || message.type === "moved") {
      stream.close();
      if (message.type === "ended") return over(WHY[message.reason] ?? message.reason.replaceAll("_", " "));
      say("Another process takes the call.");
      again();
    }
    write(who, state.supervisor ? `${state.visit === me ? "You have" : `${state.supervisor}, a supervisor, has`} the call.` : `${state.agent ?? "Nobody"} has the call.`);
  };
  const follow = () => {
    stream = new EventSource(callPath(argument, "/watch"));
    stream.onopen = () => { pause = AGAIN_MS; captions.replaceChildren(); events.replaceChildren(); taking.restart(); };
    stream.onmessage = (event) => told(JSON.parse(event.data));
    stream.onerror = () => {
      if (ended) return;
      write(who, "The connection broke; trying again …");
      // A browser gives a stream up that was refused, be it for good or because the database is away.
      if (stream.readyState === EventSource.CLOSED) again();
    };
  };
  const again = () => {
    setTimeout(async () => {
      if (signal.aborted) return;
      const gone = await isOver(argument, signal);
      if (signal.aborted) return;
      gone ? over("") : follow();
    }, pause);
    pause = Math.min(2 * pause, AGAIN_AT_MOST_MS);
  };
  signal.addEventListener("abort", () => stream.close());
  follow();
  await every(signal, async () => {
    if (ended) return;
    const { calls } = await get("/desk/api/live", signal);
    const call = calls.find((one) => one.call_id === argument);
    approvals(waiting, argument, call?.approvals ?? []);
  });
}

// Between two owners a call is in no list of live ones, and its record has no end.
async function isOver(callId, signal) {
  try {
    const { calls } = await get("/desk/api/live", signal);
    if (calls.some((one) => one.call_id === callId)) return false;
    const { call } = await get(callPath(callId), signal);
    return !call.is_running;
  } catch (error) {
    return error.status === 404;
  }
}

// The role is around the list: on it, its lines would be no list's lines.
function log(label, list) {
  return h("div", { role: "log", "aria-label": label }, list);
}

function caption(captions, { speaker, text, utterance, agent, final }) {
  // What still grows is shown, and read out once it is whole.
  const made = h("li", { class: speaker, "data-utterance": utterance, "data-final": String(final), "aria-hidden": final ? null : "true" }, h("b", {}, agent ?? speaker), h("span", {}, text));
  const follows = atEnd(captions);
  const known = [...captions.children].find((line) => line.dataset.utterance === utterance);
  known ? known.replaceWith(made) : captions.append(made);
  if (follows) captions.scrollTop = captions.scrollHeight;
}

function happened(events, fact, state) {
  if (fact.type === "HandoffCommitted") state.agent = fact.to;
  if (fact.type === "SupervisorJoined") [state.supervisor, state.visit] = [fact.by, fact.visit];
  if (fact.type === "SupervisorLeft") state.supervisor = state.visit = null;
  if (["UsageReported", "CallerSpoke", "AgentSpoke", "SupervisorSpoke"].includes(fact.type)) return;
  const { type, call_id: _id, seq: _seq, t_ms: at, agent, ...rest } = fact;
  const follows = atEnd(events);
  events.append(h("li", {}, h("span", { class: "time" }, clock(at)), h("b", {}, type), agent ? ` ${agent} ` : " ", h("code", {}, JSON.stringify(rest))));
  if (follows) events.scrollTop = events.scrollHeight;
}

// Somebody who has scrolled up is reading.
function atEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 40;
}

function whisperForm(callId) {
  const text = h("input", { name: "text", required: true, maxlength: 1000, autocomplete: "off" });
  return form("Whisper", h("label", {}, h("span", {}, "Tell the agent; the caller does not hear it"), text), async () => {
    await send("POST", callPath(callId, "/whisper"), { text: text.value });
    text.value = "";
    return "The agent was told.";
  });
}

function transferForm(callId, agents) {
  return form("Hand over", h("label", {}, h("span", {}, "Hand the call to"), agents), async () => {
    const { committed } = await send("POST", callPath(callId, "/transfer"), { agent: agents.value });
    return committed ? `${agents.value} has the call.` : "The handoff was rolled back.";
  });
}

function form(label, field, act) {
  const button = h("button", {}, label);
  return h("form", { class: "inline", onsubmit: (event) => {
    event.preventDefault();
    working(button, async () => say(await act()));
  } }, field, button);
}

function approvals(waiting, callId, found) {
  const ids = found.map((one) => one.tool_call_id).join(" ");
  if (waiting.dataset.ids === ids) return;
  waiting.dataset.ids = ids;
  waiting.replaceChildren(...found.map((one) => {
    const answer = (approved) => async () => send("POST", callPath(callId, `/approvals/${encodeURIComponent(one.tool_call_id)}`), { approved })
      .then(() => say(approved ? "Approved." : "Refused."), (error) => say(error.message));
    return h("article", { class: "card waits" }, h("h2", {}, `${one.agent} asks: ${one.tool}`), h("code", {}, JSON.stringify(one.arguments)),
      h("p", { class: "actions" }, h("button", { type: "button", onclick: answer(true) }, "Approve"), h("button", { type: "button", class: "danger", onclick: answer(false) }, "Refuse")));
  }));
}

async function every(signal, look) {
  await look();
  const timer = setInterval(() => look().catch((error) => { if (error.name !== "AbortError") say(error.message); }), LOOK_EVERY_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
}
