// One call: its sound in lanes above the waterfall of spans, on one axis of time, with the transcript in step.

import { get, send, callPath } from "./api.js";
import { h, svg, table, clock, moment, usd, say } from "./dom.js";
import { handoffs, tools, guardrails } from "./deeds.js";

const WIDTH = 1000, LANE = 44, ROW = 18;
const TICKS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600];

export async function showCall(place, { signal, go, argument }) {
  const call = await get(callPath(argument), signal);
  const length = Math.max(1, call.call.duration_ms ?? 0, call.sound?.duration_ms ?? 0, ...call.trace.map((span) => span.end_ms));
  const { seek, onTime, parts } = player(call, argument, length);
  place.append(head(call), actions(call, argument, go), ...parts,
    waterfall(call, length, seek, onTime),
    transcript(call, seek, onTime),
    handoffs(call, seek), tools(call, seek), guardrails(call, seek),
    accounts(call), analytics(call.analytics),
    facts(call, seek));
  signal.addEventListener("abort", () => parts.forEach((part) => part.querySelectorAll("audio").forEach((audio) => audio.pause())));
}

function head(call) {
  const { call: c } = call;
  const pairs = { Began: moment(c.started_at), Team: c.team, Caller: c.caller, Line: c.line, Model: c.model, Length: c.is_running ? "running" : clock(c.duration_ms), End: ended(call), Call: c.call_id };
  return h("dl", { class: "head" }, Object.entries(pairs).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value ?? "–"))));
}

// A line that was lost says how: a browser's sound that never came about, or broke and did not come back.
function ended({ call: { end_reason: reason }, facts }) {
  const lost = reason === "line_lost" && facts.findLast((fact) => fact.type === "LineLost");
  return lost ? `${reason} (${lost.reason})` : reason;
}

function actions(call, callId, go) {
  return h("p", { class: "actions" },
    h("a", { class: "button", href: callPath(callId, "/export.json"), download: true }, "Export JSON"),
    call.sound ? h("a", { class: "button", href: callPath(callId, "/sound.wav?download=true"), download: true }, "Export WAV") : "",
    call.call.is_running ? h("a", { class: "button", href: `/desk/live/${encodeURIComponent(callId)}` }, "Watch it live") : "",
    call.call.is_running ? "" : h("button", { type: "button", class: "danger", onclick: async () => {
      if (!confirm("Delete this call with its sound, for good?")) return;
      try {
        await send("DELETE", callPath(callId));
        go("/desk");
      } catch (error) {
        say(error.message);
      }
    } }, "Delete"));
}

// -- sound -----------------------------------------------------------------------------------------------------------

function player(call, callId, length) {
  const watchers = [];
  const onTime = (watcher) => watchers.push(watcher);
  const tell = (ms) => watchers.forEach((watcher) => watcher(ms));
  if (!call.sound) return { seek: tell, onTime, parts: [h("p", { class: "note" }, "No sound of this call was kept (HUNTGROUP_RECORD_SOUND).")] };
  const audio = h("audio", { controls: true, preload: "metadata", src: callPath(callId, "/sound.wav"), "aria-label": "The call's sound, the caller left, agents right" });
  const seek = (ms) => {
    audio.currentTime = ms / 1000;
    tell(ms);
  };
  audio.addEventListener("timeupdate", () => tell(audio.currentTime * 1000));
  let frame = 0;
  const follow = () => {
    tell(audio.currentTime * 1000);
    if (!audio.paused && audio.isConnected) frame = requestAnimationFrame(follow);
  };
  audio.addEventListener("play", () => { cancelAnimationFrame(frame); follow(); });
  const speakers = Object.keys(call.speech);
  const lanes = speakers.map((name, number) => lane(call, name, number, length, seek, onTime));
  const choice = h("select", { onchange: () => {
    const at = audio.currentTime, playing = !audio.paused;
    audio.src = callPath(callId, `/sound.wav?lane=${encodeURIComponent(choice.value)}`);
    audio.addEventListener("loadedmetadata", () => { audio.currentTime = at; if (playing) audio.play().catch(() => undefined); }, { once: true });
  } }, h("option", { value: "both" }, "everybody"), speakers.map((name) => h("option", { value: name }, `only ${name}`)));
  return { seek, onTime, parts: [h("section", { class: "sound", "aria-label": "Sound" },
    h("div", { class: "controls" }, audio, h("label", {}, "Hear ", choice)), axis(length), ...lanes)] };
}

