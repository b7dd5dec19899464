// A telephone's keys, on the screen; the keyboard's own digits work while the pad has the focus.

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const NAMES = { "*": "star", "#": "hash" };

export function keypad(pad, opener, press) {
  pad.append(...KEYS.map((key) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    if (NAMES[key]) button.setAttribute("aria-label", NAMES[key]);
    button.addEventListener("click", () => press(key));
    return button;
  }));
  opener.addEventListener("click", () => {
    pad.hidden = !pad.hidden;
    opener.setAttribute("aria-expanded", String(!pad.hidden));
    if (pad.hidden) return;
    pad.scrollIntoView({ block: "nearest" });
    pad.firstElementChild.focus({ preventScroll: true });
  });
  pad.addEventListener("keydown", (event) => {
    if (KEYS.includes(event.key)) press(event.key);
    if (event.key !== "Escape") return;
    // Closing the pad is no wish to interrupt.
    event.stopPropagation();
    opener.click();
    opener.focus();
  });
}
