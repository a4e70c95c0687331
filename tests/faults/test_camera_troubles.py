"""What the user sees of a camera in trouble, from the driver's answer to terminal, icon and log."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest
from fake_webcam import Bench
from media import plain
from monitor_process import SLOUCHED, Home, monitoring, until
from person import START, Moves
from watched import Part, Watched, tell, watching

from posture.core.effects import SpanKind
from posture.core.landmarks import SceneMotion
from posture.desktop.glance import camera_text
from posture.desktop.icon_state import IconState
from posture.desktop.words import speak
from posture.journal.reader import Reader as LogReader
from posture.sense import webcam
from posture.sense.camera_device import CameraFault
from posture.sense.worker_feed import CRASHED, FAILED, HUNG
from posture.status_document import Program, status_document

BACK = "The camera works again."
Change = Callable[[Bench], None]


def setting(**values: object) -> Change:
    def change(bench: Bench) -> None:
        for name, value in values.items():
            setattr(bench, name, value)

    return change


def plug_elsewhere(bench: Bench) -> None:
    bench.plugged = 3


def free(bench: Bench) -> None:
    bench.hung = False
    bench.freed.set()


# What happens in mid-run, how it ends, what is said meanwhile.
TROUBLES: dict[str, tuple[Change, Change, str]] = {
    "unplugged": (
        setting(plugged=None),
        plug_elsewhere,
        "The camera was unplugged. Plug it in again: it is found by itself.",
    ),
    "stalled": (
        setting(stalled=True),
        setting(stalled=False),
        "The camera sends no picture. If that lasts, unplug it and plug it in again.",
    ),
    "hung": (
        setting(hung=True),
        free,
        "The camera sends no picture. If that lasts, unplug it and plug it in again.",
    ),
    "black": (
        setting(picture=plain(0)),
        setting(picture=None),
        "The camera's picture is black. Open its cover or switch on a light.",
    ),
    "frozen": (
        setting(picture=plain(90)),
        setting(picture=None),
        "The camera's picture does not change. If that lasts, unplug it and plug it in again.",
    ),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_trouble_in_mid_run_is_said_shown_and_over(name: str, tmp_path: Path) -> None:
    begin, end, words = TROUBLES[name]
    bench = Bench()
    with watching(bench, tmp_path) as desk:
        desk.hears("you are here")
        begin(bench)
        said = desk.hears(words)
        glance = desk.shows(words)
        assert glance.icon is IconState.CAMERA_LOST
        status = desk.status
        assert status is not None
        assert status.camera == "lost"
        assert status.camera_reason == ("stalled" if name == "hung" else name)

        end(bench)
        desk.hears(BACK, after=said)
        desk.shows("Sitting well")

    # Said once however long it lasted, and the log knows what was and what was not seen.
    assert sum(words in line for line in desk.terminal.said) == 1
    assert spans(tmp_path, SpanKind.CAMERA) == ["open", "lost", "open"]
    assert spans(tmp_path, SpanKind.PRESENCE)[0] == "present"
    assert spans(tmp_path, SpanKind.PRESENCE)[-1] == "present"
    assert "away" not in spans(tmp_path, SpanKind.PRESENCE)
    assert why_unseen(tmp_path) == {status.camera_reason}


@pytest.mark.parametrize(
    ("reason", "begin", "end", "words"),
    [
        (
            "absent",
            setting(plugged=None),
            setting(plugged=0),
            "There is no camera. Plug one in: it is found by itself.",
        ),
        (
            "busy",
            setting(busy=True),
            setting(busy=False),
            "The camera is used by another program. Posture goes on when it is free.",
        ),
    ],
)
def test_a_camera_missing_at_the_start_is_waited_for(
    reason: str, begin: Change, end: Change, words: str, tmp_path: Path
) -> None:
    bench = Bench()
    begin(bench)
    with watching(bench, tmp_path) as desk:
        said = desk.hears(words)
        desk.hears("cannot see you")
        assert_shown(desk, words, reason)

        end(bench)
        desk.hears(BACK, after=said)
        desk.hears("you are here", after=said)

    assert_logged(tmp_path, reason)
    # Why is said once, by the camera's own line.
    (unseen,) = [line for line in desk.terminal.said if "cannot see you" in line]
    assert unseen.endswith("cannot see you")


def assert_shown(desk: Watched, words: str, reason: str) -> None:
    """Icon, tooltip, and both ways ``posture status`` tells it."""
    glance = desk.shows(words)
    assert glance.icon is IconState.CAMERA_LOST
    assert desk.status is not None
    program = Program(1, "", desk.status.at, "", "0")
    document = status_document(desk.status, program)
    assert document["text"] == [words]
    assert (document["camera"], document["camera_reason"]) == ("lost", reason)
    assert (document["presence"], document["sitting_s"]) == ("unknown", 0.0)


def assert_logged(folder: Path, reason: str) -> None:
    """Nothing was seen, and why; then somebody was there."""
    assert spans(folder, SpanKind.PRESENCE) == ["unknown", "present"]
    assert spans(folder, SpanKind.CAMERA)[-2:] == ["lost", "open"]
    assert why_unseen(folder) == {reason}


def why_unseen(folder: Path) -> set[str | None]:
    """The reasons of the times without a camera, and without anybody known."""
    with LogReader(folder) as log:
        found = log.spans(0, 2**62, [SpanKind.CAMERA, SpanKind.PRESENCE])
    return {one.reason for one in found if one.value in ("lost", "unknown")}


def test_posture_without_a_camera_says_so_wherever_it_is_asked(tmp_path: Path) -> None:
    """The whole program, whose camera nobody has."""
    home = Home(tmp_path)
    words = "There is no camera. Plug one in: it is found by itself."
    with monitoring(home, "97") as monitor:
        monitor.hears(words)
        until(lambda: home.status()["camera"] == "lost", "the loss")
        status = home.status()
        assert (status["text"], status["camera_reason"]) == ([words], "absent")
        asked = home.ask("status", "--data-dir", str(home.data))
        assert asked.stdout.splitlines()[0] == words
        until(lambda: home.rows("SELECT 1 FROM span WHERE length_us > 0"), "the log")
        assert monitor.end(signal.SIGTERM) == (0, "")

    (day,) = json.loads(home.ask("log", "--json", "--data-dir", str(home.data)).stdout)["days"]
    assert day["sitting_s"] is None
    assert set(day["unseen_s"]) == set(day["camera_lost_s"]) == {"absent"}


def test_a_camera_one_may_not_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allowed meanwhile, it is used: no new start is needed."""
    device = tmp_path / "video0"
    device.touch()
    allowed: list[str] = []
    # Whoever runs the tests may be root, who may everything.
    monkeypatch.setattr(webcam, "_may_use", lambda path: path in allowed)
    bench = Bench(path=str(device), busy=True)
    words = "This user may not use the camera. `posture doctor` says how to allow it."
    with watching(bench, tmp_path / "log") as desk:
        said = desk.hears(words)
        assert_shown(desk, words, "denied")

        allowed.append(str(device))
        bench.busy = False
        desk.hears(BACK, after=said)
        desk.hears("you are here", after=said)

    assert_logged(tmp_path / "log", "denied")


