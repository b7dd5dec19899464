"""Tells a call as it happens, fact by fact, and sums it up afterwards."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from huntgroup.analytics.metrics import percentile
from huntgroup.domain import facts as f
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.timeline import entries

WIDTH = 12


class Teller:
    """Prints facts on `console`, one or two lines each; facts that say nothing to a listener are left out."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._called: dict[str, f.ToolCalled] = {}

    def fact(self, fact: f.Fact) -> None:
        """Print one fact as it is logged, with the time at which it was said or done."""
        line = self._line(fact)
        if line:
            self._console.print(f"[dim]{entries([fact])[0].at_ms / 1000:6.1f} s[/]  {line}")

    def _line(self, fact: f.Fact) -> str:
        if isinstance(fact, f.ToolCalled):
            self._called[fact.tool_call_id] = fact
            return ""
        if isinstance(fact, f.ToolAnswered):
            return self._tool(fact)
        tell = _LINES.get(type(fact))
        return tell(fact) if tell is not None else ""

    def _tool(self, answered: f.ToolAnswered) -> str:
        called = self._called.pop(answered.tool_call_id, None)
        arguments = _arguments(called.arguments) if called is not None else ""
        colour = "magenta" if answered.ok else "red"
        head = f"[{colour}]⚙ {answered.tool}[/]({escape(arguments)})"
        return f"{head} [dim]{answered.duration_ms} ms[/] → {escape(_gist(answered))}"


def tell_rows(console: Console, rows: Sequence[dict[str, Any]]) -> None:
    """Print the rows that a call wrote, grouped by table."""
    console.print("\n[bold]Rows written[/]" if rows else "\n[bold]No rows written[/]")
    for row in rows:
        shown = {name: value for name, value in row["row"].items() if value not in (None, "", [], {})}
        console.print(f"  {row['table']}: {escape(_arguments(shown))}")


def tell_analytics(console: Console, analytics: Analytics | None) -> None:
    """Print the analytics, or that there are none."""
    if analytics is None:
        console.print("\n[red]No analytics[/]")
        return
    console.print(f"\n[bold]Analytics[/] (by {escape(analytics.method)})")
    console.print(f"  sentiment {analytics.sentiment_score:+.2f} {analytics.sentiment_label}", end="")
    console.print(f" · lead {analytics.lead_score} {analytics.lead_class}", end="")
    console.print(f" · satisfaction {analytics.satisfaction}/5 · {analytics.resolution}")
    console.print(f"  intent: {escape(analytics.intent)} · topics: {escape(', '.join(analytics.topics))}")
    if analytics.escalated:
        console.print(f"  [red]escalated: {escape(analytics.escalation_reason or '')}[/]")
    console.print(f"  {escape(analytics.summary)}")


def tell_trace(console: Console, spans: Sequence[dict[str, Any]]) -> None:
    """Print how many spans of each kind there were and how long they took."""
    table = Table(title="Trace", title_justify="left", title_style="bold", box=None, pad_edge=True)
    for heading in ("span", "count", "p50 ms", "max ms"):
        table.add_column(heading, justify="left" if heading == "span" else "right")
    for kind in dict.fromkeys(span["kind"] for span in spans):
        lengths = [span["end_ms"] - span["start_ms"] for span in spans if span["kind"] == kind]
        table.add_row(kind, str(len(lengths)), str(percentile(lengths, 50)), str(max(lengths)))
    console.print()
    console.print(table)


def _said(who: str, text: str, colour: str, *, cut: bool = False) -> str:
    return f"[bold {colour}]{escape(who):<{WIDTH}}[/] {escape(text)}{' [dim]— cut off[/]' if cut else ''}"


def _arguments(values: dict[str, Any], limit: int = 200) -> str:
    text = ", ".join(f"{name}={value}" for name, value in values.items())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _gist(answered: f.ToolAnswered) -> str:
    """The sentence of a tool's answer, or what there is of it."""
    try:
        output = json.loads(answered.output)
    except ValueError:
        return answered.output[:160]
    message = output.get("message") if isinstance(output, dict) else None
    return str(message if message is not None else answered.output)[:160]


def _lost(fact: Any) -> str:
    return f"[red]{type(fact).__name__}: {escape(fact.reason)}[/]"


