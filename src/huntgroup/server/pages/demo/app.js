// Wires the page: what the caller does becomes a message, what the call says becomes the state, the state is drawn.

import { Captions } from "./captions.js";
import { ChatCall } from "./chatline.js";
import { Graph } from "./graph.js";
import { guide } from "./guide.js";
import { Held } from "./held.js";
import { keypad } from "./keypad.js";
import { Meters } from "./meters.js";
import { FIRST, reduce } from "./state.js";
import { keepToken, keptToken } from "./token.js";
import { Tools } from "./tools.js";
import { VoiceCall } from "./transport.js";
import { VendorCall } from "./vendorline.js";
import { figures, handMenu, show } from "./view.js";

const $ = (id) => document.getElementById(id);
const captions = new Captions($("captions"), $("said"));
const graph = new Graph($("graph"));
const tools = new Tools($("tools"), $("no-tools"));
const meters = new Meters({ caller: $("level-caller").lastElementChild, agent: $("level-agent").lastElementChild });
// The first word is heard about when the call says so: the marks of the line lead or lag by its buffers.
const EARLIER_MS = 1_500;
const JITTER_MS = 400;
const EAR_TRIES = 8;

// With `?audio=vendor` the sound flows between this browser and the model's server.
const atVendor = new URLSearchParams(location.search).get("audio") === "vendor";

const held = new Held();
let state = FIRST;
let call = null;
let clickedAt = 0;
let committedAt = 0;
let drawing = 0;

function tell(event) {
  const before = state;
  state = reduce(state, event);
  if (event.type === "fact") measure(event.fact);
  if (state.phase !== before.phase && (state.phase === "ended" || state.phase === "failed")) hush();
  // Captions may come many times between two frames of the screen.
  drawing ||= requestAnimationFrame(draw);
}

function hush() {
  meters.stop();
  $("hear").hidden = true;
}

function draw() {
  drawing = 0;
  captions.draw(state, $("reveal").checked);
  graph.draw(state);
  tools.draw(state);
  show(state);
  figures($("figures"), state);
  handMenu($("to"), state);
}

function measure(fact) {
  if (fact.type === "HandoffCommitted") committedAt = performance.now();
  // Facts of before come all at once, after a reload; their sound is gone.
  const isOld = performance.now() - committedAt < 20;
  if (fact.type !== "HandoffHeard" || isOld || !meters.ears.agent) return;
  askTheEar(fact, performance.now() - EARLIER_MS, EAR_TRIES);
}

// On a slow network or a busy machine the sound comes well after its fact.
function askTheEar(fact, since, tries) {
  setTimeout(() => {
    const ms = meters.gapSince(since);
    if (ms !== null) tell({ on: "gap-at-ear", from: fact.from, to: fact.to, ms });
    else if (tries > 1) askTheEar(fact, since, tries - 1);
  }, JITTER_MS);
}

function sound(stream) {
  const audio = $("sound");
  audio.srcObject = stream;
  // A page that was loaded anew may not play before it was touched.
  audio.play().then(() => ($("hear").hidden = true), (error) => ($("hear").hidden = error.name !== "NotAllowedError"));
  meters.listen("agent", stream, (now) => clickedAt && tell({ on: "first-sound", ms: Math.round(now - clickedAt) }));
  meters.listen("caller", call.microphone);
}

/** A way to the call, by "voice" or in "text". `before` is the way so far: it is closed when this one is there. */
function wayOf(by, { before = null, kept = null } = {}) {
  const Way = by === "text" ? ChatCall : atVendor && !before && !kept ? VendorCall : VoiceCall;
  const mine = new Way(tellOf, (stream) => call === mine && sound(stream));
  function tellOf(event) {
    if (call !== mine) return;
    if (event.type === "hello" || event.on === "failed" || event.on === "over") before?.close({ goodbye: false });
    tell(event);
    keepWords(event, mine);
  }
  mine.before = before;
  return mine;
}

