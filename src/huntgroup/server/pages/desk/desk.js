// The desk: which view the address asks for, and who is logged in.

import { get, send, NotLoggedIn } from "./api.js";
import { h, say } from "./dom.js";
import { showCalls } from "./calls.js";
import { showCall } from "./call.js";
import { showFigures } from "./figures.js";
import { showLive, showWatched } from "./live.js";

const main = document.getElementById("main");
let leave = new AbortController();

const VIEWS = [
  [/^\/desk\/?$/, "Calls", showCalls],
  [/^\/desk\/figures$/, "Figures", showFigures],
  [/^\/desk\/live$/, "Live calls", showLive],
  [/^\/desk\/live\/([^/]+)$/, "Live call", showWatched],
  [/^\/desk\/calls\/([^/]+)$/, "Call", showCall],
];

export async function show(focus = true) {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const found = VIEWS.map(([pattern, title, view]) => [location.pathname.match(pattern), title, view]).find(([match]) => match);
  if (!found) return go("/desk");
  const [match, title, view] = found;
  document.title = `${title} · the desk`;
  for (const link of document.querySelectorAll("nav a")) {
    const here = link.getAttribute("href") === location.pathname;
    here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  const place = h("div", {}, h("h1", {}, title));
  main.replaceChildren(place);
  say("");
  if (focus) main.focus({ preventScroll: true });
  try {
    await view(place, { signal, go, argument: match[1] ? decodeURIComponent(match[1]) : null });
  } catch (error) {
    if (error.name === "AbortError") return;
    if (error instanceof NotLoggedIn) return locked();
    place.append(h("p", { class: "trouble", role: "alert" }, error.message));
  }
}

export function go(path) {
  history.pushState(null, "", path);
  return show();
}

function locked(text = "") {
  // What a view has open, a microphone among it, closes with it.
  leave.abort();
  document.querySelector("nav").hidden = true;
  document.getElementById("who").hidden = true;
  main.replaceChildren(h("h1", {}, "The desk is locked"),
    text ? h("p", { class: "trouble", role: "alert" }, text) : null ?? "",
    h("p", {}, "Open the one-time link that the server printed when it started, or make another: ", h("code", {}, "huntgroup desk link"), "."));
}

async function enter() {
  const link = location.hash.slice(1);
  history.replaceState(null, "", link || location.pathname === "/desk/login" ? "/desk" : location.href);
  if (!link) return;
  await send("POST", "/desk/api/login", { link });
}

async function begin() {
  try {
    if (location.pathname === "/desk/login") await enter();
    const { name } = await get("/desk/api/me");
    document.getElementById("name").textContent = name;
  } catch (error) {
    return locked(error instanceof NotLoggedIn ? "" : error.message);
  }
  document.querySelector("nav").hidden = false;
  document.getElementById("who").hidden = false;
  return show(false);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/desk']");
  if (!link || link.hasAttribute("download") || link.pathname.startsWith("/desk/api") || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
document.getElementById("logout").addEventListener("click", async () => {
  try {
    await send("POST", "/desk/api/logout");
  } catch (error) {
    // Nobody must believe a desk locked that is not.
    if (!(error instanceof NotLoggedIn)) return say(error.message);
  }
  locked();
});
addEventListener("popstate", () => show());
begin();