_LINES: dict[type, Callable[[Any], str]] = {
    f.CallStarted: lambda x: f"☎ call to [bold]{escape(x.team)}[/] over {escape(x.line)}, model {escape(x.model)}",
    f.CallerSpoke: lambda x: _said("caller", x.text or "(not understood)", "cyan"),
    f.AgentSpoke: lambda x: _said(x.agent or "agent", x.heard_text, "green", cut=x.interrupted),
    f.LengthReached: lambda x: "[yellow]the longest duration is reached: the call ends when the supervisor leaves[/]",
    f.SupervisorJoined: lambda x: f"[bold]⇄ a supervisor, {escape(x.by)}, has the call[/]",
    f.SupervisorSpoke: lambda x: _said("supervisor", x.text or "(not understood)", "magenta"),
    f.SupervisorLeft: lambda x: f"[bold]⇄ the supervisor leaves: {x.reason.replace('_', ' ')}[/]",
    f.CallEnded: lambda x: f"☎ call ended: {x.reason.replace('_', ' ')} after {x.duration_ms / 1000:.1f} s",
    f.HandoffCommitted: lambda x: f"[yellow]⇄ handoff {x.from_agent} → {x.to_agent}[/]",
    f.HandoffHeard: lambda x: f"[yellow]⇄ {x.to_agent} heard, gap {x.gap_ms} ms[/]",
    f.HandoffReturned: lambda x: f"[yellow]⇄ {x.from_agent} gives the call back:[/] {escape(_arguments(x.result))}",
    f.HandoffRolledBack: lambda x: f"[red]⇄ handoff to {x.to_agent} rolled back: {escape(x.reason)}[/]",
    f.HandoffRefused: lambda x: f"[red]⇄ handoff to {x.to_agent} refused: {escape(x.reason)}[/]",
    f.StandbyFailed: lambda x: f"[red]⇄ no session stood by for {x.to_agent}, the voice stays: {escape(x.reason)}[/]",
    f.Consulted: lambda x: f"[yellow]? asked {x.specialist}[/] [dim]{x.duration_ms} ms[/]",
    f.ClaimGranted: lambda x: f"[blue]✓ claim {escape(x.claim)}[/]",
    f.EmergencyDeclared: lambda x: f"[bold red]! emergency: {escape(x.sign)}[/]",
    f.HumanRequested: lambda x: "[bold]! the caller wants a person[/]",
    f.GuardrailTripped: lambda x: f"[red]! guardrail {escape(x.guardrail)}: {x.action}[/]",
    f.GuardrailFailed: lambda x: f"[red]! guardrail {escape(x.guardrail)} {x.reason}: {x.policy}[/]",
    f.ApprovalAsked: lambda x: f"[yellow]{escape(x.tool)} waits for approval by {x.approver}[/]",
    f.ApprovalGiven: lambda x: f"[yellow]{escape(x.tool)} {'approved' if x.approved else 'refused'} by {x.how}[/]",
    f.DtmfPressed: lambda x: _said("caller", f"(presses {x.digit})", "cyan"),
    f.Interrupted: lambda x: f"[cyan]caller interrupts[/] after {x.heard_ms} of {x.generated_ms} ms",
    f.AgentPaused: lambda x: f"[dim]the agent stops after {x.heard_ms} ms: does the caller speak?[/]",
    f.AgentResumed: lambda x: f"[dim]no: it goes on after {x.silent_ms} ms[/]",
    f.SpeechIgnored: lambda x: f"[dim]no turn ({x.reason}): {escape(x.text) or '…'}[/]",
    f.SilencePrompted: lambda x: f"[dim]silence: {x.stage}[/]",
    f.FillerSpoken: lambda x: f"[dim]filler while {escape(x.tool)} works[/]",
    f.BadInput: lambda x: f"[red]bad input from {x.source}: {x.code}[/]",
    f.ModelRestored: lambda x: f"[yellow]↻ model {x.verdict} after {x.gap_ms} ms: {escape(x.model)}[/]",
    f.ModelRolledOver: lambda x: f"[dim]↻ session rolled over, {x.items} items taken along[/]",
    f.LineLost: _lost,
    f.LineReturned: lambda x: f"[dim]the caller is back after {x.away_ms} ms[/]",
    f.ModelLost: _lost,
}
