// Taking a live call with this browser's microphone, giving it back, or ending it.

import { get, send, callPath } from "./api.js";
import { h, say } from "./dom.js";

const GATHER_MS = 1500;
const MICROPHONE = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } };
const WHY = { NotAllowedError: "This page may not use the microphone.", NotFoundError: "There is no microphone.", NotReadableError: "The microphone is in use elsewhere." };

// `tell(fact)` must get each fact of the call; the connection ends with the take-over, the call, or the page.
export function takeOver(callId, me, signal) {
  const line = new Line(callId);
  const take = h("button", { type: "button" }, "Take over");
  const back = h("button", { type: "button", hidden: true }, "Give back to the agent");
  const end = h("button", { type: "button", class: "danger", hidden: true }, "End the call");
  const state = h("p", { class: "note", "aria-live": "polite" }, "You speak with the caller; the agent is silent and learns what was said.");
  let has = null;
  const draw = () => {
    take.hidden = Boolean(has) && !(has === me && !line.open);
    back.hidden = end.hidden = has !== me;
    state.textContent = has === null ? (line.open ? "Connecting …" : "You speak with the caller; the agent is silent and learns what was said.")
      : has === me ? (line.open ? "You have the call: speak." : "Your connection is gone. Take over again, or the agent goes on.") : `${has} has the call.`;
  };
  const doing = (button, act) => async () => {
    button.disabled = true;
    await act().catch((error) => say(WHY[error.name] ?? error.message));
    button.disabled = false;
    draw();
  };
  line.changed = draw;
  take.addEventListener("click", doing(take, () => line.begin()));
  back.addEventListener("click", doing(back, () => send("POST", callPath(callId, "/giveback"))));
  end.addEventListener("click", doing(end, () => send("POST", callPath(callId, "/hangup"))));
  signal.addEventListener("abort", () => line.close());
  draw();
  return {
    view: h("div", { class: "takeover" }, state, h("p", { class: "actions" }, take, back, end), line.player),
    tell(fact) {
      if (fact.type === "SupervisorJoined") has = fact.by;
      else if (fact.type === "SupervisorLeft" || fact.type === "CallEnded" || fact.type === "CallMoved") {
        has = null;
        line.close();
      } else return;
      draw();
    },
    restart() { has = null; draw(); },
  };
}

class Line {
  constructor(callId) {
    this.callId = callId;
    this.changed = () => {};
    this.player = h("audio", { autoplay: true, hidden: true });
  }

  get open() { return Boolean(this.peer); }

  async begin() {
    this.close();
    if (!navigator.mediaDevices || !window.RTCPeerConnection) throw new Error("This browser cannot speak: the desk must be reached by https.");
    const microphone = await navigator.mediaDevices.getUserMedia(MICROPHONE);
    const { ice_servers: iceServers } = await get(callPath(this.callId, "/ice"));
    const peer = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    [this.peer, this.microphone] = [peer, microphone];
    for (const track of microphone.getAudioTracks()) peer.addTrack(track, microphone);
    peer.ontrack = (event) => { this.player.srcObject = event.streams[0] ?? new MediaStream([event.track]); };
    peer.onconnectionstatechange = () => { if (peer === this.peer && ["failed", "closed"].includes(peer.connectionState)) this.close(); };
    try {
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      const answer = await send("POST", callPath(this.callId, "/takeover"), { sdp: peer.localDescription.sdp, type: "offer" });
      if (peer === this.peer) await peer.setRemoteDescription(answer);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close() {
    const { peer, microphone } = this;
    this.peer = this.microphone = null;
    peer?.close();
    microphone?.getTracks().forEach((track) => track.stop());
    this.player.srcObject = null;
    this.changed();
  }
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