function lane(call, name, number, length, seek, onTime) {
  const { step_ms: step, duration_ms: duration } = call.sound;
  const peaks = name === "caller" ? call.sound.caller : call.sound.heard;
  const spans = call.speech[name];
  const heard = (ms) => name === "caller" || spans.some(([start, end]) => ms + step > start && ms < end);
  const x = (ms) => ms / length * WIDTH;
  const middle = LANE / 2;
  const path = peaks.map((peak, at) => at * step > duration || !heard(at * step) ? "" : `M${x(at * step).toFixed(1)} ${(middle - Math.max(0.5, peak * middle)).toFixed(1)}V${(middle + Math.max(0.5, peak * middle)).toFixed(1)}`).join("");
  const cursor = svg("line", { class: "cursor", y1: 0, y2: LANE, x1: 0, x2: 0 });
  onTime((ms) => { cursor.setAttribute("x1", x(ms)); cursor.setAttribute("x2", x(ms)); });
  const picture = svg("svg", { class: `lane s${number % 5}`, viewBox: `0 0 ${WIDTH} ${LANE}`, preserveAspectRatio: "none", "aria-hidden": "true",
    onclick: (event) => scrub(event, picture, length, seek) },
    spans.map(([start, end]) => svg("rect", { class: "span", x: x(start), width: Math.max(1, x(end - start)), y: 0, height: LANE })),
    svg("path", { d: path }), cursor);
  return h("div", { class: "row" }, h("span", { class: "label" }, name), picture);
}

function axis(length) {
  const step = (TICKS_S.find((s) => length / (s * 1000) <= 8) ?? 7200) * 1000;
  const ticks = Array.from({ length: Math.floor(length / step) + 1 }, (_, at) => at * step);
  return h("div", { class: "row", "aria-hidden": "true" }, h("span"), svg("svg", { class: "axis", height: 16, width: "100%" },
    ticks.filter((ms) => ms < length * 0.98).map((ms) => svg("text", { x: `${ms / length * 100}%`, y: 12 }, clock(ms)))));
}

function scrub(event, picture, length, seek) {
  const box = picture.getBoundingClientRect();
  seek(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * length);
}

// -- the waterfall -----------------------------------------------------------------------------------------------------

function waterfall(call, length, seek, onTime) {
  const spans = call.trace.filter((span) => span.kind !== "call");
  if (!spans.length) return "";
  const height = spans.length * ROW;
  const x = (ms) => ms / length * WIDTH;
  const cursor = svg("line", { class: "cursor", y1: 0, y2: height, x1: 0, x2: 0 });
  onTime((ms) => { cursor.setAttribute("x1", x(ms)); cursor.setAttribute("x2", x(ms)); });
  const picture = svg("svg", { class: "waterfall", viewBox: `0 0 ${WIDTH} ${Math.max(height, ROW)}`, preserveAspectRatio: "none", height: Math.max(height, ROW), "aria-hidden": "true", onclick: (event) => scrub(event, picture, length, seek) },
    spans.map((span, row) => svg("rect", { class: `k-${span.kind}${span.status === "error" ? " error" : ""}`, x: x(span.start_ms), width: Math.max(2, x(span.end_ms - span.start_ms)), y: row * ROW + 2, height: ROW - 4 },
      svg("title", {}, `${title(span)}: ${clock(span.start_ms)}, ${span.end_ms - span.start_ms} ms`))), cursor);
  const names = h("ol", { class: "names" }, spans.map((span) => h("li", {},
    h("button", { type: "button", title: `${title(span)} at ${clock(span.start_ms)}`, onclick: () => seek(span.start_ms) }, title(span)))));
  return h("section", { "aria-label": "What happened when" }, h("h2", {}, "Waterfall"),
    axis(length), h("div", { class: "fall", tabindex: "0", role: "region", "aria-label": "Waterfall of spans" }, names, picture),
    h("details", {}, h("summary", {}, "The spans as a table"),
      table("Spans, as OpenTelemetry has them", ["Span", "Kind", "From", "Lasts", "Status", "More"],
        call.trace.map((span) => [span.name, span.kind, clock(span.start_ms), `${span.end_ms - span.start_ms} ms`, span.status, Object.entries(span.attributes).map(([name, value]) => `${name} ${value}`).join(", ")]))));
}

