"""Whatever a client sends, in whatever order: no crash, and the protocol's invariants hold."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huntgroup.engine.ports import CallTool, Say
from huntgroup.wire import realtime as rt
from tests.engine.doubles import Bench, detection, sound, update, user_says

IDS = st.sampled_from(["a", "b", "c", "last"])
ANSWERS = st.lists(
    st.sampled_from([Say("Good morning, how are you?"), Say("Yes."), CallTool("look_up", '{"a": 1}')]),
    min_size=1,
    max_size=3,
)
OUT_OF_BAND = rt.ResponseConfig(conversation="none", output_modalities=["text"], metadata={"k": "v"})
SMALL = rt.ResponseConfig(max_output_tokens=4)
COMMANDS = st.one_of(
    st.builds(lambda i: ("send", user_says("hello", id=i)), IDS),
    *[st.just(("send", rt.ResponseCreate()))] * 4,
    st.just(("send", rt.ResponseCreate(response=OUT_OF_BAND))),
    st.just(("send", rt.ResponseCreate(response=SMALL))),
    st.just(("send", rt.ResponseCancel())),
    st.builds(lambda i: ("send", rt.ConversationItemDelete(item_id=i)), IDS),
    st.builds(lambda i: ("send", rt.ConversationItemRetrieve(item_id=i)), IDS),
    st.builds(
        lambda i, ms: ("send", rt.ConversationItemTruncate(item_id=i, content_index=0, audio_end_ms=ms)),
        IDS,
        st.integers(-1, 900),
    ),
    st.builds(lambda ms: ("send", sound(ms)), st.sampled_from([20, 200, 2000])),
    st.just(("send", rt.InputAudioBufferCommit())),
    st.just(("send", rt.InputAudioBufferClear())),
    st.just(("send", rt.OutputAudioBufferClear())),
    st.just(("send", detection(None))),
    st.just(("send", detection(rt.TurnDetection(type="server_vad", idle_timeout_ms=1000)))),
    st.just(("send", detection(rt.TurnDetection(type="semantic_vad", interrupt_response=False)))),
    st.just(("send", update(output_modalities=["text"]))),
    st.just(("send", update(output_modalities=["audio"]))),
    st.just(("ear", "start")),
    st.just(("ear", "stop")),
    st.just(("ear", "hear")),
    st.just(("gate", "toggle")),
    st.just(("settle", "")),
)


async def drive(bench: Bench, commands: list[tuple[str, object]]) -> None:
    for kind, what in commands:
        if kind == "send":
            bench.session.send(_aimed(bench, what))  # type: ignore[arg-type]
        elif kind == "ear":
            {"start": lambda: bench.ear.start(100), "stop": lambda: bench.ear.stop(900)}.get(
                str(what), lambda: bench.ear.hear("yes")
            )()
        elif kind == "gate":
            (bench.voice.gate.clear if bench.voice.gate.is_set() else bench.voice.gate.set)()
        else:
            await bench.clock.settle()
    bench.voice.gate.set()
    for _ in range(20):
        bench.ear.hear("late")
    for _ in range(20):
        await bench.clock.settle()


def _aimed(bench: Bench, event: object) -> object:
    """Point "last" at the item spoken last, so that truncation often finds something."""
    if getattr(event, "item_id", None) != "last":
        return event
    spoken = [e.item_id for e in bench.events if isinstance(e, rt.ResponseOutputAudioDelta)]
    fields = {name: getattr(event, name) for name in event.__struct_fields__}  # type: ignore[attr-defined]
    return type(event)(**{**fields, "item_id": spoken[-1] if spoken else "none"})


async def collect(bench: Bench) -> None:
    while True:
        bench.events.append(await bench.session.receive())


def check(events: list[rt.ServerEvent]) -> None:
    ids = [event.event_id for event in events]
    assert len(set(ids)) == len(ids)
    opened: dict[str, str] = {}
    active: str | None = None
    added: set[str] = set()
    for event in events:
        match event:
            case rt.ResponseCreated():
                opened[str(event.response.id)] = "open"
                if event.response.conversation_id:
                    assert active is None, "two responses write to the conversation"
                    active = event.response.id
            case rt.ResponseDone():
                assert opened[str(event.response.id)] == "open"
                opened[str(event.response.id)] = "done"
                assert event.response.usage is not None
                active = None if event.response.id == active else active
            case rt.ConversationItemAdded():
                added.add(str(event.item.id))
            case rt.ConversationItemDone():
                assert event.item.id in added
            case rt.ResponseOutputAudioDelta() | rt.ResponseOutputAudioTranscriptDelta():
                assert opened[event.response_id] == "open"
    assert set(opened.values()) <= {"done"}
    check_pairs(events)


def check_pairs(events: list[rt.ServerEvent]) -> None:
    pairs = [
        (rt.ConversationItemAdded, rt.ConversationItemDone, lambda e: e.item.id),
        (rt.ResponseOutputItemAdded, rt.ResponseOutputItemDone, lambda e: (e.response_id, e.output_index)),
        (rt.ResponseContentPartAdded, rt.ResponseContentPartDone, lambda e: (e.item_id, e.content_index)),
        (rt.ResponseOutputItemAdded, rt.ResponseOutputItemDone, lambda e: e.item.id),
    ]
    for begin, end, key in pairs:
        begun = sorted(str(key(event)) for event in events if isinstance(event, begin))
        ended = sorted(str(key(event)) for event in events if isinstance(event, end))
        assert begun == ended, begin.__name__


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COMMANDS, min_size=8, max_size=40), st.lists(ANSWERS, min_size=8, max_size=12))
def test_any_sequence_of_events_keeps_the_invariants(
    commands: list[tuple[str, object]], answers: list[list[Say | CallTool]]
) -> None:
    async def run() -> None:
        bench = Bench(*answers)
        bench.session.start()
        reader = asyncio.create_task(collect(bench))
        await drive(bench, commands)
        check(bench.events)
        assert not reader.done(), "the session ended"
        reader.cancel()
        await bench.session.close()

    asyncio.run(run())
