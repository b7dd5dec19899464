// Taking a live call with this browser's microphone, giving it back, or ending it.

import { get, send, callPath } from "./api.js";
import { h, say, write, working } from "./dom.js";

const GATHER_MS = 1500;
const MICROPHONE = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } };
const WHY = { NotAllowedError: "This page may not use the microphone.", NotFoundError: "There is no microphone.", NotReadableError: "The microphone is in use elsewhere." };

// How a take-over ends with its call, and how it ends without anybody's wish.
const OF_THE_CALL = new Set(["hung_up", "call_over"]);
const TAKEN = { lost: "your sound did not arrive", moved: "another process takes it", process_lost: "its process was lost" };

// `tell(fact)` must get each fact of the call; the connection ends with the take-over, the call, or the page.
// `me` is this session: two people may have one name.
export function takeOver(callId, me, signal) {
  const line = new Line(callId);
  const take = h("button", { type: "button" }, "Take over");
  const back = h("button", { type: "button", hidden: true }, "Give back to the agent");
  const end = h("button", { type: "button", class: "danger", hidden: true }, "End the call");
  const state = h("p", { class: "note", "aria-live": "polite" }, "You speak with the caller; the agent is silent and learns what was said.");
  let has = null;
  let mine = false;
  let had = false;
  let late = false;
  const draw = () => {
    const focused = [take, back, end].includes(document.activeElement);
    take.hidden = Boolean(has) && !(mine && !line.open);
    back.hidden = end.hidden = !mine;
    // A button that vanishes must not take the focus of a keyboard with it.
    if (focused && document.activeElement.hidden) [take, back].find((button) => !button.hidden)?.focus();
    write(state, has === null ? (line.open ? "Connecting …" : "You speak with the caller; the agent is silent and learns what was said.")
      : mine ? (line.open ? (late ? "You have the call, which has reached its longest duration: it ends when you leave it." : "You have the call: speak.") : "Your connection is gone. Take over again, or the agent goes on.") : `${has} has the call.`);
  };
  const doing = (button, act) => () => working(button, act).then(draw);
  line.changed = draw;
  take.addEventListener("click", doing(take, () => line.begin()));
  back.addEventListener("click", doing(back, () => send("POST", callPath(callId, "/giveback"))));
  end.addEventListener("click", doing(end, () => send("POST", callPath(callId, "/hangup"))));
  signal.addEventListener("abort", () => line.close());
  draw();
  return {
    view: h("div", { class: "takeover" }, state, h("p", { class: "actions" }, take, back, end), line.player),
    tell(fact) {
      if (fact.type === "SupervisorJoined") [has, mine, had] = [fact.by, fact.visit === me, false];
      else if (fact.type === "LengthReached") late = true;
      else if (fact.type === "SupervisorLeft" || fact.type === "CallEnded" || fact.type === "CallMoved") {
        if (has !== null) had = mine && (fact.type === "CallEnded" || OF_THE_CALL.has(fact.reason));
        if (mine && line.open && fact.type === "SupervisorLeft" && fact.reason in TAKEN) say(`You have the call no more: ${TAKEN[fact.reason]}. The agent goes on.`);
        [has, mine] = [null, false];
        line.close();
      } else return;
      draw();
    },
    // The call is over; returns whether it was theirs up to its end.
    over() {
      line.close();
      return had || mine;
    },
    restart() { [has, mine, late] = [null, false, false]; draw(); },
  };
}

class Line {
  constructor(callId) {
    this.callId = callId;
    this.changed = () => {};
    this.player = h("audio", { autoplay: true, hidden: true });
    this.attempt = 0;
  }

  get open() { return Boolean(this.peer); }

  async begin() {
    this.close();
    if (!navigator.mediaDevices || !window.RTCPeerConnection) throw new Error("This browser cannot speak: the desk must be reached by https.");
    const attempt = this.attempt;
    const microphone = await this.#microphone();
    // The page was left, or the call ended, while the browser asked for the microphone.
    if (attempt !== this.attempt) return stop(microphone);
    this.microphone = microphone;
    try {
      await this.#connect(attempt);
    } catch (error) {
      if (attempt !== this.attempt) return;
      this.close();
      throw error;
    }
  }

  #microphone() {
    return navigator.mediaDevices.getUserMedia(MICROPHONE).catch((error) => {
      throw new Error(WHY[error.name] ?? error.message);
    });
  }

  async #connect(attempt) {
    const { ice_servers: iceServers } = await get(callPath(this.callId, "/ice"));
    if (attempt !== this.attempt) return;
    const { microphone } = this;
    const peer = (this.peer = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" }));
    for (const track of microphone.getAudioTracks()) peer.addTrack(track, microphone);
    peer.ontrack = (event) => { this.player.srcObject = event.streams[0] ?? new MediaStream([event.track]); };
    peer.onconnectionstatechange = () => { if (peer === this.peer && ["failed", "closed"].includes(peer.connectionState)) this.close(); };
    this.changed();
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    if (attempt !== this.attempt) return;
    const answer = await send("POST", callPath(this.callId, "/takeover"), { sdp: peer.localDescription.sdp, type: "offer" });
    if (attempt === this.attempt) await peer.setRemoteDescription(answer);
  }

  close() {
    const { peer, microphone } = this;
    this.attempt += 1;
    this.peer = this.microphone = null;
    peer?.close();
    if (microphone) stop(microphone);
    this.player.srcObject = null;
    this.changed();
  }
}

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}

function gathered(peer) {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    });
  });
}
