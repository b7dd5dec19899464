// What the caller typed is held here until the server has it on record, so that it can be sent again: kept in the tab.

const KEY = "huntgroup.words";
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
const NOTHING = { call: null, words: [] };

export class Held {
  constructor() {
    this.kept = read();
  }

  /** Hold words that are said in a call from now on; returns them with their id: `{id, text}`. */
  add(call, text) {
    const word = { id: newId(), text };
    this.#keep({ call, words: [...this.of(call), word] });
    return word;
  }

  /** Forget words, and return their text; null when they are not held. */
  drop(id) {
    const found = this.kept.words.find((word) => word.id === id);
    if (found) this.#keep({ ...this.kept, words: this.kept.words.filter((word) => word !== found) });
    return found?.text ?? null;
  }

  /** What is held of a call, in the order in which it was said. */
  of(call) {
    return this.kept.call === call ? this.kept.words : [];
  }

  /** Forget everything: no call will take it any more. */
  clear() {
    this.#keep(NOTHING);
  }

  #keep(kept) {
    this.kept = kept;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing loses them with a reload.
    }
  }
}

/** How the call names the item of such words. */
export function itemOf(id) {
  return `typed_${id}`;
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => LETTERS[byte & 31]).join("");
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? NOTHING;
  } catch {
    return NOTHING;
  }
}