def test_another_size_in_mid_run_is_measured_on(tmp_path: Path) -> None:
    bench = Bench()
    with watching(bench, tmp_path) as desk:
        desk.hears("you are here")
        desk.shows("Sitting well")
        bench.picture = plain(80, 320, 240)
        # A frozen one would be told: the shade changes.
        for shade in range(81, 100):
            bench.picture = plain(shade, 320, 240)
            desk.shows("Sitting well")

    assert spans(tmp_path, SpanKind.CAMERA) == ["open"]
    assert not any("camera" in line.lower() for line in desk.terminal.said)


def test_a_camera_that_runs_at_its_own_pace_is_looked_at_as_often_as_wanted(
    tmp_path: Path,
) -> None:
    """A hundred pictures a second are offered, and few received."""
    bench = Bench()
    began = time.monotonic()
    with watching(bench, tmp_path) as desk:
        desk.shows("Sitting well")
        until(lambda: bench.retrieves > 5, "pictures")

    assert bench.grabs < (time.monotonic() - began) * 100 / 2


@pytest.mark.parametrize("hz", [1.0, 60.0])
def test_a_slow_and_a_fast_camera_tell_the_same_story(hz: float) -> None:
    """The reminder of a slouch held for a minute comes after a minute, not after 60 pictures."""
    told = tell([Part(20.0), Part(80.0, SLOUCHED)], hz)

    (shown,) = told.reminders
    assert shown.at - START == pytest.approx(80.0, abs=5.0)
    assert shown.began - START == pytest.approx(20.0, abs=3.0)


def test_auto_framing_is_named_and_nobody_is_nagged() -> None:
    """The picture jumps nearer: everybody in it seems too close."""
    jumped = Part(120.0, Moves(forward=20.0), scene=SceneMotion(scale=1.3))
    told = tell([Part(30.0), jumped], 2.0)

    assert told.reminders == []
    assert told.glance.headline == (
        "Please recalibrate: the camera zooms or follows you by itself (auto-framing)"
    )
    assert sum("auto-framing" in line for line in told.said) == 1


@pytest.mark.parametrize("size", [(480, 640), (640, 360)], ids=["on its side", "wide"])
def test_a_rotated_or_reshaped_picture_asks_for_a_calibration(size: tuple[int, int]) -> None:
    told = tell([Part(30.0), Part(120.0, SLOUCHED, size)], 2.0)

    assert told.reminders == []
    assert told.glance.headline == "Please recalibrate: the picture has another shape than before"
    assert sum("another shape" in line for line in told.said) == 1


@pytest.mark.parametrize("reason", [*CameraFault, CRASHED, HUNG, FAILED])
def test_every_trouble_has_words_of_its_own_in_every_language(reason: str) -> None:
    told = {}
    for language in ("en", "de"):
        speak(language)
        told[language] = camera_text(reason)
        assert told[language] != camera_text("something nobody has heard of")
        assert told[language].endswith(".")
    assert told["en"] != told["de"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak("en")


def spans(folder: Path, kind: SpanKind) -> list[str]:
    """The values of the log's spans of one kind, in order, repeats left out."""
    with LogReader(folder) as log:
        values = [span.value for span in log.spans(0, 2**62, [kind])]
    return [value for value, _ in groupby(values)]
