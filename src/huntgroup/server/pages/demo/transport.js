// A call over WebRTC: the microphone, the agents' sound, and the channel of messages. It comes back when it is cut off.

import { announce, isForNow, keepToken, leave, post, ServerSays } from "./token.js";

const LABEL = "huntgroup";
const RETURN_MS = 10_000;
const LONGEST_RETURN_MS = 60_000;
const GATHER_MS = 1_500;
const GRACE_MS = 2_500;
const LOOK_EVERY_MS = 1_000;
const MOST_QUIET_LOOKS = 3;
const RESTART_MS = 3_000;
// A little longer than the server waits for a browser's sound.
const STANDS_WITHIN_MS = 12_000;
const MICROPHONE = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } };

/** Ask for the microphone. Throws `ServerSays` with mic_denied, mic_missing, mic_busy or no_webrtc. */
export async function microphone() {
  if (!navigator.mediaDevices || !window.RTCPeerConnection) throw new ServerSays("no_webrtc");
  try {
    return await navigator.mediaDevices.getUserMedia(MICROPHONE);
  } catch (error) {
    const codes = { NotFoundError: "mic_missing", NotReadableError: "mic_busy", OverconstrainedError: "mic_missing" };
    throw new ServerSays(codes[error.name] ?? "mic_denied");
  }
}

/**
 * One call by voice. `tell(event)` gets events of the page and messages of the call; `sound(stream)` the agents' sound.
 * `begin` opens it; `say` sends a message; `close` hangs up.
 */
export class VoiceCall {
  constructor(tell, sound) {
    this.tell = tell;
    this.sound = sound;
    this.closed = this.hungUp = false;
    this.returning = null;
    this.stood = false;
  }

  /** Have the microphone, before anything else is given up for it. Throws `ServerSays`. */
  async prepare() {
    this.microphone ??= await microphone();
  }

  /** Open the call of `kept`, or a new one to `team`. Throws `ServerSays`. */
  async begin(team, kept) {
    await this.prepare();
    if (this.closed) return this.#release();
    this.tell({ on: kept ? "returning" : "connecting" });
    try {
      this.stood = Boolean(kept);
      this.pass = kept ? { token: kept.token, ice_servers: await servers(kept.token) } : await announce(team);
      if (this.closed) return this.hungUp && leave(this.pass);
      const trouble = kept ? await this.#tryUntil(performance.now()) : await this.#connect();
      if (trouble) throw new ServerSays(trouble);
    } catch (error) {
      this.#release();
      throw error;
    }
    if (this.closed) this.#release();
  }

  say(message) {
    if (this.channel?.readyState !== "open") return false;
    this.channel.send(JSON.stringify(message));
    return true;
  }

  /** Stay as it is for the moment, but come back no more: another line takes its place. */
  retire() {
    this.closed = true;
    clearTimeout(this.grace);
    clearTimeout(this.standing);
  }

  /** Hang up, or only let go of the sound when the call is to be kept. */
  close({ goodbye = true } = {}) {
    this.hungUp = goodbye;
    if (goodbye && !this.say({ type: "bye" })) leave(this.pass);
    this.retire();
    // What was just sent leaves before the connection does.
    setTimeout(() => this.#release(), goodbye ? 150 : 0);
  }

  async #connect() {
    const peer = new RTCPeerConnection({ iceServers: this.pass.ice_servers ?? [], bundlePolicy: "max-bundle" });
    this.peer?.close();
    this.peer = peer;
    this.#listen(peer);
    for (const track of this.microphone.getAudioTracks()) peer.addTrack(track, this.microphone);
    this.#open(peer.createDataChannel(LABEL, { ordered: true }), peer);
    await this.#offer(peer);
    if (!this.stood && !this.closed) this.standing ??= setTimeout(() => this.#neverStood(), STANDS_WITHIN_MS);
  }

  // No path through the network was found: there is nothing to come back to.
  #neverStood() {
    if (this.closed) return;
    this.retire();
    this.#release();
    this.tell({ on: "failed", code: "no_connection" });
  }

