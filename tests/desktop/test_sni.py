"""The icon and menu as a panel reads them on the bus."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Iterator
from typing import Any

import pytest
from dbus_fast import DBusError, Variant
from moments import NOW, look, reading, reminder
from panel_reader import Reader
from stage import LONG_S

from posture.clock import ManualClock
from posture.core.inputs import Action, ActionKind
from posture.core.metrics import Metrics
from posture.core.reading import Label, Level
from posture.desktop.loop import LoopThread, Pace
from posture.desktop.tray_bus import BusTray

Sink = queue.SimpleQueue[Any]
BAD = reading(label=Label.SLOUCH, states={"slump_cm": Level.LIMIT})


@pytest.fixture
def tray(bus: str, loop: LoopThread, sink: Sink) -> Iterator[BusTray]:
    tray = BusTray(sink, ManualClock(NOW), loop, look())
    tray.start()
    yield tray
    tray.stop()
    tray.run()


@pytest.fixture
def reader(tray: BusTray, loop: LoopThread) -> Iterator[Reader]:
    reader = Reader(loop)
    yield reader
    reader.close()


def test_the_icon_says_what_a_panel_needs(reader: Reader) -> None:
    assert reader.get("Id") == "posture"
    assert reader.get("Status") == "Active"
    assert reader.get("Title") == "Sitting well"
    assert reader.get("ItemIsMenu") is True
    assert reader.get("Menu") == "/MenuBar"
    assert [(width, height, len(data)) for width, height, data in reader.get("IconPixmap")] == [
        (size, size, 4 * size * size) for size in (16, 22, 24, 32, 48, 64)
    ]


def test_the_tooltip_has_all_lines(reader: Reader) -> None:
    icon, pixmaps, title, text = reader.get("ToolTip")

    assert (icon, pixmaps, title) == ("", [], "Sitting well")
    assert text == "62 cm from the screen\nSitting for 42 min\nNext break in 18 min"


def test_new_words_update_the_items_and_leave_the_menu_open(tray: BusTray, reader: Reader) -> None:
    numbers = reader.labels()
    tray.show(look(sitting_s=43 * 60.0))

    assert reader.signal() == ("NewToolTip", [])

    name, (updated, removed) = reader.signal()
    assert (name, removed) == ("ItemsPropertiesUpdated", [])
    assert [(number, properties["label"].value) for number, properties in updated] == [
        (numbers["Sitting for 42 min"], "Sitting for 43 min")
    ]
    assert reader.signals.empty()


def test_a_new_state_brings_icon_tooltip_title(tray: BusTray, reader: Reader) -> None:
    tray.show(look(reading=BAD))

    assert [reader.signal()[0] for _ in range(4)] == [
        "NewIcon",
        "NewToolTip",
        "NewTitle",
        "ItemsPropertiesUpdated",
    ]
    assert reader.get("Title") == "Slouching"


def test_the_same_face_again_says_nothing(tray: BusTray, reader: Reader) -> None:
    tray.show(look())
    tray.show(look(reading=BAD))

    assert reader.signal() == ("NewIcon", [])


def test_new_items_bring_a_new_layout_and_old_numbers_stay(tray: BusTray, reader: Reader) -> None:
    before = reader.labels()
    tray.show(look(open_reminder=reminder(7), reading=BAD))
    names = [reader.signal()[0] for _ in range(4)]

    assert names[-1] == "LayoutUpdated"

    after = reader.labels()
    assert "Done" not in before
    assert "Done" in after
    assert {label: after[label] for label in before if label in after} == {
        label: number for label, number in before.items() if label in after
    }


def test_a_click_reaches_the_sink(reader: Reader, sink: Sink) -> None:
    number = reader.labels()["15 min"]
    reader.ask("Event", "isvu", number, "hovered", Variant("s", ""), 0)
    reader.ask("Event", "isvu", number, "clicked", Variant("s", ""), 0)

    assert sink.get(timeout=LONG_S) == Action(NOW, ActionKind.PAUSE, seconds=900.0)
    assert sink.empty()


def test_a_group_of_clicks_names_the_items_that_are_none(reader: Reader, sink: Sink) -> None:
    number = reader.labels()["Take a break now"]
    events = [[number, "clicked", Variant("s", ""), 0], [9999, "clicked", Variant("s", ""), 0]]

    assert reader.ask("EventGroup", "a(isvu)", events) == [[9999]]
    assert sink.get(timeout=LONG_S) == Action(NOW, ActionKind.BREAK_NOW)


def test_a_click_on_a_menu_drawn_before_hits_what_was_drawn(
    tray: BusTray, reader: Reader, sink: Sink
) -> None:
    tray.show(look(open_reminder=reminder(7)))
    wrong_alarm = reader_waits_for(reader, "That was a wrong alarm")
    tray.show(look(reading=BAD))  # settled in the meantime
    while reader.signal()[0] != "LayoutUpdated":
        pass
    reader.ask("Event", "isvu", wrong_alarm, "clicked", Variant("s", ""), 0)

    assert sink.get(timeout=LONG_S) == Action(NOW, ActionKind.WRONG_ALARM, reminder_id=7)


def reader_waits_for(reader: Reader, label: str) -> int:
    while label not in (numbers := reader.labels()):
        reader.signal()
    return numbers[label]


def test_what_no_menu_has_does_no_harm(reader: Reader, sink: Sink) -> None:
    reader.ask("Event", "isvu", 9999, "clicked", Variant("s", ""), 0)

    assert reader.ask("AboutToShow", "i", 9999) == [False]
    assert reader.ask("AboutToShowGroup", "ai", [0, 9999]) == [[], [9999]]
    assert reader.ask("GetProperty", "is", 9999, "label")[0].value == ""
    assert reader.ask("GetGroupProperties", "aias", [9999], []) == [[]]
    assert reader.ask("GetLayout", "iias", 9999, 1, [])[1][0] == 0
    assert sink.empty()


def test_a_greyed_item_cannot_be_clicked(tray: BusTray, reader: Reader, sink: Sink) -> None:
    tray.show(look(open_reminder=reminder(7)))
    number = reader_waits_for(reader, "Your head has come forward")
    reader.ask("Event", "isvu", number, "clicked", Variant("s", ""), 0)

    assert sink.empty()


def test_an_underscore_is_no_mnemonic(tray: BusTray, reader: Reader) -> None:
    tray.show(look(open_reminder=reminder(1, title="snake_case"), silent="meeting"))

    assert reader_waits_for(reader, "snake__case")


def test_a_check_mark_and_a_submenu_are_told(reader: Reader) -> None:
    numbers = reader.labels()
    wanted = [numbers["Start at login"], numbers["Pause"]]
    login, pause = reader.ask("GetGroupProperties", "aias", wanted, [])[0]

    assert (login[1]["toggle-type"].value, login[1]["toggle-state"].value) == ("checkmark", 1)
    assert pause[1]["children-display"].value == "submenu"


def test_a_panel_that_only_activates_gets_the_default(
    reader: Reader, loop: LoopThread, sink: Sink
) -> None:
    reader.menu, reader.item = reader.item, reader.menu
    reader.ask("Activate", "ii", 0, 0)

    assert sink.get(timeout=LONG_S).kind == "report"


def test_a_missing_property_is_an_error_not_an_end(reader: Reader) -> None:
    with pytest.raises(DBusError):
        reader.get("AttentionMovieName")

    assert reader.get("Id") == "posture"


def test_words_come_at_most_at_their_pace_and_the_newest_wins(loop: LoopThread) -> None:
    handed: list[int] = []

    async def offer() -> None:
        pace: Pace[int] = Pace(0.05, handed.append)
        for value in (1, 2, 3):
            pace.offer(value)
        assert handed == [1]
        pace.offer(4, urgent=True)
        assert handed == [1, 4]
        pace.offer(5)
        while len(handed) < 3:
            await asyncio.sleep(0.005)
        pace.offer(6)
        pace.cancel()

    loop.call(offer(), LONG_S)

    assert handed == [1, 4, 5]


def test_distances_do_not_flood_the_panel(tray: BusTray, reader: Reader) -> None:
    for tenth in range(50):
        metrics = Metrics(NOW, distance_cm=60 + tenth / 10)
        tray.show(look(reading=reading(metrics=metrics)))
    tray.show(look(reading=BAD))
    names = [reader.signal()[0]]
    while names[-1] != "NewTitle":
        names.append(reader.signal()[0])

    assert names.count("NewToolTip") <= 10