// Words are held until they are on record: a line may break, or a server die, before it has them.
function keepWords(event, way) {
  if (event.type === "hello") {
    tell({ on: "held", words: held.of(event.call_id) });
    for (const word of held.of(event.call_id)) way.say({ type: "say", ...word });
  } else if (event.type === "ended" || event.on === "over") {
    held.clear();
  } else if (event.id && (event.type === "kept" || event.type === "error")) {
    const text = held.drop(event.id);
    tell({ on: "held", words: held.of(state.callId) });
    if (event.type === "error" && text) giveBack({ id: event.id, text });
  }
}

// Refused words go back to where they were typed; where others are by now, they stay in sight.
function giveBack(word) {
  if ($("words").value) tell({ on: "unsent", word });
  else $("words").value = word.text;
}

function sayWords(text) {
  if (!text || !state.callId) return false;
  const word = held.add(state.callId, text);
  // A call that is on its way back takes them at its next hello.
  const taken = Boolean(call?.say({ type: "say", ...word })) || state.phase === "returning";
  if (!taken) held.drop(word.id);
  tell({ on: "held", words: held.of(state.callId) });
  return taken;
}

function begin(by, kept = null) {
  call?.close({ goodbye: false });
  tell({ on: "asking", by });
  clickedAt = kept ? 0 : performance.now();
  call = wayOf(by, { kept });
  return open(call, kept);
}

async function open(mine, kept) {
  try {
    await mine.begin(kept?.team ?? $("team").value, kept);
  } catch (error) {
    // Who has hung up meanwhile is told no troubles.
    if (mine.closed) return;
    const code = error.code ?? "server_gone";
    if (call === mine && code === "token_unknown") keepToken(null);
    mine.tell(kept && code === "token_unknown" ? { on: "over", reason: "line_lost" } : { on: "failed", code });
  }
}

/** Go on with the same call by voice or in text. */
async function goOn(by) {
  const before = call;
  if (before instanceof VendorCall) return tell({ on: "hint", code: "stays_by_voice" });
  const next = wayOf(by, { before });
  try {
    await next.prepare();
  } catch (error) {
    return tell({ on: "hint", code: error.code });
  }
  if (call !== before || state.phase !== "live") return next.close({ goodbye: false });
  before.retire();
  clickedAt = 0;
  hush();
  $("sound").srcObject = null;
  call = next;
  tell({ on: "returning", by });
  return open(next, { team: state.team, ...before.pass });
}

function hangUp() {
  keepToken(null);
  held.clear();
  call?.before?.close();
  call?.close();
  tell({ on: "over", reason: "caller_hung_up" });
}

function press(digit) {
  if (call?.say({ type: "key", digit })) tell({ on: "pressed", digit });
}

$("call").addEventListener("click", () => begin("voice"));
$("type-instead").addEventListener("click", () => (state.phase === "live" ? goOn("text") : begin("text")));
$("speak").addEventListener("click", () => goOn("voice"));
$("trouble-type").addEventListener("click", () => begin("text", keptToken()));
$("retry").addEventListener("click", () => begin(keptToken()?.by ?? state.by, keptToken()));
$("hang-up").addEventListener("click", hangUp);
$("stop").addEventListener("click", () => call?.say({ type: "interrupt" }));
$("hear").addEventListener("click", () => sound($("sound").srcObject));
$("reveal").addEventListener("change", draw);
$("transfer").addEventListener("click", () => $("to").value && call?.say({ type: "transfer", agent: $("to").value }));
$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("words").value.trim();
  if (sayWords(text)) $("words").value = "";
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.phase === "live" && !$("guide").open) call?.say({ type: "interrupt" });
});

keypad($("keys"), $("keys-open"), press);
const kept = keptToken();
guide($("guide"), $("guide-steps"), $("guide-open"), $("guide-close"), () => $("team").value, kept !== null);
draw();
if (kept) begin(kept.by, kept);
