// The list of calls: what is looked for stands in the address, so that it can be kept and shared.

import { get } from "./api.js";
import { h, table, clock, moment, say, working } from "./dom.js";

const OUTCOMES = ["running", "resolved", "partially", "unresolved", "escalated", "abandoned"];

export async function showCalls(place, { signal, go }) {
  const asked = new URLSearchParams(location.search);
  const results = h("section", { "aria-label": "Calls found" });
  const team = h("select", { name: "team" }, option("", "any", asked.get("team")));
  const form = h("form", { class: "filters", role: "search", onsubmit: (event) => {
    event.preventDefault();
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    go(`/desk?${new URLSearchParams(given)}`);
  } },
    field("Words that were heard, a number, or a call", h("input", { name: "text", type: "search", value: asked.get("text") ?? "", maxlength: 200 })),
    field("Team", team),
    field("Feeling", select("sentiment", ["negative", "neutral", "positive"], asked)),
    field("Outcome", select("outcome", OUTCOMES, asked)),
    field("Lead score from", h("input", { name: "lead_at_least", type: "number", min: 0, max: 100, value: asked.get("lead_at_least") ?? "" })),
    field("From", h("input", { name: "since", type: "date", value: asked.get("since") ?? "" })),
    field("To", h("input", { name: "until", type: "date", value: asked.get("until") ?? "" })),
    h("button", {}, "Search"));
  place.append(form, results);
  const first = await page(asked, null, signal);
  for (const name of first.teams) team.append(option(name, name, asked.get("team")));
  render(results, first, asked, signal);
}

function page(asked, after, signal) {
  const query = new URLSearchParams(asked);
  if (after) query.set("after", after);
  return get(`/desk/api/calls?${query}`, signal);
}

function render(results, found, asked, signal) {
  if (!found.calls.length && !results.childElementCount) {
    results.append(h("p", { class: "note" }, asked.size ? "No such calls. Fewer words or filters find more." : "There was no call yet."));
    say("No calls found", { quiet: true });
    return;
  }
  results.append(table("Calls, newest first", ["When", "Team", "Line", "Caller", "Length", "Handoffs", "Outcome", "Feeling", "Lead", "What it was about"],
    found.calls.map((call) => [
      h("a", { href: `/desk/calls/${encodeURIComponent(call.call_id)}` }, moment(call.started_at)),
      call.team, call.line, call.caller, call.duration_ms === null ? h("span", { class: "on" }, "running") : clock(call.duration_ms), call.handoffs,
      call.resolution ?? call.end_reason, feeling(call), call.lead_score, h("span", { class: "summary" }, call.summary ?? "–")]), { stacks: true }));
  say(`Calls shown: ${results.querySelectorAll("tbody tr").length}`, { quiet: true });
  if (!found.next) return;
  const more = h("button", { type: "button", onclick: () => working(more, async () => {
    const next = await page(asked, found.next, signal);
    more.remove();
    render(results, next, asked, signal);
    [...results.querySelectorAll(".scroll")].at(-1).querySelector("a")?.focus();
  }) }, "More");
  results.append(more);
}

function feeling(call) {
  return call.sentiment && h("span", { class: `feeling ${call.sentiment}` }, call.sentiment);
}

function field(label, input) {
  return h("label", {}, h("span", {}, label), input);
}

function select(name, values, asked) {
  return h("select", { name }, option("", "any", asked.get(name)), values.map((value) => option(value, value, asked.get(name))));
}

function option(value, label, chosen) {
  return h("option", { value, selected: value === (chosen ?? "") }, label);
}
