"""Calls as data: what a caller says and does, and what must be true afterwards.

    name: reschedule
    title: A verified patient moves an appointment
    team: healthcare
    caller_id: "+15855550117"          # what the carrier reports; null for none
    voice: null                        # the caller's voice; null lets the runner choose another than the agent's
    now: 2026-11-22T14:05:00-05:00     # the present of the call and of its data; null for the real one
    steps:                             # in order; each `say` waits until the agents have finished speaking
      - say: I need to move my appointment.
      - arrange: {race: {provider: Dr. Chen, date: "2026-12-01", time: "14:00"}}
      - barge_in: {after_ms: 1200, say: Sorry, one more thing.}
      - wait_ms: 3000                  # stay silent for so long
      - press: "1"
      - hang_up: true
    expect:
      agents: [front_desk, clinical, front_desk]         # path of the call, exactly
      tools: [{tool: lookup_patient, arguments: {last_name: Wilson}, ok: true}]
                                                         # in order, others between; strings are patterns
      not_tools: [schedule_appointment]                  # never answered with ok
      facts: [ClaimGranted]                              # types that must be there
      not_facts: [HandoffRolledBack]
      heard: ["tuesday, december 1st"]                   # patterns in all that was heard, case ignored
      not_heard: [sorry]
      rows: [{sql: "select count(*) from …", equals: 1}] # first column of the first row
      ended_by: goodbye                                  # reason of CallEnded, a regular expression

`arrange` runs `async def <hook>(database, now, **arguments)` of `huntgroup.verticals.<team>.arrange`.

Strings may hold `${…}`, filled in by `Scenario.at(now, closed)`: a day by `today`, `today+3`, `workday+5` (Monday
to Friday, without the `closed` days) or `tuesday` (the first after today); `${say workday+5}` is the same day in
words ("Tuesday, December 1st"). `${call_id}` is left for the runner, who knows it after the call.
"""

import re
from collections.abc import Container
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from huntgroup.domain.errors import TeamError

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PLACE = re.compile(r"\$\{(?P<say>say )?(?P<base>today|workday|[a-z]+day)(?:\+(?P<days>\d+))?\}")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BargeIn(_Model):
    """The caller speaks `after_ms` milliseconds of the agent's next words have been heard."""

    after_ms: int = Field(ge=0)
    say: str = Field(min_length=1)


class Step(_Model):
    """One thing that the caller does, or that happens meanwhile: exactly one field is set."""

    say: str | None = Field(default=None, min_length=1)
    barge_in: BargeIn | None = None
    wait_ms: int | None = Field(default=None, ge=0)
    press: str | None = Field(default=None, pattern=r"^[0-9*#]+$")
    hang_up: bool | None = None
    arrange: dict[str, dict[str, Any]] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("a step does exactly one of: " + ", ".join(Step.model_fields))
        return self


class ExpectedTool(_Model):
    """A tool call that must be there: a part of its arguments, strings as patterns; `ok` None is either."""

    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    ok: bool | None = True


class ExpectedRow(_Model):
    """A query of one value and what it must be."""

    sql: str
    equals: int | str | None = None
    at_least: int | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.equals is None) == (self.at_least is None):
            raise ValueError("a row has either equals or at_least")
        return self

    def unmet(self, value: Any) -> str | None:
        """Return what is wrong with `value`, or None."""
        if self.equals is not None:
            return None if value == self.equals else f"{self.sql}: {value!r} instead of {self.equals!r}"
        enough = isinstance(value, int) and self.at_least is not None and value >= self.at_least
        return None if enough else f"{self.sql}: {value!r} instead of at least {self.at_least}"


class Expect(_Model):
    """What must be true when the call is over."""

    agents: list[str] = Field(default_factory=list)
    tools: list[ExpectedTool] = Field(default_factory=list)
    not_tools: list[str] = Field(default_factory=list)
    facts: list[str] = Field(default_factory=list)
    not_facts: list[str] = Field(default_factory=list)
    heard: list[str] = Field(default_factory=list)
    not_heard: list[str] = Field(default_factory=list)
    rows: list[ExpectedRow] = Field(default_factory=list)
    ended_by: str | None = None


class Scenario(_Model):
    """One call as data; see the head of this module."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = ""
    team: str
    caller_id: str | None = None
    voice: str | None = None
    now: AwareDatetime | None = None
    steps: list[Step] = Field(min_length=1)
    expect: Expect

    def at(self, now: datetime, closed: Container[date] = ()) -> "Scenario":
        """Return the scenario with every `${…}` day filled in, counted from the date of `now` in its zone."""
        plain = self.model_dump(mode="json", exclude_unset=True)
        return Scenario.model_validate(_filled(plain, now.date(), closed))

    def lines(self) -> list[str]:
        """Return what the caller says, in order."""
        return [words for step in self.steps if (words := step.say or (step.barge_in and step.barge_in.say))]


def load_scenario(path: Path) -> Scenario:
    """Read a scenario. Raises `TeamError` with the file and what is wrong in it."""
    try:
        scenario = Scenario.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise TeamError(f"{path}: {error}") from error
    if scenario.name != path.stem:
        raise TeamError(f"{path}: the scenario is named {scenario.name!r}, the file {path.stem!r}")
    return scenario


def _filled(value: Any, today: date, closed: Container[date]) -> Any:
    if isinstance(value, str):
        return _PLACE.sub(lambda place: _day_text(place, today, closed), value)
    if isinstance(value, dict):
        return {key: _filled(item, today, closed) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, today, closed) for item in value]
    return value


def _day_text(place: re.Match[str], today: date, closed: Container[date]) -> str:
    day = _day(place["base"], int(place["days"] or 0), today, closed)
    if not place["say"]:
        return day.isoformat()
    number = day.day
    suffix = "th" if 10 <= number <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{_WEEKDAYS[day.weekday()].title()}, {day:%B} {number}{suffix}"


def _day(base: str, count: int, today: date, closed: Container[date]) -> date:
    if base == "today":
        return today + timedelta(days=count)
    if base in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS.index(base) - today.weekday() - 1) % 7 + 1 + count)
    if base != "workday":
        raise TeamError(f"a scenario names an unknown day: {base!r}")
    day = today
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in closed
    return day
