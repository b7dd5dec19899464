// A call whose sound flows between this browser and the model's server; the call itself is run by ours, beside it.

import { keepToken, leave, post, sendOn, ServerSays, socketTo } from "./token.js";
import { gathered, microphone } from "./transport.js";

const CHANNEL = "oai-events";
const RETURN_MS = 9_000;
const PAUSE_MS = 700;

/** One call by voice with the model's server; the same ways as `VoiceCall`. A reload ends it: its sound was this page's. */
export class VendorCall {
  constructor(tell, sound) {
    this.tell = tell;
    this.sound = sound;
    this.closed = false;
    this.until = 0;
  }

  /** Open a new call to `team`. Throws `ServerSays`. */
  async begin(team) {
    this.microphone = await microphone();
    if (this.closed) return this.#release();
    this.tell({ on: "connecting" });
    try {
      this.pass = await post("/web/calls", { team, audio: "vendor" });
      if (this.closed) return this.#left();
      const call = await this.#offer(this.pass.vendor);
      if (this.closed) return this.#left();
      await post("/web/calls/vendor", { token: this.pass.token, vendor_call: call });
    } catch (error) {
      this.#release();
      throw error;
    }
    if (this.closed) return this.#left();
    this.until = performance.now() + RETURN_MS;
    this.#follow();
  }

  say(message) {
    return sendOn(this.socket, message);
  }

  close({ goodbye = true } = {}) {
    if (goodbye && !this.say({ type: "bye" })) leave(this.pass);
    this.closed = true;
    setTimeout(() => this.#release(), goodbye ? 150 : 0);
  }

  // The key is this call's alone, and is gone in a minute.
  async #offer({ url, secret }) {
    const peer = (this.peer = new RTCPeerConnection({ iceServers: this.pass.ice_servers ?? [] }));
    peer.ontrack = (event) => this.sound(event.streams[0] ?? new MediaStream([event.track]));
    peer.onconnectionstatechange = () => peer.connectionState === "failed" && this.#over("line_lost");
    for (const track of this.microphone.getAudioTracks()) peer.addTrack(track, this.microphone);
    peer.createDataChannel(CHANNEL);
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const headers = { Authorization: `Bearer ${secret}`, "Content-Type": "application/sdp" };
    const answer = await fetch(url, { method: "POST", body: peer.localDescription.sdp, headers }).catch(() => null);
    if (!answer?.ok) throw new ServerSays("vendor_away");
    const call = answer.headers.get("Location")?.split("/").pop();
    if (!call) throw new ServerSays("vendor_away");
    await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    return call;
  }

  #follow() {
    const socket = (this.socket = socketTo("/web/live", this.pass.token));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && !this.closed && this.#lost(event.code);
  }

  #take(message) {
    if (message.type === "hello") {
      this.until = 0;
      this.tell({ on: "connected" });
    }
    this.tell(message);
    if (message.type === "ended") {
      this.closed = true;
      setTimeout(() => this.#release(), 800);
    }
  }

  // Nobody must talk to a model that nobody runs: without our server the sound ends, too.
  #lost(code) {
    if (!this.until) this.until = performance.now() + RETURN_MS;
    if (code >= 4000 || performance.now() >= this.until) return this.#over("line_lost");
    this.tell({ on: "returning" });
    setTimeout(() => this.closed || this.#follow(), PAUSE_MS);
  }

  // Hung up in between: what the server has done meanwhile is to be undone.
  #left() {
    leave(this.pass);
    this.#release();
  }

  #over(reason) {
    if (this.closed) return;
    this.close();
    keepToken(null);
    this.tell({ on: "over", reason });
  }

  #release() {
    this.peer?.close();
    this.socket?.close();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
  }
}
