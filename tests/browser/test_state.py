"""The reducer of the page, in the browser that runs it."""

from typing import Any

from tests.browser.conftest import Visit

REDUCE = """async (events) => {
  const base = document.querySelector('script[type=module]').src;
  const { FIRST, reduce } = await import(new URL('./state.js', base));
  return events.map(list => list.reduce(reduce, FIRST));
}"""
COVER = """async (texts) => {
  const base = document.querySelector('script[type=module]').src;
  const { covered } = await import(new URL('./privacy.js', base));
  return texts.map(covered);
}"""
HELLO = {"type": "hello", "call_id": "c1", "team": "t", "title": "T", "agents": [], "edges": [], "agent": "a"}


def fact(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "fact", "fact": {"type": kind, "agent": "a", **fields}}


def caption(text: str, *, final: bool = True) -> dict[str, Any]:
    return {"type": "caption", "speaker": "agent", "utterance": "u1", "turn": 1, "text": text, "final": final}


MOVE = {"from": "a", "to": "b"}
BACK = {"from": "b", "to": "a"}
CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "a growing caption is one line": (
        [HELLO, caption("One", final=False), caption("One moment")],
        {
            "captions": [
                {
                    "id": "u1",
                    "speaker": "agent",
                    "agent": "a",
                    "interrupted": False,
                    "text": "One moment",
                    "final": True,
                }
            ]
        },
    ),
    "a return to the call brings all facts again and doubles nothing": (
        [HELLO, fact("HandoffCommitted", **MOVE), HELLO, fact("HandoffCommitted", **MOVE)],
        {"agent": "b", "handoffs": [{**MOVE, "gapMs": None, "earMs": None, "after": 0}]},
    ),
    "the way back is listed once, told as a return and as a commit": (
        [HELLO, fact("HandoffCommitted", **BACK), fact("HandoffReturned", **BACK, result={})],
        {"agent": "a", "handoffs": [{**BACK, "gapMs": None, "earMs": None, "after": 0}]},
    ),
    "what the ear measured belongs to its own handoff, whatever came after it": (
        [
            HELLO,
            fact("HandoffCommitted", **MOVE),
            fact("HandoffCommitted", **BACK),
            {"on": "gap-at-ear", **MOVE, "ms": 7},
        ],
        {
            "handoffs": [
                {**MOVE, "gapMs": None, "earMs": 7, "after": 0},
                {**BACK, "gapMs": None, "earMs": None, "after": 0},
            ]
        },
    ),
    "a handoff that is rolled back leaves the call with its giver": (
        [HELLO, fact("HandoffProposed", **MOVE), fact("HandoffRolledBack", **MOVE, reason="late")],
        {"agent": "a", "moving": None, "handoffs": []},
    ),
    "what nobody knows changes nothing": (
        [HELLO, {"type": "novelty"}, fact("Novelty")],
        {"phase": "live", "notice": None},
    ),
    "a refusal is told and the call goes on": (
        [HELLO, {"type": "error", "code": "no_edge", "message": "No."}],
        {"phase": "live", "notice": "No."},
    ),
}


async def test_the_state_follows_what_is_told(visit: Visit) -> None:
    page = await visit()
    states = await page.evaluate(REDUCE, [events for events, _ in CASES.values()])
    for (name, (_, wanted)), state in zip(CASES.items(), states, strict=True):
        assert {field: state[field] for field in wanted} == wanted, name


async def test_what_tells_who_somebody_is_gets_covered(visit: Visit) -> None:
    page = await visit()
    private = ["202 555 0143", "+1 (202) 555-0143", "mary@example.org", "1980-01-02", "May 4th, 1980"]
    shown = await page.evaluate(COVER, [f"It is {one}, at 10:30 with 2 refills." for one in private])
    assert shown == ["It is •••, at 10:30 with 2 refills."] * len(private)
