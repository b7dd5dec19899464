// Wires the page: what the caller does becomes a message, what the call says becomes the state, the state is drawn.

import { Captions } from "./captions.js";
import { ChatCall } from "./chatline.js";
import { Graph } from "./graph.js";
import { guide } from "./guide.js";
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
const graph = new Graph($("graph"), $("handoff-news"));
const tools = new Tools($("tools"), $("no-tools"));
const meters = new Meters({ caller: $("level-caller").lastElementChild, agent: $("level-agent").lastElementChild });
// The first word is heard about when the call says so: the marks of the line lead or lag by its buffers.
const EARLIER_MS = 1_500;
const JITTER_MS = 400;

// With `?audio=vendor` the sound flows between this browser and the model's server.
const atVendor = new URLSearchParams(location.search).get("audio") === "vendor";

let state = FIRST;
let call = null;
let clickedAt = 0;
let committedAt = 0;
let drawing = 0;

function tell(event) {
  const before = state;
  state = reduce(state, event);
  if (event.type === "fact") measure(event.fact);
  if (state.phase !== before.phase && (state.phase === "ended" || state.phase === "failed")) meters.stop();
  // Captions may come many times between two frames of the screen.
  drawing ||= requestAnimationFrame(draw);
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
  const since = performance.now() - EARLIER_MS;
  setTimeout(() => {
    const ms = meters.gapSince(since);
    if (ms !== null) tell({ on: "gap-at-ear", ms });
  }, JITTER_MS);
}

function sound(stream) {
  const audio = $("sound");
  audio.srcObject = stream;
  // A page that was loaded anew may not play before it was touched.
  audio.play().then(() => ($("hear").hidden = true), () => ($("hear").hidden = false));
  meters.listen("agent", stream, (now) => clickedAt && tell({ on: "first-sound", ms: Math.round(now - clickedAt) }));
  meters.listen("caller", call.microphone);
}

async function begin(by, kept = null) {
  call?.close({ goodbye: false });
  tell({ on: "asking", by });
  clickedAt = kept ? 0 : performance.now();
  const mine = (call = by === "voice" ? new (atVendor ? VendorCall : VoiceCall)(tellOf, sound) : new ChatCall(tellOf));
  function tellOf(event) {
    if (call === mine) tell(event);
  }
  try {
    await mine.begin(kept?.team ?? $("team").value, kept?.token);
  } catch (error) {
    const code = error.code ?? "server_gone";
    if (code === "token_unknown") keepToken(null);
    tellOf(kept && code === "token_unknown" ? { on: "over", reason: "line_lost" } : { on: "failed", code });
  }
}

function hangUp() {
  keepToken(null);
  call?.close();
  tell({ on: "over", reason: "caller_hung_up" });
}

function press(digit) {
  if (call?.say({ type: "key", digit })) tell({ on: "pressed", digit });
}

$("call").addEventListener("click", () => begin("voice"));
$("type-instead").addEventListener("click", () => begin("text"));
$("trouble-type").addEventListener("click", () => begin("text"));
$("retry").addEventListener("click", () => begin(keptToken()?.by ?? state.by, keptToken()));
$("hang-up").addEventListener("click", hangUp);
$("stop").addEventListener("click", () => call?.say({ type: "interrupt" }));
$("hear").addEventListener("click", () => sound($("sound").srcObject));
$("reveal").addEventListener("change", draw);
$("transfer").addEventListener("click", () => $("to").value && call?.say({ type: "transfer", agent: $("to").value }));
$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("words").value.trim();
  if (text && call?.say({ type: "say", text })) $("words").value = "";
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.phase === "live" && !$("guide").open) call?.say({ type: "interrupt" });
});

keypad($("keys"), $("keys-open"), press);
const kept = keptToken();
guide($("guide"), $("guide-steps"), $("guide-open"), $("guide-close"), () => $("team").value, kept !== null);
draw();
if (kept) begin(kept.by, kept);
