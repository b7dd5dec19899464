"""Tells a call as it happens, fact by fact, and sums it up afterwards."""

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from huntgroup.analytics.metrics import percentile
from huntgroup.domain import facts as f
from huntgroup.domain.analytics import Analytics

WIDTH = 12


class Teller:
    """Prints facts on `console`, one or two lines each; facts that say nothing to a listener are left out."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._called: dict[str, f.ToolCalled] = {}

    def fact(self, fact: f.Fact) -> None:
        """Print one fact; call it in order."""
        line = self._line(fact)
        if line:
            self._console.print(f"[dim]{fact.t_ms / 1000:6.1f} s[/]  {line}")

    def _line(self, fact: f.Fact) -> str:
        match fact:
            case f.CallStarted():
                return f"☎ call to [bold]{escape(fact.team)}[/] over {escape(fact.line)}, model {escape(fact.model)}"
            case f.CallerSpoke():
                return _said("caller", fact.text or "(not understood)", "cyan")
            case f.AgentSpoke():
                return _said(fact.agent or "agent", fact.heard_text, "green", cut=fact.interrupted)
            case f.ToolCalled():
                self._called[fact.tool_call_id] = fact
                return ""
            case f.ToolAnswered():
                return self._tool(fact)
            case f.CallEnded():
                return f"☎ call ended: {fact.reason.replace('_', ' ')} after {fact.duration_ms / 1000:.1f} s"
            case _:
                return _event(fact)

    def _tool(self, answered: f.ToolAnswered) -> str:
        called = self._called.pop(answered.tool_call_id, None)
        arguments = _arguments(called.arguments) if called is not None else ""
        colour = "magenta" if answered.ok else "red"
        head = f"[{colour}]⚙ {answered.tool}[/]({escape(arguments)})"
        return f"{head} [dim]{answered.duration_ms} ms[/] → {escape(_gist(answered))}"


def _event(fact: f.Fact) -> str:
    match fact:
        case f.HandoffCommitted():
            return f"[yellow]⇄ handoff {fact.from_agent} → {fact.to_agent}[/]"
        case f.HandoffHeard():
            return f"[yellow]⇄ {fact.to_agent} heard, gap {fact.gap_ms} ms[/]"
        case f.HandoffReturned():
            return f"[yellow]⇄ {fact.from_agent} gives the call back:[/] {escape(_arguments(fact.result))}"
        case f.HandoffRolledBack():
            return f"[red]⇄ handoff to {fact.to_agent} rolled back: {escape(fact.reason)}[/]"
        case f.HandoffRefused():
            return f"[red]⇄ handoff to {fact.to_agent} refused: {escape(fact.reason)}[/]"
        case f.Consulted():
            return f"[yellow]? asked {fact.specialist}[/] {fact.duration_ms} ms"
        case f.ClaimGranted():
            return f"[blue]✓ claim {escape(fact.claim)}[/]"
        case f.EmergencyDeclared():
            return f"[bold red]! emergency: {escape(fact.sign)}[/]"
        case f.HumanRequested():
            return "[bold]! the caller wants a person[/]"
        case f.GuardrailTripped():
            return f"[red]! guardrail {escape(fact.guardrail)}: {fact.action}[/]"
        case f.DtmfPressed():
            return _said("caller", f"(presses {fact.digit})", "cyan")
        case f.Interrupted():
            return f"[cyan]caller interrupts[/] after {fact.heard_ms} of {fact.generated_ms} ms"
        case f.SilencePrompted():
            return f"[dim]silence: {fact.stage}[/]"
        case f.FillerSpoken():
            return f"[dim]filler while {escape(fact.tool)} works[/]"
        case f.BadInput():
            return f"[red]bad input from {fact.source}: {fact.code}[/]"
        case f.LineLost() | f.ModelLost():
            return f"[red]{type(fact).__name__}: {escape(fact.reason)}[/]"
        case _:
            return ""


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
