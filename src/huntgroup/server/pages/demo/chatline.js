// The same call in writing, over a WebSocket: for a caller without microphone, or who would rather type.

import { announce, keepToken } from "./token.js";

const RETURN_MS = 10_000;
const PAUSE_MS = 700;

/** One call in writing; the same ways as `VoiceCall`, without sound. */
export class ChatCall {
  constructor(tell) {
    this.tell = tell;
    this.closed = false;
    this.until = 0;
  }

  /** Open the call of `token`, or a new one to `team`. Throws `ServerSays`. */
  async begin(team, token) {
    this.tell({ on: token ? "returning" : "connecting" });
    this.team = team;
    this.token = token ?? (await announce(team)).token;
    this.until = performance.now() + RETURN_MS;
    this.#connect();
  }

  say(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  close({ goodbye = true } = {}) {
    if (goodbye) this.say({ type: "bye" });
    this.closed = true;
    this.socket?.close();
  }

  #connect() {
    const url = new URL(`/chat/${encodeURIComponent(this.team)}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("token", this.token);
    const socket = (this.socket = new WebSocket(url));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && !this.closed && this.#lost(event.code);
  }

  #take(message) {
    if (message.type === "hello") {
      this.until = 0;
      if (message.token) this.token = keepToken(message.token, message.team, "text");
    }
    this.tell(message);
    if (message.type === "ended") {
      keepToken(null);
      this.closed = true;
      this.socket.close();
    }
  }

  // Codes from 4000 carry HTTP's status: the server has refused this token for good.
  #lost(code) {
    if (code < 4000) return this.#comeBack();
    this.closed = true;
    keepToken(null);
    const wasOpen = this.until === 0;
    const refused = { 4409: "other_kind", 4503: "no_seat" }[code] ?? "token_unknown";
    this.tell(wasOpen ? { on: "over", reason: "line_lost" } : { on: "failed", code: refused });
  }

  #comeBack() {
    const now = performance.now();
    if (!this.until) this.until = now + RETURN_MS;
    if (now >= this.until) {
      this.closed = true;
      this.tell({ on: "failed", code: "server_gone" });
      return;
    }
    this.tell({ on: "returning" });
    setTimeout(() => this.closed || this.#connect(), PAUSE_MS);
  }
}
