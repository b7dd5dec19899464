// One reducer: messages of the call and events of the page in, a view model out. It touches nothing else.

import { itemOf } from "./held.js";
import { troubleWords } from "./words.js";

export const FIRST = Object.freeze({
  phase: "idle", // idle, asking, connecting, live, returning, ended, failed
  by: "voice",
  trouble: null, callId: null, team: "", title: "", agents: [], edges: [], agent: null,
  captions: [], tools: [], handoffs: [], moving: null, latencies: [], firstSoundMs: null, notice: null,
  held: [], // {id, text}: typed words that are not on record yet
  unsent: [], // {id, text}: typed words that the call refused, and that nobody typed again
});

const PHASES = {
  asking: (s, e) => ({ ...FIRST, phase: "asking", by: e.by }),
  connecting: (s) => ({ ...s, phase: "connecting", trouble: null }),
  connected: (s) => ({ ...s, phase: "live", trouble: null }),
  returning: (s, e) => ({ ...s, phase: "returning", by: e.by ?? s.by, trouble: null }),
  failed: (s, e) => ({ ...s, phase: "failed", trouble: e.code, moving: null }),
  over: (s, e) => (s.phase === "ended" ? s : { ...s, phase: "ended", notice: e.reason, moving: null }),
  "first-sound": (s, e) => (s.firstSoundMs === null ? { ...s, firstSoundMs: e.ms } : s),
  "gap-at-ear": (s, e) => ({ ...s, handoffs: patchLast(s.handoffs, (h) => h.from === e.from && h.to === e.to, { earMs: e.ms }) }),
  hint: (s, e) => ({ ...s, notice: troubleWords(e.code) }),
  held: (s, e) => ({ ...s, held: e.words }),
  unsent: (s, e) => ({ ...s, unsent: [...s.unsent, e.word] }),
  pressed: (s, e) => ({ ...s, captions: [...s.captions, pressed(s, e.digit)] }),
};

const MESSAGES = {
  hello: (s, m) => ({
    ...s, phase: "live", trouble: null, callId: m.call_id, team: m.team, title: m.title,
    agents: m.agents, edges: m.edges, agent: m.agent,
    // All facts so far follow, also for who was here before.
    captions: [], tools: [], handoffs: [], moving: null, latencies: s.callId === m.call_id ? s.latencies : [],
  }),
  caption: (s, m) => ({ ...s, captions: withCaption(s.captions, m, s.agent) }),
  latency: (s, m) => ({ ...s, latencies: [...s.latencies.filter((one) => one.turn !== m.turn), { turn: m.turn, ms: m.ms }] }),
  ended: (s, m) => ({ ...s, phase: "ended", notice: m.reason, moving: null }),
  error: (s, m) => ({ ...s, notice: m.message }),
  moved: (s) => ({ ...s, phase: "returning" }),
  missed: (s, m) => ({ ...s, notice: `${m.facts} details were left out: this connection is slow.` }),
  fact: (s, m) => (FACTS[m.fact.type] ?? ((same) => same))(s, m.fact),
};

const FACTS = {
  CallerSpoke: (s, f) => withWords({ ...s, notice: null }, f.item_id, "caller", f.text, f),
  AgentSpoke: (s, f) => withWords(s, f.item_id, "agent", f.heard_text, f),
  Interrupted: (s, f) => ({ ...s, captions: patch(s.captions, (c) => c.id === f.item_id, { interrupted: true }) }),
  ToolCalled: (s, f) => ({ ...s, tools: [...s.tools, toolOf(f)] }),
  ToolAnswered: (s, f) => ({
    ...s, tools: patch(s.tools, (t) => t.id === f.tool_call_id, { output: f.output, state: f.ok ? "done" : "failed", ms: f.duration_ms, error: f.error }),
  }),
  ApprovalAsked: (s, f) => ({ ...s, tools: patch(s.tools, (t) => t.id === f.tool_call_id, { state: "waiting" }) }),
  ApprovalGiven: (s, f) => ({ ...s, tools: patch(s.tools, (t) => t.id === f.tool_call_id, { state: f.approved ? "running" : "failed" }) }),
  HandoffProposed: (s, f) => ({ ...s, moving: { from: f.from, to: f.to } }),
  HandoffRefused: (s, f) => ({ ...s, moving: null, notice: `The call stays where it is: ${f.reason.replaceAll("_", " ")}.` }),
  HandoffRolledBack: (s, f) => ({ ...s, moving: null, agent: f.from, notice: "The handoff did not work; the agent before goes on." }),
  HandoffCommitted: (s, f) => handed(s, f),
  HandoffReturned: (s, f) => handed(s, f),
  HandoffHeard: (s, f) => ({
    ...s, moving: null, handoffs: patchLast(s.handoffs, (h) => h.from === f.from && h.to === f.to, { gapMs: f.gap_ms }),
  }),
  CallEnded: (s, f) => ({ ...s, phase: "ended", notice: f.reason, moving: null }),
};

/** Typed words that the call has not told as said, as captions that come behind all others. */
export function waiting(state) {
  const said = new Set(state.captions.map((one) => one.id));
  const refused = state.unsent.map((word) => ({ ...word, refused: true }));
  return [...refused, ...state.held]
    .map(({ id, ...word }) => ({ refused: false, ...word, id: itemOf(id), speaker: "caller", final: false, interrupted: false }))
    .filter((one) => !said.has(one.id));
}

/** The next state. An event of the page has `on`, a message of the call `type`; what is unknown changes nothing. */
export function reduce(state, event) {
  const step = event.on ? PHASES[event.on] : MESSAGES[event.type];
  return step ? step(state, event) : state;
}

function patch(list, fits, change) {
  return list.some(fits) ? list.map((one) => (fits(one) ? { ...one, ...change } : one)) : list;
}

function patchLast(list, fits, change) {
  const at = list.findLastIndex(fits);
  return at < 0 ? list : list.with(at, { ...list[at], ...change });
}

function withCaption(captions, m, agent) {
  const known = captions.find((one) => one.id === m.utterance);
  const change = { text: m.text, final: m.final };
  if (known) return patch(captions, (one) => one === known, change);
  if (!m.text) return captions;
  return [...captions, { id: m.utterance, speaker: m.speaker, agent: m.agent ?? agent, interrupted: false, ...change }];
}

// The record has the last word on what was said and heard, also where no caption came.
function withWords(s, id, speaker, text, fact) {
  const captions = withCaption(s.captions, { utterance: id, speaker, text, final: true, agent: fact.agent }, s.agent);
  return { ...s, captions: patch(captions, (c) => c.id === id, { interrupted: Boolean(fact.interrupted) }) };
}

function toolOf(f) {
  return { id: f.tool_call_id, tool: f.tool, agent: f.agent, arguments: f.arguments, effect: f.effect, state: "running", output: null, ms: null };
}

// A return is told both as a commit and as a return: one change of hands is listed once.
function handed(s, f) {
  const last = s.handoffs.at(-1);
  const told = last && last.from === f.from && last.to === f.to && last.gapMs === null && s.agent === f.to;
  const handoffs = told ? s.handoffs : [...s.handoffs, { from: f.from, to: f.to, gapMs: null, earMs: null, after: s.captions.length }];
  return { ...s, agent: f.to, moving: { from: f.from, to: f.to }, handoffs, notice: null };
}

function pressed(s, digit) {
  return { id: `key-${s.captions.length}`, speaker: "key", agent: null, text: digit, final: true, interrupted: false };
}
