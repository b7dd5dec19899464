// The sixty-second guide: shown once by itself, and whenever it is asked for.

const KEY = "huntgroup.guide";
const STEPS = {
  default: [
    "Press “Start talking” and allow the microphone. No account, no key.",
    "Speak as you would on the phone. You may talk over the agent: it stops.",
    "Ask for something that the first agent does not do, and watch the call change hands.",
    "Or type, press keys, or pick somebody under “Hand me to”.",
  ],
  healthcare: [
    "Press “Start talking” and say: “When are you open tomorrow?”",
    "Then: “I'd like to book an appointment.” You are found by name and date of birth; the tools run on the right.",
    "Ask: “I have a question about my medication”, and the clinical specialist takes the call.",
    "Talk over an answer, type, press keys, or pick somebody under “Hand me to”.",
  ],
};

/** `team()` is the chosen one; `busy` keeps it from opening by itself. */
export function guide(dialog, list, opener, closer, team, busy) {
  const open = () => {
    const steps = STEPS[team()] ?? STEPS.default;
    list.replaceChildren(...steps.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    dialog.showModal();
  };
  opener.addEventListener("click", open);
  closer.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", seen);
  if (!busy && !wasSeen()) open();
}

function wasSeen() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true;
  }
}

function seen() {
  try {
    localStorage.setItem(KEY, "seen");
  } catch {
    // Then it is shown again next time.
  }
}
