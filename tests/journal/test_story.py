"""Sentences about a day say what was, and nothing that was not."""

from __future__ import annotations

import string
from datetime import date

import pytest
from days import BERLIN, later, story, us

from posture.core.effects import Fate, MinuteMeasure, ReminderKind, SpanKind
from posture.core.metrics import MEASURES
from posture.core.reading import Label
from posture.core.reminders import NO_ANSWER, NOT_SEEN, RESTARTED
from posture.core.silence import Silence
from posture.journal.day import Day, Goals
from posture.journal.drawing import fate_text
from posture.journal.rows import Minute, Records, ReminderFateRow, ReminderRow, Span
from posture.journal.story import Story, tell
from posture.journal.summary import summarize
from posture.journal.texts import LANGUAGES, TABLES, Words
from posture.journal.told import Told
from posture.journal.trends import Comparison, compare

MONDAY = date(2026, 3, 2)
ENGLISH = Words("en", BERLIN)
ALONE = Comparison(0, dict.fromkeys(compare([]).means))


def day_of(activity: str, posture: str = "", near_min: int = 0) -> Day:
    spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", activity)
    if posture:
        spans += story(SpanKind.POSTURE, "2026-03-02 09:00", posture)
    nine = us("2026-03-02 09:00")
    minutes = [
        Minute(later(nine, minutes=n), 60, {"distance_cm": MinuteMeasure(cm, cm, cm, 60)})
        for n, cm in enumerate([45] * near_min + [65] * (50 - near_min))
    ]
    return summarize(MONDAY, BERLIN, Records(spans, minutes if near_min else ()))


def told(day: Day, before: Comparison = ALONE, **more: int | str) -> Story:
    return tell(day, before, Goals(), **more)  # type: ignore[arg-type]


def facts(day: Day, before: Comparison = ALONE, **more: int) -> list[str]:
    return [ENGLISH.line(line) for line in told(day, before, **more).facts]


def tips(day: Day) -> list[str]:
    return [line.key for line in told(day).tips]


def test_an_ordinary_day() -> None:
    day = day_of(
        "sitting 50m, away 10m, sitting 70m, standing 2h, sitting 30m",
        "upright 50m, away 10m, upright 30m, slouch 40m",
    )

    assert facts(day) == [
        "You sat for 2 h 30 min in 3 stretches, the longest of 1 h 10 min from 10:00.",
        "There were 2 breaks, 1 h 5 min long and after 1 h of sitting on average.",
        "You were on your feet for 2 h 10 min: the goal of 2 h is met.",
        "Your posture was good for 67% of the time that could be judged.",
        "The best hour began at 09:00 (100% good), the hardest at 10:00 (50%).",
    ]


def test_an_empty_day_has_little_to_tell() -> None:
    assert told(day_of("gap 8h")) == Story((), (), ())
    assert facts(day_of("away 8h")) == ["The camera watched for 8 h: nobody was at the desk."]


@pytest.mark.parametrize(
    ("usual", "expected"),
    [(0.70, "5 points more"), (0.80, "5 points less"), (0.745, "as in the week before")],
)
def test_posture_is_compared_with_the_week_before(usual: float, expected: str) -> None:
    day = day_of("sitting 2h", "upright 90m, slouch 30m")
    before = Comparison(5, {**ALONE.means, "good_share": usual})

    assert any(expected in fact for fact in facts(day, before))


def test_a_day_not_over_is_not_blamed() -> None:
    day = day_of("sitting 2h")
    unfinished = told(day, now_us=us("2026-03-02 11:00"))

    assert any(line.key == "fact.goal_short_today" for line in unfinished.facts)
    assert ENGLISH.line(unfinished.notes[0]) == (
        "The day is not over: this is how it stands at 11:00."
    )


def test_streak_is_told_once_it_is_one() -> None:
    day = day_of("sitting 1h, standing 2h, sitting 1h")

    assert "That makes 4 working days in a row with enough time on your feet." in facts(
        day, streak=4
    )
    assert not any("in a row" in fact for fact in facts(day, streak=1))


def test_what_could_not_be_told_is_said() -> None:
    day = day_of("sitting 1h, unknown 6m, sitting 10m, gap 8m, sitting 10m")

    assert [ENGLISH.line(line) for line in told(day).notes] == [
        "For 6 min the camera could not tell; that time is in no share.",
        "For 8 min between the first and the last sitting the program did not run.",
    ]


# Of these other sentences speak, or nobody was there.
TOLD_ELSEWHERE = {
    Silence.CAMERA_LOST, Silence.LOW_CONFIDENCE, Silence.LOCKED, Silence.ASLEEP
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [each for each in Silence if each not in TOLD_ELSEWHERE])
def test_why_no_reminder_could_come_is_said(language: str, reason: Silence) -> None:
    spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 2h")
    spans += story(SpanKind.SILENCE, "2026-03-02 09:30", f"{reason} 20m")
    words = Words(language, BERLIN)

    notes = [words.line(line) for line in told(summarize(MONDAY, BERLIN, Records(spans, ()))).notes]

    (note,) = [note for note in notes if words.length(1200) in note]
    assert words.name("silence", reason) in note
    assert "_" not in note


def test_a_short_silence_is_not_worth_a_sentence() -> None:
    spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 2h")
    spans += story(SpanKind.SILENCE, "2026-03-02 09:30", "natural_pause 2m")

    notes = told(summarize(MONDAY, BERLIN, Records(spans, ()))).notes

    assert [line.key for line in notes if line.key == "note.silent"] == []


