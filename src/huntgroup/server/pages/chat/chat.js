// A chat with a team, for any page:  <script src="https://calls.example.com/chat.js" data-team="healthcare" defer></script>
// It talks to the server that it came from and to nobody else. data-title and data-open ("true") are optional.
(() => {
  "use strict";
  const script = document.currentScript;
  const team = script.dataset.team || "";
  const title = script.dataset.title || "Chat with us";
  const server = new URL(script.src).origin.replace(/^http/, "ws");
  const remembered = `huntgroup-chat-${team}`;
  const rememberedWords = `${remembered}-words`;
  const FATAL = new Set(["token_unknown", "other_kind", "no_seat", "too_many_calls", "team_unknown", "draining", "origin"]);
  const REPLACED = 4409;
  const FIRST_PAUSE_MS = 500;
  const LONGEST_PAUSE_MS = 8000;
  const MOST_CHARS = 2000;
  const GOODBYE_MS = 10_000;
  const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

  const STYLE = `
    :host { --ink: #16202c; --paper: #ffffff; --soft: #eef2f6; --line: #75818f; --own: #0b57a4; --on-own: #ffffff;
      position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; font: 16px/1.45 system-ui, sans-serif; color: var(--ink); }
    @media (prefers-color-scheme: dark) {
      :host { --ink: #e8edf2; --paper: #151b22; --soft: #242d37; --line: #8b98a6; --own: #8cc2ff; --on-own: #06203d; } }
    * { box-sizing: border-box; font: inherit; }
    [hidden] { display: none !important; }
    button { background: var(--own); color: var(--on-own); border: 1px solid transparent; border-radius: .6rem; padding: .55rem .9rem; cursor: pointer; }
    button:disabled { opacity: .55; cursor: default; }
    button.plain { background: transparent; color: inherit; border-color: var(--line); padding: .2rem .6rem; }
    :focus-visible { outline: 3px solid var(--own); outline-offset: 2px; }
    .panel { width: min(24rem, calc(100vw - 2rem)); height: min(34rem, calc(100vh - 2rem)); display: flex; flex-direction: column;
      background: var(--paper); border: 1px solid var(--line); border-radius: .9rem; overflow: hidden; box-shadow: 0 .6rem 2rem #0004; }
    header { display: flex; align-items: center; gap: .5rem; padding: .6rem .8rem; border-bottom: 1px solid var(--line); }
    h2 { flex: 1; margin: 0; font-weight: 600; }
    .log { flex: 1; overflow-y: auto; padding: .8rem; margin: 0; }
    .turn { margin: 0 0 .7rem; max-width: 88%; padding: .45rem .7rem; border-radius: .7rem; background: var(--soft);
      white-space: pre-wrap; overflow-wrap: anywhere; }
    .turn.caller { margin-left: auto; background: var(--own); color: var(--on-own); }
    .turn.waiting, .turn.unsent { background: none; color: inherit; border: 1px dashed var(--line); }
    .turn.note { background: none; color: inherit; font-style: italic; padding: 0; max-width: none; }
    .who { display: block; font-size: .8rem; opacity: .85; }
    .status { min-height: 1.4em; padding: 0 .8rem; font-size: .85rem; }
    form { display: flex; gap: .5rem; align-items: end; padding: .6rem .8rem .8rem; border-top: 1px solid var(--line); }
    label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    textarea { flex: 1; min-width: 0; resize: none; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .6rem; padding: .5rem; }`;

  const make = (tag, options = {}, ...children) => {
    const element = document.createElement(tag);
    const { attributes = {}, ...properties } = options;
    Object.assign(element, properties);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // A browser that keeps nothing only cannot come back after a reload.
  const kept = (key) => {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const keep = (key, value) => {
    try {
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, value);
    } catch {
      // As above.
    }
  };

  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => LETTERS[byte & 31]).join("");
  const itemOf = (id) => `typed_${id}`;

  // A chat that was left while it was being opened is told so as soon as it is open; its server closes it then.
  const sayGoodbye = (socket) => {
    const bye = () => socket.send(JSON.stringify({ type: "bye" }));
    if (socket.readyState === WebSocket.OPEN) bye();
    else socket.addEventListener("open", bye);
    setTimeout(() => socket.close(), GOODBYE_MS);
  };

  class Chat {
    constructor() {
      this.agents = new Map();
      this.turns = new Map();
      this.pause = FIRST_PAUSE_MS;
      this.token = kept(remembered);
      // What was typed is held until the server has it on record, and sent again after a break.
      this.held = [];
      this.build();
    }

    build() {
      const host = make("div", { id: "huntgroup-chat" });
      const root = host.attachShadow({ mode: "open" });
      // A sheet made by script is no inline style, which the page's own policy may forbid.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.opener = make("button", { type: "button", textContent: title, attributes: { "aria-expanded": "false", "aria-controls": "panel" } });
      this.log = make("div", { className: "log", tabIndex: 0, attributes: { role: "log", "aria-live": "polite", "aria-label": "Conversation" } });
      this.status = make("div", { className: "status", attributes: { role: "status" } });
      this.text = make("textarea", { id: "words", rows: 2, maxLength: MOST_CHARS, attributes: { autocomplete: "off", enterkeyhint: "send" } });
      this.send = make("button", { type: "submit", textContent: "Send", disabled: true });
      this.again = make("button", { type: "button", textContent: "Start a new chat", hidden: true });
      const close = make("button", { type: "button", className: "plain", textContent: "Close" });
      const end = make("button", { type: "button", className: "plain", textContent: "End chat" });
      this.form = make("form", {}, make("label", { htmlFor: "words", textContent: "Your message" }), this.text, this.send);
      this.panel = make("section", { id: "panel", className: "panel", hidden: true, attributes: { role: "dialog", "aria-label": title } },
        make("header", {}, make("h2", { textContent: title }), end, close), this.log, this.status, this.again, this.form);
      root.append(this.opener, this.panel);
      this.opener.addEventListener("click", () => this.show());
      close.addEventListener("click", () => this.hide());
      end.addEventListener("click", () => this.end());
      this.again.addEventListener("click", () => this.restart());
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.say(); });
      this.text.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.say(); }
      });
      this.panel.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        if (this.growing) this.post({ type: "interrupt" });
        else this.hide();
      });
      document.body.append(host);
      if (script.dataset.open === "true" || this.token) this.show(false);
    }

    show(focus = true) {
      this.opener.hidden = true;
      this.opener.setAttribute("aria-expanded", "true");
      this.panel.hidden = false;
      if (focus) this.text.focus();
      if (!this.socket && !this.over) this.connect();
    }

    hide() {
      this.panel.hidden = true;
      this.opener.hidden = false;
      this.opener.setAttribute("aria-expanded", "false");
      this.opener.focus();
    }

    restart() {
      this.over = false;
      this.again.hidden = true;
      this.form.hidden = false;
      this.log.replaceChildren();
      this.connect();
      this.text.focus();
    }

    connect() {
      this.status.textContent = "Connecting …";
      const socket = this.opened();
      this.socket = socket;
      socket.addEventListener("message", (event) => { if (this.socket === socket) this.take(JSON.parse(event.data)); });
      socket.addEventListener("close", (event) => { if (this.socket === socket) this.lost(event.code); });
    }

    opened() {
      const query = this.token ? `?token=${encodeURIComponent(this.token)}` : "";
      return new WebSocket(`${server}/chat/${encodeURIComponent(team)}${query}`);
    }

    end() {
      if (this.over) return this.hide();
      const left = this.socket ?? (this.token ? this.opened() : null);
      this.socket = null;
      if (left) sayGoodbye(left);
      this.finish("This chat has ended.");
    }

    lost(code) {
      this.socket = null;
      this.send.disabled = true;
      if (code === REPLACED && !this.over) this.finish("This chat goes on in another window.");
      if (this.over) return;
      this.status.textContent = "The connection broke. Trying again …";
      setTimeout(() => { if (!this.socket && !this.over) this.connect(); }, this.pause);
      this.pause = Math.min(2 * this.pause, LONGEST_PAUSE_MS);
    }

    take(message) {
      const known = {
        hello: () => this.hello(message),
        fact: () => this.ready(),
        caption: () => this.caption(message),
        error: () => this.refused(message),
        kept: () => this.drop(message.id),
        ended: () => this.finish("This chat has ended."),
      }[message.type];
      if (known) known();
    }

    hello(message) {
      this.agents = new Map(message.agents.map((agent) => [agent.name, agent.title]));
      this.pause = FIRST_PAUSE_MS;
      this.token = message.token;
      keep(remembered, message.token);
      this.growing = null;
      // All that was said follows. What stands is not said anew: a log is read aloud where it changes.
      if (message.call_id !== this.callId) {
        this.callId = message.call_id;
        this.turns.clear();
        this.log.replaceChildren();
        this.remind();
      }
      for (const word of this.held) this.post({ type: "say", ...word });
    }

    // The page was loaded anew, and what it held is this call's, or of none.
    remind() {
      const { call, words } = JSON.parse(kept(rememberedWords) ?? "{}");
      this.held = call === this.callId ? words : [];
      for (const word of this.held) this.wait(word);
    }

    ready() {
      if (!this.send.disabled) return;
      this.send.disabled = false;
      this.status.textContent = "";
    }

    caption({ speaker, text, utterance, final, agent }) {
      const before = this.turns.get(utterance);
      this.growing = final ? null : utterance;
      if (final && before?.whole === text) return;
      const who = speaker === "caller" ? "You" : this.agents.get(agent) || "Agent";
      const turn = make("p", { className: `turn ${speaker}` }, make("span", { className: "who", textContent: who }), text);
      // What still grows is shown, and read aloud once it is whole.
      if (!final) turn.setAttribute("aria-hidden", "true");
      if (before) before.replaceWith(turn);
      // Words that are still on their way stand behind all that was said.
      else this.log.insertBefore(turn, this.log.querySelector(".waiting"));
      turn.whole = final ? text : null;
      this.turns.set(utterance, turn);
      this.log.scrollTop = this.log.scrollHeight;
    }

    refused({ code, message, id }) {
      if (code === "token_unknown" && this.token) {
        this.finish("This chat is over.");
      } else if (FATAL.has(code)) {
        this.finish(message);
      } else {
        this.status.textContent = message;
        if (id) this.giveBack(id);
      }
    }

    // Refused words go back to where they were typed; where others are by now, they stay in sight.
    giveBack(id) {
      const turn = this.turns.get(itemOf(id));
      if (this.text.value && turn?.classList.contains("waiting")) this.unsent(turn);
      const text = this.drop(id);
      if (text && !this.text.value) this.text.value = text;
    }

    finish(words) {
      this.over = true;
      this.send.disabled = true;
      this.token = null;
      this.callId = null;
      keep(remembered, null);
      this.hold([]);
      for (const turn of this.log.querySelectorAll(".waiting")) this.unsent(turn);
      this.status.textContent = "";
      this.log.append(make("p", { className: "turn note", textContent: words }));
      const had = this.form.contains(this.form.getRootNode().activeElement);
      this.form.hidden = true;
      this.again.hidden = false;
      // The focus of a keyboard must not vanish with the form.
      if (had) this.again.focus();
    }

    say() {
      const text = this.text.value.trim();
      if (!text || this.send.disabled) return;
      this.status.textContent = "";
      this.text.value = "";
      const word = { id: newId(), text };
      this.hold([...this.held, word]);
      this.wait(word);
      this.post({ type: "say", ...word });
    }

    hold(words) {
      this.held = words;
      keep(rememberedWords, words.length ? JSON.stringify({ call: this.callId, words }) : null);
    }

    wait({ id, text }) {
      const turn = make("p", { className: "turn caller waiting", attributes: { "aria-hidden": "true" } }, make("span", { className: "who", textContent: "You" }), text);
      this.turns.set(itemOf(id), turn);
      this.log.append(turn);
      this.log.scrollTop = this.log.scrollHeight;
    }

    unsent(turn) {
      turn.classList.replace("waiting", "unsent");
      turn.removeAttribute("aria-hidden");
      turn.append(make("span", { className: "who", textContent: "was not sent" }));
    }

    // Words that are on record, or refused, are held no longer; returns their text.
    drop(id) {
      const found = this.held.find((word) => word.id === id);
      this.hold(this.held.filter((word) => word !== found));
      const turn = this.turns.get(itemOf(id));
      if (turn?.classList.contains("waiting")) {
        turn.remove();
        this.turns.delete(itemOf(id));
      }
      return found?.text;
    }

    post(message) {
      if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    }
  }

  if (document.body) new Chat();
  else document.addEventListener("DOMContentLoaded", () => new Chat());
})();
