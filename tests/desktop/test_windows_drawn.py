"""The windows' drawings: what they say at each step, and the picture as in a mirror."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from moments import NOW, reading, status
from person import EYE_LEVEL, Moves, seen
from PIL import Image
from sitter import Sitter, press

from posture.core import staleness
from posture.core.guide import Guide, Step
from posture.core.live_checks import Hint, Mark
from posture.core.metrics import Metrics
from posture.core.reading import Label, Level, Presence
from posture.desktop import calibration_window, consent_window, preview_window, words
from posture.desktop.canvas import PAPER, Canvas
from posture.desktop.marks import Marks, marks
from posture.desktop.preview import (
    Moment,
    camera_lost,
    marks_from_dict,
    marks_to_dict,
    moment,
    value_text,
)
from posture.desktop.window_parts import PICTURE, Live, limit_mark, live_picture, mark
from posture.settings import ActivityWatchSettings, MqttSettings, Settings

SIZES = [(1120, 700), (640, 480), (1280, 720)]


@pytest.fixture(autouse=True)
def _back_to_english() -> Iterator[None]:
    yield
    words.speak("en")


def live(size: tuple[int, int] = (640, 480)) -> Live:
    landmarks = seen(webcam=replace(EYE_LEVEL, size=size))
    return Live(Image.new("RGB", size, (90, 120, 150)), marks(landmarks))


def guides() -> dict[str, Guide]:
    """A guide at each step."""
    welcome = Guide()
    Sitter(welcome).sits(2.0)
    screen = Guide()
    press(screen, "enter", "2", "4")
    place = Guide()
    press(place, "enter", "2", "4", "enter")
    waiting = Guide(ask=())
    press(waiting, "enter")
    Sitter(waiting).sits(2.0, Moves(roll=20.0))
    counting = Guide(ask=())
    press(counting, "enter")
    Sitter(counting).sits(5.0)
    broken = Guide(ask=())
    press(broken, "enter")
    sitter = Sitter(broken)
    sitter.sits(5.0)
    sitter.hides(2.0)
    distance = Guide()
    press(distance, "enter", "enter", "enter")
    Sitter(distance).sits(13.0)
    press(distance, "3", "0", "enter")
    result = Guide(ask=(), distance_cm=62.0)
    press(result, "enter")
    Sitter(result).sits(13.0)
    doubtful = Guide(ask=())
    press(doubtful, "enter")
    Sitter(doubtful).sits(13.0, light=35.0)
    refused = Guide(ask=())
    press(refused, "enter")
    sitter = Sitter(refused)
    sitter.sits(3.0)
    for step in range(60):
        sitter.sits(0.2, Moves(right=0.25 * step))
    return {
        "welcome": welcome, "screen": screen, "place": place, "waiting": waiting,
        "counting": counting, "broken": broken, "distance": distance, "result": result,
        "doubtful": doubtful, "refused": refused,
    }  # fmt: skip


GUIDES = guides()
SAID = {
    "welcome": ["Find your upright posture", "Start", "Cancel", "Step 1 of 6"],
    "screen": ["How large is your screen?", "24", "inches", "Go on"],
    "place": ["Where is the camera?", "Above the screen", "16 cm is usual for your screen. Type "
              "another number if it differs."],
    "waiting": ["Sit the way you want to sit", "10", "Head straight",
                "Your head leans to the right. Hold it upright."],
    "counting": ["Just like that. Stay", "8", "seconds"],
    "broken": ["Started again: Your face is not in the picture."],
    "distance": ["How far are your eyes from the camera?", "30", "cm",
                 "The picture says otherwise. Press Enter again if it is right."],
    "result": ["That is your upright posture", "62 cm, measured", "Nothing is in doubt.", "Keep it",
               "Again", "Discard"],
    "doubtful": ["Usable, with a doubt", "There was little light. Put a lamp in front of you."],
    "refused": ["That did not work", "You are moving. Sit still for a moment.", "Again"],
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_each_step_says_what_it_is_about(name: str) -> None:
    canvas = Canvas((1120, 700))

    calibration_window.paint(canvas, GUIDES[name].progress, live())

    assert [text for text in SAID[name] if text not in canvas.texts] == []
    assert "No picture is stored or sent." in canvas.texts


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SAID)
def test_each_step_fits_at_each_size_in_each_language(
    name: str, size: tuple[int, int], language: str
) -> None:
    words.speak(language)
    canvas = Canvas(size)

    calibration_window.paint(canvas, GUIDES[name].progress, live((1280, 720)))

    pixels = np.asarray(canvas.image)
    # Nothing runs over the sheet's edges.
    for edge in (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]):
        assert (edge == PAPER).all()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("screen", {"enter", "tab", "escape"}),
        ("place", {"enter", "tab", "escape", "up", "down", "left", "right"}),
        ("waiting", {"escape"}),
        ("counting", {"r", "escape"}),
        ("distance", {"enter", "tab", "r", "escape"}),
        ("refused", {"enter", "escape"}),
    ],
)
def test_every_key_that_does_something_is_named_beside_the_promise(
    name: str, keys: set[str], language: str
) -> None:
    words.speak(language)
    canvas = Canvas((1120, 700))

    calibration_window.paint(canvas, GUIDES[name].progress, live())

    assert {target.key for target in canvas.targets} == keys
    named = [target.box for target in canvas.targets if target.box[1] > 620]
    assert min(left for left, *_ in named) > PICTURE[0] + canvas.width(
        words.say("window.private"), 16
    )


def test_the_keys_can_be_clicked() -> None:
    canvas = Canvas((1120, 700))

    calibration_window.paint(canvas, GUIDES["result"].progress, live())

    assert {target.key for target in canvas.targets} == {"enter", "r", "escape"}


def test_a_step_without_a_picture_says_so() -> None:
    guide = Guide()
    canvas = Canvas((1120, 700))
    calibration_window.paint(canvas, guide.progress, Live())
    assert "Opening the camera …" in canvas.texts

    Sitter(guide).loses_camera(1.0)
    canvas = Canvas((1120, 700))
    calibration_window.paint(canvas, guide.progress, Live())
    assert "The camera gives no picture." in canvas.texts


def test_the_picture_is_mirrored_and_so_are_the_marks() -> None:
    picture = Image.new("RGB", (640, 480), (0, 0, 0))
    picture.paste((255, 255, 255), (0, 0, 160, 480))  # the camera's left
    right_shoulder_only = Marks(shoulders=((0.25, 0.5), (0.25, 0.5)))
    canvas = Canvas((1120, 700))

    live_picture(canvas, Live(picture, right_shoulder_only))

    pixels = np.asarray(canvas.image.convert("L"))
    left, top, right, bottom = (round(edge) for edge in PICTURE)
    middle = (top + bottom) // 2
    assert pixels[middle + 100, left + 30] < 10
    assert pixels[middle + 100, right - 30] > 245
    # What is a quarter from the camera's left is a quarter from the mirror's right.
    assert pixels[middle, left + 480] > 245
    assert pixels[middle, left + 160] < 10


def test_a_wide_picture_keeps_its_proportions() -> None:
    canvas = Canvas((1120, 700))

    live_picture(canvas, Live(Image.new("RGB", (1280, 720), (255, 0, 0))))

    red = np.nonzero((np.asarray(canvas.image) == (255, 0, 0)).all(axis=2))
    height, width = red[0].max() - red[0].min() + 1, red[1].max() - red[1].min() + 1
    assert width / height == pytest.approx(16 / 9, abs=0.02)


def test_marks_lie_on_the_person() -> None:
    landmarks = seen()
    assert landmarks.pose is not None

    drawn = marks(landmarks)

    assert drawn.shoulders == (tuple(landmarks.pose[11, :2]), tuple(landmarks.pose[12, :2]))
    (_, bottom), (_, top) = drawn.head
    assert top < drawn.eyes[0][1] < bottom
    # The user's left is right in a picture that is not mirrored.
    assert drawn.eyes[0][0] > drawn.eyes[1][0]
    assert 0 < drawn.iris < 0.05


def test_nobody_has_no_marks() -> None:
    assert marks(replace(seen(), pose=None, face=None)) == Marks()


def test_the_states_of_a_check_differ_without_colour() -> None:
    def grey(draw: object) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        canvas = Canvas((1120, 700))
        assert callable(draw)
        draw(canvas)
        cut = np.asarray(canvas.image.convert("L"))[285:316, 485:516]
        return (cut < 180).astype(np.uint8)

    drawn = [grey(lambda c, k=kind: mark(c, (500, 300), k)) for kind in Mark]
    drawn.append(grey(lambda c: limit_mark(c, (500, 300))))
    for number, one in enumerate(drawn):
        for other in drawn[number + 1 :]:
            assert np.count_nonzero(one != other) > 60


def test_the_question_before_the_first_picture_makes_its_promises() -> None:
    canvas = Canvas((1120, 700))

    consent_window.paint(canvas)

    said = " ".join(canvas.texts)
    assert "May posture use your camera?" in canvas.texts
    assert "No picture is ever stored" in said
    assert "Nothing leaves this computer" in said
    assert {target.key for target in canvas.targets} == {"enter", "escape"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_promise_is_true_also_where_others_are_told(language: str) -> None:
    words.speak(language)
    set_to = Settings(
        mqtt=MqttSettings(enabled=True, host="hub.house"),
        activitywatch=ActivityWatchSettings(enabled=True),
    )
    plain, canvas = Canvas((1120, 700)), Canvas((1120, 700))

    consent_window.paint(plain, Settings().told)
    consent_window.paint(canvas, set_to.told)

    assert words.say("consent.sent") in plain.texts
    assert words.say("consent.sent") not in canvas.texts
    assert words.say("consent.sent_to", names="MQTT (hub.house), ActivityWatch") in canvas.texts
    # The keys below stay clear of it.
    assert not (np.asarray(canvas.image)[600:625] != PAPER).any()


CLOSE = reading(
    label=Label.TOO_CLOSE,
    metrics=Metrics(NOW, distance_cm=47.2, slump_cm=4.6, neck_lateral_deg=-2.4),
    states={
        "distance_cm": Level.WARN, "slump_cm": Level.LIMIT, "neck_lateral_deg": Level.GOOD,
        "forward_head_deg": Level.UNKNOWN,
    },
    score=41.0,
)  # fmt: skip


def painted(told: Moment, picture: Live | None = None) -> Canvas:
    canvas = Canvas((1120, 700))
    preview_window.paint(canvas, told, picture or live())
    return canvas


def test_the_preview_gives_each_measure_with_its_reason() -> None:
    said = painted(moment(status(reading=CLOSE, label=Label.TOO_CLOSE))).texts

    for text in ("Too close to the screen", "41", "47 cm", "50 cm or closer", "4.6 cm lower",
                 "4 cm or more", "2° left", "not measured"):  # fmt: skip
        assert text in said
    assert "Sitting for 42 min · Next break in 18 min" in said


def test_the_preview_speaks_german() -> None:
    words.speak("de")

    said = painted(moment(status(reading=CLOSE, label=Label.TOO_CLOSE))).texts

    assert "50 cm oder näher" in said
    assert "4,6 cm tiefer" in said


def test_the_preview_says_why_nothing_is_measured() -> None:
    away = reading(presence=Presence.AWAY, label=Label.AWAY, metrics=Metrics(NOW), score=None)
    told = moment(status(reading=away, presence=Presence.AWAY, label=Label.AWAY))
    assert "There is nothing to measure at the moment." in painted(told).texts

    closed = moment(status(camera="closed", silent="paused"))
    assert (closed.rows, closed.score) == ((), None)
    said = painted(closed, Live()).texts
    assert "The camera is closed." in said
    assert "Paused" in said


def test_the_preview_invites_to_calibrate() -> None:
    stranger = reading(calibrated=False, states={"distance_cm": Level.GOOD})

    said = painted(moment(status(reading=stranger))).texts

    assert "More is measured once you have calibrated." in said
    assert "not measured" not in said


@pytest.mark.parametrize(
    ("reason", "calibrated"), [(staleness.MOVED, False), (staleness.RESHAPED, True)]
)
def test_the_preview_says_that_the_calibration_is_old(reason: str, calibrated: bool) -> None:
    stale = reading(calibrated=calibrated, stale_calibration=reason)

    told = moment(status(reading=stale))

    assert told.headline.startswith("Please recalibrate: ")
    said = painted(told).texts
    assert any(text.startswith("Something has changed since you calibrated.") for text in said)
    assert "More is measured once you have calibrated." not in said


def test_a_lost_camera_is_explained_once() -> None:
    told = moment(status(camera="lost", presence_reason="stalled"))
    why = "The camera sends no picture. If that lasts, unplug it and plug it in again."

    for picture in (live(), Live()):
        said = painted(told, picture).texts
        assert said.count(why) == 1
        assert "No picture" in said
    assert camera_lost("stalled").message == why


def messages() -> list[Moment]:
    """Everything that can be said about a moment in the language spoken, at its longest."""
    reasons = {name.removeprefix("reason.") for name in words.TABLES["en"]
               if name.startswith("reason.")}  # fmt: skip
    faults = [name.removeprefix("camera.") for name in words.TABLES["en"]
              if name.startswith("camera.")]  # fmt: skip
    silences = [name.removeprefix("silent.") for name in words.TABLES["en"]
                if name.startswith("silent.")]  # fmt: skip
    long = {"sitting_s": 36840.0}
    good = reading(states={"distance_cm": Level.GOOD}, score=100.0)
    nobody = reading(presence=Presence.UNKNOWN, states={})
    return [
        *(moment(status(camera="lost", presence_reason=fault, **long)) for fault in faults),
        *(
            moment(status(presence=Presence.UNKNOWN, presence_reason=why, reading=nobody, **long))
            for why in reasons
        ),
        *(moment(status(reading=replace(good, stale_calibration=why), **long)) for why in reasons),
        *(moment(status(camera="closed", silent=why, **long)) for why in silences),
        *(moment(status(reading=good, silent=why, **long)) for why in silences),
        *(moment(status(label=label, reading=good, **long)) for label in Label),
        moment(status(reading=replace(good, calibrated=False))),
    ]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("picture", [Live(), live()], ids=["no picture", "picture"])
def test_every_message_of_the_preview_fits(language: str, picture: Live) -> None:
    words.speak(language)
    overflowing = []
    for told in messages():
        canvas = painted(replace(told, rows=()), picture)
        pixels = np.asarray(canvas.image)
        # Between picture and column, left of both, and between the headline and the lower edge.
        free = (pixels[:, 682:722], pixels[:, :38], pixels[618:634])
        if not all((part == PAPER).all() for part in free):
            overflowing.append(told.headline)
    assert overflowing == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_hint_fits_on_the_picture(language: str) -> None:
    words.speak(language)
    for hint in Hint:
        canvas = Canvas((1120, 700))
        live_picture(canvas, live(), message=words.say(f"hint.{hint.value}"))
        pixels = np.asarray(canvas.image)
        assert (pixels[:, :38] == PAPER).all(), hint
        assert (pixels[:, 682:] == PAPER).all(), hint


@pytest.mark.parametrize("size", SIZES)
def test_a_preview_full_of_reasons_fits(size: tuple[int, int]) -> None:
    names = [name.removeprefix("measure.") for name in words.TABLES["en"]
             if name.startswith("measure.")]  # fmt: skip
    everything = reading(
        metrics=Metrics(NOW, **dict.fromkeys(names, 38.0)),
        states=dict.fromkeys(names, Level.LIMIT),
    )
    canvas = Canvas(size)

    preview_window.paint(canvas, moment(status(reading=everything)), live())

    pixels = np.asarray(canvas.image)
    for edge in (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]):
        assert (edge == PAPER).all()


def test_a_moment_survives_the_way_to_another_process() -> None:
    told = moment(status(reading=CLOSE))
    drawn = marks(seen())

    assert Moment.from_dict(json.loads(json.dumps(told.to_dict()))) == told
    assert marks_from_dict(json.loads(json.dumps(marks_to_dict(drawn)))) == drawn


@pytest.mark.parametrize(
    ("measure", "value", "text"),
    [
        ("distance_cm", 61.6, "62 cm"),
        ("head_flexion_deg", 12.4, "12° down"),
        ("head_flexion_deg", -3.0, "3° up"),
        ("slump_cm", 2.14, "2.1 cm lower"),
        ("slump_cm", -0.02, "0 cm"),
        ("shoulder_tilt_deg", -4.0, "left 4° lower"),
        ("trunk_lateral_deg", 0.3, "0°"),
    ],
)
def test_values_in_words(measure: str, value: float, text: str) -> None:
    assert value_text(measure, value) == text


def test_every_step_was_drawn() -> None:
    assert {guide.progress.step for guide in GUIDES.values()} == set(Step) - {
        Step.KEPT,
        Step.CANCELLED,
    }