@pytest.mark.parametrize(
    ("why", "english", "german"),
    [
        (RESTARTED, "the program was started anew", "das Programm wurde neu gestartet"),
        (NOT_SEEN, "what came of it could not be seen", "was daraus wurde, war nicht zu sehen"),
        (NO_ANSWER, "the desktop gave no answer", "die Arbeitsumgebung gab keine Antwort"),
        ("the service said no", "the service said no", "the service said no"),
    ],
)
def test_why_a_reminder_ended_so_is_said_in_the_users_language(
    why: str, english: str, german: str
) -> None:
    nine = us("2026-03-02 09:00")
    reminder = ReminderRow(1, ReminderKind.STAND, nine, nine, "Stand up", "Stand up.")
    ended = Told(reminder, Fate.EXPIRED, why=why)

    assert fate_text(ended, ENGLISH).endswith(f"({english})")
    assert fate_text(ended, Words("de", BERLIN)).endswith(f"({german})")


def test_a_screen_locked_over_night_is_no_failing_of_the_camera() -> None:
    spans = [
        *story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 1h"),
        Span(
            SpanKind.PRESENCE, "unknown", us("2026-03-02 10:00"), us("2026-03-02 20:00"), "meeting"
        ),
        Span(SpanKind.PRESENCE, "unknown", us("2026-03-02 20:00"), us("2026-03-02 22:00"), "busy"),
    ]
    day = summarize(MONDAY, BERLIN, Records(spans))

    assert [ENGLISH.line(line) for line in told(day).notes] == [
        "After these hours the camera could not tell for 2 h whether anybody was there.",
        "The reason, for most of it: another program used the camera.",
    ]


def test_heeded_reminders_are_counted_among_those_that_were_seen() -> None:
    nine = us("2026-03-02 09:00")
    reminders = [ReminderRow(n, ReminderKind.POSTURE, nine, nine, "…", "…") for n in range(4)]
    fates = [
        ReminderFateRow(0, nine, Fate.HEEDED),
        ReminderFateRow(1, nine, Fate.EXPIRED),
        ReminderFateRow(2, nine, Fate.UNDELIVERED),
    ]
    spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 2h")
    day = summarize(MONDAY, BERLIN, Records(spans, (), reminders, fates))

    assert facts(day)[-1] == "You heeded one of 2 reminders."


class TestTips:
    def test_a_long_sitting(self) -> None:
        assert tips(day_of("sitting 61m, standing 2h, sitting 1h"))[0] == "tip.stand"
        assert "tip.stand" not in tips(day_of("sitting 60m, standing 2h, sitting 60m"))

    def test_near_work(self) -> None:
        day = "sitting 50m, standing 3h, sitting 1m"

        assert "tip.near" in tips(day_of(day, near_min=5))
        assert "tip.near" not in tips(day_of(day, near_min=4))

    @pytest.mark.parametrize(
        ("label", "key"),
        [
            (Label.SLOUCH, "tip.slouch"),
            (Label.FORWARD_HEAD, "tip.forward_head"),
            (Label.HEAD_DOWN, "tip.head_down"),
            (Label.LEANING_FORWARD, "tip.leaning_forward"),
            (Label.HEAD_TILT_LEFT, "tip.sideways"),
            (Label.UNEVEN_SHOULDERS, "tip.sideways"),
        ],
    )
    def test_the_strain_that_took_most(self, label: Label, key: str) -> None:
        day = day_of("sitting 1h, standing 2h, sitting 1h", f"{label} 21m, upright 30m")

        assert key in tips(day)

    def test_never_more_than_three(self) -> None:
        day = day_of("sitting 5h", "slouch 90m, upright 1h, forward_head 1h", 30)

        assert len(tips(day)) == 3

    def test_a_good_day_is_praised(self) -> None:
        day = day_of(
            "sitting 1h, standing 2h, sitting 1h",
            "upright 30m, looking_away 30s, upright 20m, looking_away 30s",
        )

        assert tips(day) == ["tip.keep"]


class TestTexts:
    def fields(self, text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_language_says_everything_with_the_same_values(self, language: str) -> None:
        english = TABLES["en"]
        table = TABLES[language]

        def plain(key: str) -> str:
            return key.removesuffix(".one").removesuffix(".none")

        assert {plain(key) for key in table} == {plain(key) for key in english}
        for key, text in table.items():
            # A number may be a word in one language and a figure in the other.
            wanted = self.fields(english.get(key, english[plain(key)])) - {"n"}
            assert self.fields(text) - {"n"} == wanted, key

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_word_of_the_program_has_a_name(self, language: str) -> None:
        table = TABLES[language]

        assert {f"label.{value}" for value in Label} <= set(table)
        assert {f"measure.{name}" for name in MEASURES} <= set(table)
        assert {f"reminder.{value}" for value in ReminderKind} <= set(table)
        assert {f"fate.{value}" for value in Fate} <= set(table)
        assert {f"silence.{value}" for value in Silence} <= set(table)
        assert {f"why.{value}" for value in (NO_ANSWER, NOT_SEEN, RESTARTED)} <= set(table)

    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (0, "0 min"),
            (0.4, "0 min"),
            (40, "40 s"),
            (59.6, "1 min"),
            (3599, "1 h"),
            (5400, "1 h 30 min"),
        ],
    )
    def test_lengths(self, seconds: float, text: str) -> None:
        assert ENGLISH.length(seconds) == text

    def test_numbers_and_dates(self) -> None:
        assert ENGLISH.number(-2.55, 1) == "−2.5"
        assert ENGLISH.day(MONDAY) == "Monday, 2 March 2026"
        assert ENGLISH.short_day(MONDAY) == "Mon 2 Mar"
        assert ENGLISH.clock(us("2026-03-02 14:05")) == "14:05"

    def test_an_unknown_word_is_shown_as_it_is(self) -> None:
        assert ENGLISH.name("silence", "new_reason") == "new reason"
