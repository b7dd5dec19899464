// A call is announced before it is connected; its token brings this tab back to it, and is forgotten with the tab.

const KEY = "huntgroup.call";

/** The server, or the browser, says no: `code` is a word of `words.js`. */
export class ServerSays extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** POST a JSON object and return the one that is answered. Throws `ServerSays`; server_gone when nobody answers. */
export async function post(path, body, more = {}) {
  let answer;
  try {
    answer = await fetch(path, { ...more, method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  } catch {
    throw new ServerSays("server_gone");
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said !== null) return said;
  throw new ServerSays(said?.error?.code ?? (answer.status >= 500 ? "server_gone" : `error ${answer.status}`));
}

/** Whether a refusal is for now only, so that asking again is worth it, and costs no patience. */
export function isForNow(code) {
  return code === "later" || code === "changing";
}

/** Announce a call to a team: `{call_id, token, ice_servers}`. */
export function announce(team) {
  return post("/web/calls", { team });
}

/** Hang up a call that cannot be told so on its line: it is not open yet, or cut off. */
export function leave(pass) {
  if (pass?.token) post("/web/calls/bye", { token: pass.token }, { keepalive: true }).catch(() => undefined);
}

/** A socket to a call by its token; whoever opens it takes its messages and its end. */
export function socketTo(path, token) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("token", token);
  return new WebSocket(url);
}

/** Send an object; false when the socket is not open. */
export function sendOn(socket, message) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(message));
  return true;
}

/** Remember the call of this tab, or with null forget it; returns the token. */
export function keepToken(token, team = "", by = "voice") {
  try {
    if (token === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify({ token, team, by }));
  } catch {
    // A browser that keeps nothing only cannot come back after a reload.
  }
  return token;
}

/** The call of this tab, also after it was loaded anew: `{token, team, by}`, or null. */
export function keptToken() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}
