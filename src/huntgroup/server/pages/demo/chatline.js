// The same call in writing, over a WebSocket: for a caller without microphone, or who would rather type.

import { announce, isForNow, keepToken, leave, sendOn, socketTo } from "./token.js";

const RETURN_MS = 10_000;
const LONGEST_RETURN_MS = 60_000;
const PAUSE_MS = 700;

/** One call in writing; the same ways as `VoiceCall`, without sound. */
export class ChatCall {
  constructor(tell) {
    this.tell = tell;
    this.closed = this.hungUp = false;
    this.until = this.latest = 0;
    this.refused = null;
  }

  /** Nothing is needed before. */
  async prepare() {}

  /** Open the call of `kept`, or a new one to `team`. Throws `ServerSays`. */
  async begin(team, kept) {
    this.tell({ on: kept ? "returning" : "connecting" });
    this.team = team;
    this.pass = kept ?? (await announce(team));
    if (this.closed) return this.hungUp && leave(this.pass);
    this.#patience();
    this.#connect();
  }

  /** Stay as it is for the moment, but come back no more: another line takes its place. */
  retire() {
    this.closed = true;
  }

  say(message) {
    return sendOn(this.socket, message);
  }

  close({ goodbye = true } = {}) {
    this.hungUp = goodbye;
    if (goodbye && !this.say({ type: "bye" })) leave(this.pass);
    this.closed = true;
    this.socket?.close();
  }

  #connect() {
    const socket = (this.socket = socketTo(`/chat/${encodeURIComponent(this.team)}`, this.pass.token));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && !this.closed && this.#lost(event.code);
  }

  #take(message) {
    if (message.type === "error") this.refused = message.code;
    if (message.type === "hello") {
      this.until = 0;
      this.refused = null;
      if (message.token) keepToken(message.token, message.team, "text");
    }
    if (!isForNow(message.code)) this.tell(message);
    if (message.type === "ended") {
      keepToken(null);
      this.closed = true;
      this.socket.close();
    }
  }

  // Codes from 4000 carry HTTP's status: the server has refused this token for good.
  #lost(code) {
    if (code < 4000) return this.#comeBack();
    const refused = { 4409: "other_kind" }[code] ?? this.refused ?? "token_unknown";
    if (isForNow(refused)) return this.#comeBack({ hopeful: true });
    this.closed = true;
    keepToken(null);
    const wasOpen = this.until === 0 && refused === "token_unknown";
    this.tell(wasOpen ? { on: "over", reason: "line_lost" } : { on: "failed", code: refused });
  }

  // Somebody who says "later" is there, and the call is on its way to him.
  #patience({ hopeful = false } = {}) {
    const now = performance.now();
    if (!this.until) this.latest = now + LONGEST_RETURN_MS;
    if (!this.until || hopeful) this.until = Math.min(now + RETURN_MS, this.latest);
  }

  #comeBack(how) {
    this.#patience(how);
    if (performance.now() >= this.until) {
      this.closed = true;
      this.tell({ on: "failed", code: "server_gone" });
      return;
    }
    this.tell({ on: "returning" });
    setTimeout(() => this.closed || this.#connect(), PAUSE_MS);
  }
}
