// What the page says: troubles, phases and endings, in words that tell what to do next.

export const TROUBLES = {
  mic_denied: "The microphone is blocked. Allow it in the browser's address bar and try again, or type instead.",
  mic_missing: "No microphone was found. Plug one in and try again, or type instead.",
  mic_busy: "Another program is using the microphone. Close it and try again, or type instead.",
  no_webrtc: "This browser cannot place calls. You can type instead.",
  no_connection: "The sound could not get through this network. Try again, or type instead.",
  server_gone: "The server cannot be reached. Your call is kept for a few seconds; try again.",
  other_kind: "That call goes on elsewhere. Start another one here.",
  call_gone: "That call is over. Start another one.",
  token_unknown: "That call is over. Start another one.",
  too_many_calls: "You have several calls open already. End one of them, then try again.",
  no_seat: "All lines are busy. Please try again in half a minute.",
  no_port: "All lines are busy. Please try again in half a minute.",
  too_many_offers: "Your network is cut too often for a call. You can type instead.",
  no_vendor_audio: "Here the sound always goes through this server. Open the page without audio=vendor.",
  vendor_away: "The model's server did not take the call. Please try again.",
  stays_by_voice: "With its sound at the model's server this call stays by voice.",
  draining: "The server is restarting. Please try again in a few seconds.",
  team_unknown: "This team does not take calls here. Choose another one.",
};

export const ENDINGS = {
  caller_hung_up: "You hung up.",
  agent_hung_up: "The agent ended the call.",
  goodbye: "The agent said goodbye.",
  silence: "The call ended because nobody spoke.",
  too_long: "The call reached its time limit.",
  line_lost: "The connection was lost.",
  process_lost: "The server was restarted, and the call is lost. Please call again.",
  model_lost: "The team could not go on. Please call again.",
  error: "Something went wrong on our side. Please call again.",
};

/** Words for a code that is none of ours, too. */
export function troubleWords(code) {
  return TROUBLES[code] ?? `The call could not be placed (${code}). Please try again.`;
}

export function spoken(name) {
  return String(name ?? "").replaceAll(/[_-]/g, " ").replace(/^./, (letter) => letter.toUpperCase());
}

/** One line about the call as a whole. */
export function statusWords(state) {
  const title = titleOf(state, state.agent);
  return {
    idle: "Press the button and say hello. Your microphone is used only during the call.",
    asking: "Asking for your microphone…",
    connecting: "Connecting…",
    live: state.by === "text" ? `${title} is with you. Type below.` : `${title} is with you. Just speak.`,
    returning: "Coming back to your call…",
    ended: `${ENDINGS[state.notice] ?? "The call is over."} You can start another one.`,
    failed: "The call is not connected.",
  }[state.phase];
}

/** How an agent is called on the page. */
export function titleOf(state, name) {
  return state.agents.find((one) => one.name === name)?.title || spoken(name) || "Somebody";
}