function title(span) {
  if (span.kind === "turn") return `caller, turn ${span.attributes.turn}`;
  return span.kind === "response" ? `${span.attributes.agent} speaks` : span.name;
}

// -- words, facts, figures ---------------------------------------------------------------------------------------------

function transcript(call, seek, onTime) {
  if (!call.facts.length) return h("p", { class: "note" }, "This call's record is kept no longer.");
  const lines = call.transcript.map((line) => h("li", { class: ["caller", "supervisor"].includes(line.speaker) ? line.speaker : "agent" },
    h("button", { type: "button", class: "time", "aria-label": `Go to ${clock(line.t_ms)}`, onclick: () => seek(line.t_ms) }, clock(line.t_ms)),
    h("b", {}, line.speaker), h("span", {}, line.text, line.interrupted ? h("em", {}, " (interrupted)") : "")));
  onTime((ms) => {
    const at = call.transcript.findLastIndex((line) => line.t_ms <= ms);
    lines.forEach((line, number) => number === at ? line.setAttribute("aria-current", "true") : line.removeAttribute("aria-current"));
  });
  return h("section", {}, h("h2", {}, "Transcript"), h("p", { class: "note" }, "What was heard."), h("ol", { class: "transcript" }, lines));
}

function accounts(call) {
  if (!call.agents.length) return "";
  const total = call.agents.reduce((sum, agent) => sum + agent.usd, 0);
  return h("section", {}, h("h2", {}, "Agents and money"),
    table(`What each agent did; ${usd(total)} in all, by the list prices of ${call.agents[0].priced_as}`,
      ["Agent", "Heard", "Responses", "Tools", "Handoffs", "Input tokens", "of these cached", "Output tokens", "USD"],
      call.agents.map((agent) => [agent.agent, clock(agent.heard_ms), agent.responses, agent.tools, agent.handoffs, agent.input_tokens,
        agent.input_tokens ? `${agent.cached_tokens} (${Math.round(100 * agent.cached_tokens / agent.input_tokens)} %)` : 0, agent.output_tokens, usd(agent.usd)])));
}

function analytics(found) {
  if (!found) return "";
  const pairs = { Summary: found.summary, Outcome: found.resolution, Feeling: `${found.sentiment_label} (${found.sentiment_score.toFixed(2)})`, Lead: `${found.lead_class} (${found.lead_score})`, Intent: found.intent, Satisfaction: `${found.satisfaction} of 5`, By: found.method };
  return h("section", {}, h("h2", {}, "Afterwards"), h("dl", { class: "head" }, Object.entries(pairs).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value ?? "–"))))));
}

function facts(call, seek) {
  const types = [...new Set(call.facts.map((fact) => fact.type))].sort();
  const list = h("ol", { class: "facts" });
  const draw = (type) => list.replaceChildren(...call.facts.filter((fact) => !type || fact.type === type).map((fact) => {
    const { type: kind, call_id: _id, seq, t_ms: at, agent, ...rest } = fact;
    return h("li", {}, h("button", { type: "button", class: "time", "aria-label": `Go to ${clock(at)}`, onclick: () => seek(at) }, clock(at)),
      h("b", {}, kind), agent ? ` ${agent} ` : " ", h("code", {}, JSON.stringify(rest)));
  }));
  const choice = h("select", { onchange: () => draw(choice.value) }, h("option", { value: "" }, "all"), types.map((type) => h("option", { value: type }, type)));
  draw("");
  return h("details", {}, h("summary", {}, `Facts (${call.facts.length})`), h("label", {}, "Show ", choice), list);
}