  async #offer(peer) {
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    if (this.closed) return;
    const { sdp, type } = peer.localDescription;
    const answer = await post("/webrtc/offer", { token: this.pass.token, sdp, type });
    if (this.peer === peer && !this.closed) await peer.setRemoteDescription({ sdp: answer.sdp, type: answer.type });
  }

  #listen(peer) {
    peer.ontrack = (event) => this.sound(event.streams[0] ?? new MediaStream([event.track]));
    peer.onconnectionstatechange = () => {
      if (peer !== this.peer || this.closed) return;
      clearTimeout(this.grace);
      if (peer.connectionState === "failed") this.#comeBack();
      // A network often heals by itself within a moment; a call that never stood has nothing to wait for.
      if (peer.connectionState === "disconnected") this.grace = setTimeout(() => this.#comeBack(), GRACE_MS);
    };
  }

  #open(channel, peer) {
    this.channel = channel;
    channel.onmessage = (event) => this.#take(event.data);
    channel.onopen = () => {
      this.stood = true;
      clearTimeout(this.standing);
      this.tell({ on: "connected" });
      this.#watch(peer);
    };
    channel.onclose = () => peer === this.peer && !this.closed && this.#comeBack();
  }

  // The server sends sound in silence, too: none for a while is a server that is gone, long before ICE gives it up.
  #watch(peer) {
    clearInterval(this.watching);
    let [packets, quiet] = [0, 0];
    this.watching = setInterval(async () => {
      const now = await received(peer);
      quiet = now === packets ? quiet + 1 : 0;
      packets = now;
      if (packets > 0 && quiet >= MOST_QUIET_LOOKS && peer === this.peer) this.#comeBack();
    }, LOOK_EVERY_MS);
  }

  #take(data) {
    const message = JSON.parse(data);
    if (message.type === "hello" && message.token) this.pass.token = keepToken(message.token, message.team, "voice");
    this.tell(message);
    if (message.type === "ended") this.#finish();
    if (message.type === "moved") this.#moved(message.because);
  }

  #moved(because) {
    if (because !== "another_line") return this.#comeBack();
    if (this.closed) return;
    this.closed = true;
    this.#release();
    this.tell({ on: "failed", code: "other_kind" });
  }

  #finish() {
    keepToken(null);
    this.closed = true;
    // The last words are still on their way through the jitter buffer.
    setTimeout(() => this.#release(), 800);
  }

  async #comeBack() {
    if (this.returning || this.closed) return;
    clearInterval(this.watching);
    this.tell({ on: "returning" });
    this.returning = this.#tryUntil(performance.now());
    const trouble = await this.returning;
    this.returning = null;
    if (this.closed || trouble === null) return;
    if (!this.stood && trouble === "token_unknown") return this.#neverStood();
    this.closed = true;
    this.#release();
    if (trouble === "token_unknown") keepToken(null);
    this.tell(trouble === "token_unknown" ? { on: "over", reason: "line_lost" } : { on: "failed", code: trouble });
  }

  // The same connection over another network needs no handshake, and its channel stays.
  async #restarted() {
    const peer = this.peer;
    if (peer?.connectionState !== "disconnected" || this.channel?.readyState !== "open") return false;
    try {
      peer.setConfiguration({ ...peer.getConfiguration(), iceServers: await servers(this.pass.token) });
      peer.restartIce();
      await this.#offer(peer);
    } catch {
      return false;
    }
    const stands = await connected(peer, RESTART_MS);
    if (stands) this.tell({ on: "connected" });
    return stands;
  }

  // Each try is a whole new connection with the same token; a server that knows the token no more has the last word.
  async #tryUntil(began) {
    let trouble = "server_gone";
    let until = began + RETURN_MS;
    if (await this.#restarted()) return null;
    while (!this.closed && performance.now() < until) {
      try {
        await this.#connect();
        return null;
      } catch (error) {
        trouble = error.code ?? "server_gone";
        if (trouble === "token_unknown") return trouble;
        // Somebody is there, and the call is on its way to him.
        if (isForNow(trouble)) until = Math.min(performance.now() + RETURN_MS, began + LONGEST_RETURN_MS);
      }
      await new Promise((done) => setTimeout(done, 700));
    }
    return trouble;
  }

  #release() {
    clearInterval(this.watching);
    this.peer?.close();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
  }
}

// The STUN and TURN servers of a call that is there already; without them a call can still stand.
async function servers(token) {
  try {
    return (await post("/web/servers", { token })).ice_servers;
  } catch (error) {
    if (error.code === "token_unknown") throw error;
    return [];
  }
}

function connected(peer, within_ms) {
  if (peer.connectionState === "connected") return Promise.resolve(true);
  return new Promise((done) => {
    const timer = setTimeout(() => done(false), within_ms);
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState !== "connected") return;
      clearTimeout(timer);
      done(true);
    });
  });
}

/** Return when all ways to reach this browser are known, or enough time has passed. */
export function gathered(peer) {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(done, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      done();
    });
  });
}

/** How many packets of sound came over a connection so far. */
async function received(peer) {
  const stats = [...(await peer.getStats()).values()];
  return stats.filter((one) => one.type === "inbound-rtp").reduce((sum, one) => sum + one.packetsReceived, 0);
}
