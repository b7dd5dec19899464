// The conversation as it is heard. Growing lines are drawn at once and read out once, when they are whole.

import { covered } from "./privacy.js";
import { waiting } from "./state.js";
import { titleOf } from "./words.js";

const UNSAID = { returning: "is sent when the call is back", ended: "was not sent", failed: "was not sent" };

export class Captions {
  constructor(list, readOut) {
    this.list = list;
    this.readOut = readOut;
    this.rows = new Map();
    this.read = new Set();
    this.waiting = [];
    this.follows = true;
    // Somebody who has scrolled up is reading.
    list.addEventListener("scroll", () => (this.follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40));
    new ResizeObserver(() => this.#keepInSight()).observe(list);
  }

  /** Draw the state; `reveal` uncovers what is the caller's own. */
  draw(state, reveal) {
    if (state.captions.length === 0) this.#clear();
    const whole = state.captions.map((caption) => this.#row(state, caption, reveal)).filter(Boolean);
    if (whole.length) this.readOut.textContent = whole.join(" ");
    this.#changesOfHands(state);
    this.#notSaidYet(state, reveal);
    this.#keepInSight();
  }

  // Returns what is to be read out of it: an agent's words, once they are whole.
  #row(state, caption, reveal) {
    let row = this.rows.get(caption.id);
    if (!row) this.rows.set(caption.id, (row = this.#made(state, caption)));
    const words = caption.speaker === "key" ? (reveal ? caption.text : "•") : reveal ? caption.text : covered(caption.text);
    if (row.words.textContent !== words) row.words.textContent = words || "…";
    row.item.classList.toggle("growing", !caption.final);
    row.item.classList.toggle("interrupted", caption.interrupted);
    if (row.cut.textContent !== "interrupted") row.cut.textContent = "interrupted";
    row.cut.hidden = !caption.interrupted;
    if (!caption.final || !words || this.read.has(caption.id)) return "";
    this.read.add(caption.id);
    // The caller knows his own words.
    return caption.speaker === "agent" ? `${row.who.textContent}: ${words}` : "";
  }

  #made(state, caption) {
    const item = document.createElement("li");
    const [who, words, cut] = ["span", "span", "em"].map((tag) => document.createElement(tag));
    item.className = caption.speaker;
    who.className = "who";
    who.textContent = { caller: "You", key: "You pressed" }[caption.speaker] ?? titleOf(state, caption.agent);
    words.className = "words";
    cut.hidden = true;
    item.append(who, words, cut);
    this.list.append(item);
    return { item, who, words, cut };
  }

  #changesOfHands(state) {
    state.handoffs.forEach((handoff, number) => {
      const id = `handoff-${number}`;
      if (!this.rows.has(id)) {
        const item = document.createElement("li");
        item.className = "handoff";
        // Its receiver may have spoken within the same frame of the screen, and after a reload everything comes at once.
        const next = state.captions[handoff.after];
        this.list.insertBefore(item, next ? this.rows.get(next.id).item : null);
        this.rows.set(id, { item });
      }
      const gap = handoff.gapMs === null ? "" : `, ${handoff.gapMs} ms of silence`;
      this.rows.get(id).item.textContent = `${titleOf(state, handoff.from)} → ${titleOf(state, handoff.to)}${gap}`;
    });
  }

  // They stand behind all that was said, and are gone when the call does not take them.
  #notSaidYet(state, reveal) {
    const before = this.waiting;
    this.waiting = waiting(state);
    for (const { id } of before) {
      if (state.captions.some((one) => one.id === id) || this.waiting.some((one) => one.id === id)) continue;
      this.rows.get(id)?.item.remove();
      this.rows.delete(id);
    }
    for (const caption of this.waiting) {
      this.#row(state, caption, reveal);
      const { item, cut } = this.rows.get(caption.id);
      cut.textContent = caption.refused ? "was not sent" : UNSAID[state.phase] ?? "";
      cut.hidden = !cut.textContent;
      if (item !== this.list.lastElementChild || this.waiting.length > 1) this.list.append(item);
    }
  }

  #clear() {
    this.list.replaceChildren();
    this.rows.clear();
    this.read.clear();
    this.waiting = [];
  }

  #keepInSight() {
    if (this.follows) this.list.scrollTop = this.list.scrollHeight;
  }
}
