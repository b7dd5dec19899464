// The desk's API; every failure is an Error whose message a person can read, with the answer's status.

export class NotLoggedIn extends Error {}

export async function get(path, signal) {
  return ask(path, { signal });
}

export async function send(method, path, body) {
  return ask(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) });
}

export function callPath(callId, rest = "") {
  return `/desk/api/calls/${encodeURIComponent(callId)}${rest}`;
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server does not answer.");
  }
  if (answer.status === 401) throw new NotLoggedIn("You are not logged in.");
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const why = typeof content.detail === "string" ? content.detail : `That did not work (${answer.status}).`;
    throw Object.assign(new Error(why), { status: answer.status });
  }
  return content;
}
