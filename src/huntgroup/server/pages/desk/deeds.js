// What was done in a call besides speaking: handoffs, tools, guardrails. From its facts, as tables.

import { h, table, clock } from "./dom.js";

const CHECKS = { GuardrailTripped: "tripped", GuardrailFailed: "failed", ApprovalGiven: "approval" };

export function handoffs(call, seek) {
  const moves = call.facts.filter((fact) => fact.type === "HandoffCommitted" || fact.type === "HandoffRolledBack");
  return section("Handoffs", moves, seek, ["When", "From", "To", "Silence at the ear", "Voice", "Brief", "Came of it"],
    (fact) => [fact.from, fact.to, fact.gap_ms === undefined || fact.gap_ms === null ? null : `${fact.gap_ms} ms`, fact.voice, json(fact.brief), fact.type === "HandoffCommitted" ? "committed" : `rolled back: ${fact.reason}`]);
}

export function tools(call, seek) {
  const answers = new Map(call.facts.filter((fact) => fact.type === "ToolAnswered").map((fact) => [fact.tool_call_id, fact]));
  return section("Tools", call.facts.filter((fact) => fact.type === "ToolCalled"), seek, ["When", "Tool", "Agent", "Effect", "Arguments", "Took", "Answer"], (fact) => {
    const answer = answers.get(fact.tool_call_id);
    return [fact.tool, fact.agent, fact.effect, json(fact.arguments), answer && `${answer.duration_ms} ms`,
      answer ? h("span", {}, answer.error ? h("b", { class: "trouble" }, `${answer.error} `) : "", json(answer.output)) : "unanswered"];
  });
}

export function guardrails(call, seek) {
  const checked = call.facts.filter((fact) => fact.type === "GuardrailChecked");
  const checks = checked.reduce((sum, fact) => sum + fact.checks, 0);
  const waited = checked.reduce((most, fact) => Math.max(most, fact.waited_ms), 0);
  const note = checks ? h("p", { class: "note" }, `${checks} checks; the longest that anything waited for one was ${waited} ms.`) : "";
  return section("Guardrails", call.facts.filter((fact) => fact.type in CHECKS), seek, ["When", "What", "Which", "Agent", "Stage", "Came of it"],
    (fact) => [CHECKS[fact.type], fact.guardrail ?? fact.tool, fact.agent, fact.stage, fact.type === "ApprovalGiven" ? `${fact.approved ? "approved" : "refused"} by ${fact.how}` : fact.action ?? fact.reason], note);
}

function section(title, found, seek, heads, cells, note = "") {
  if (!found.length && !note) return "";
  return h("section", {}, h("h2", {}, title), note, found.length ? table(`${title}: ${found.length}`, heads, found.map((fact) => [
    h("button", { type: "button", class: "time", "aria-label": `Go to ${clock(fact.t_ms)}`, onclick: () => seek(fact.t_ms) }, clock(fact.t_ms)), ...cells(fact)]), { stacks: true }) : "");
}

function json(value) {
  if (value === null || value === undefined || value === "") return null;
  return h("code", { class: "json" }, typeof value === "string" ? value : JSON.stringify(value));
}
