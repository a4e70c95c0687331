"""Glances: what a tiny picture tells of a user who moves, whatever camera and light do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from posture.core.body import Body, Box
from posture.core.sampling import Change
from posture.sense.frame import Image
from posture.sense.glance import WIDTH_PX, ChangeMeter, small_of

SIZE = (640, 480)
# Pupils 52 px apart: somebody 60 cm from an ordinary webcam.
PX_PER_CM = 52 / 6.2
HEAD, TRUNK = Box(0.38, 0.12, 0.62, 0.6), Box(0.2, 0.55, 0.8, 1.0)
YOU = Body({"nose": (320.0, 170.0)}, 1 / PX_PER_CM, HEAD, TRUNK)
Picture = npt.NDArray[np.float64]


def textured(seed: int, width: int, height: int, contrast: float) -> Picture:
    """Blotches, as skin, cloth and furniture have them."""
    random = np.random.default_rng(seed)
    coarse: Picture = random.uniform(-1, 1, (height // 24 + 2, width // 24 + 2))
    blotches = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(100 + contrast * blotches, np.float64)


ROOM = textured(1, *SIZE, 50)
FIGURE = textured(2, *SIZE, 50)


def desk(right_cm: float = 0.0, down_cm: float = 0.0, *, somebody: bool = True) -> Picture:
    """Head and shoulders before a wall, moved by so many centimetres."""
    if not somebody:
        return ROOM.copy()
    mask: Picture = np.zeros((SIZE[1], SIZE[0]), np.float64)
    cv2.ellipse(mask, (320, 170), (60, 85), 0, 0, 360, 1.0, -1)
    cv2.ellipse(mask, (320, 480), (170, 190), 0, 0, 360, 1.0, -1)
    shift = np.array([[1, 0, right_cm * PX_PER_CM], [0, 1, down_cm * PX_PER_CM]])
    mask, figure = (
        np.asarray(cv2.warpAffine(part, shift, SIZE), np.float64) for part in (mask, FIGURE)
    )
    return np.asarray(mask * figure + (1 - mask) * ROOM, np.float64)


@dataclass
class Sensor:
    """Takes pictures with noise of ``sd`` grey levels; ``gain`` dims them before that."""

    sd: float = 2.0
    gain: float = 1.0
    seed: int = 3

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)

    def __call__(self, scene: Picture, light: Callable[[Picture], Picture] | None = None) -> Image:
        seen = self.gain * (scene if light is None else light(scene))
        noisy = np.clip(seen + self.random.normal(0, self.sd, seen.shape), 0, 255)
        colours = np.repeat(noisy.round().astype(np.uint8)[..., None], 3, axis=2)
        return small_of(colours)


def settled(sensor: Sensor, body: Body | None = YOU, scene: Picture | None = None) -> ChangeMeter:
    """A meter that has looked and then glanced at an unchanged scene for six seconds."""
    scene = desk() if scene is None else scene
    meter = ChangeMeter()
    meter.look(sensor(scene), body, SIZE)
    for _ in range(12):
        meter.glance(sensor(scene))
    return meter


BRIGHT, DIM, DARK, GRAINY = (
    Sensor(2.0),
    Sensor(3.0, gain=0.25),
    Sensor(5.0, gain=0.12),
    Sensor(9.0),
)
CAMERAS = pytest.mark.parametrize("sensor", [BRIGHT, DIM, DARK, GRAINY])


@CAMERAS
def test_noise_is_no_change(sensor: Sensor) -> None:
    meter = settled(sensor)

    told = [meter.glance(sensor(desk())) for _ in range(20)]

    assert all(one.since_look is None or one.since_look < 0.4 for one in told)
    assert sum(one.since_look is None for one in told) <= (0 if sensor is not DARK else 20)


@CAMERAS
@pytest.mark.parametrize("moved", [(3.0, 0.0), (0.0, 2.5), (-2.5, 1.5)])
def test_a_change_of_posture_matters_in_any_light(
    sensor: Sensor, moved: tuple[float, float]
) -> None:
    change = settled(sensor).glance(sensor(desk(*moved)))

    assert change.since_look is None or change.since_look >= 1.0
    assert change.since_look is not None or sensor is DARK


def test_small_moves_are_told_in_centimetres() -> None:
    meter = settled(BRIGHT)

    told = [meter.glance(BRIGHT(desk(moved))).since_look for moved in (0.5, 1.0)]

    assert told == pytest.approx([0.5, 1.0], rel=0.35)


def test_a_slow_drift_adds_up_until_it_matters() -> None:
    """A fiftieth of a centimetre from glance to glance: two glances in a row never differ."""
    meter = settled(BRIGHT)

    told = [meter.glance(BRIGHT(desk(down_cm=0.02 * step))) for step in range(70)]

    assert all(one.since_glance is not None and one.since_glance < 0.2 for one in told)
    assert any(one.since_look is not None and one.since_look >= 1.0 for one in told)


def flickering(picture: Picture, phase: float) -> Picture:
    """Lamps on 50 Hz and a rolling shutter: bands that wander."""
    rows = np.arange(picture.shape[0]) / picture.shape[0]
    return np.asarray(picture * (1 + 0.08 * np.sin(2 * np.pi * (1.7 * rows + phase)))[:, None])


LIGHTS: dict[str, Callable[[float], Callable[[Picture], Picture]]] = {
    "exposure": lambda turn: lambda picture: picture * (1 + 0.3 * turn),
    "haze": lambda turn: lambda picture: picture + 25 * turn,
    "bands": lambda turn: lambda picture: flickering(picture, turn),
    "white window": lambda turn: lambda picture: 255 * (picture / 255) ** (1 + 0.2 * turn),
}


@pytest.mark.parametrize("name", LIGHTS)
def test_light_is_no_move(name: str) -> None:
    meter = settled(BRIGHT)
    turns = np.random.default_rng(5).uniform(-1, 1, 20)

    told = [meter.glance(BRIGHT(desk(), LIGHTS[name](turn))) for turn in turns]

    # It does not even seem to stir.
    assert all(one.since_look is not None and one.since_look < 0.4 for one in told)
    assert all(one.since_glance is not None and one.since_glance < 0.4 for one in told)


@pytest.mark.parametrize("name", LIGHTS)
def test_light_hides_no_move(name: str) -> None:
    meter = settled(BRIGHT)

    change = meter.glance(BRIGHT(desk(0.0, 3.0), LIGHTS[name](0.7)))

    assert change.since_look is not None
    assert change.since_look >= 1.0


def test_the_screens_light_on_the_face_is_no_move() -> None:
    face = np.zeros((SIZE[1], SIZE[0]))
    cv2.ellipse(face, (320, 170), (60, 85), 0, 0, 360, 1.0, -1)
    meter = settled(BRIGHT)

    change = meter.glance(BRIGHT(desk() * (1 + 0.15 * cv2.GaussianBlur(face, (0, 0), 30))))

    assert change.since_look is not None
    assert change.since_look < 1.0


def test_what_moves_beside_the_user_is_not_the_users() -> None:
    scene = desk()
    scene[40:200, 560:630] = 220
    meter = settled(BRIGHT)

    change = meter.glance(BRIGHT(scene))

    assert change.since_look is not None
    assert change.since_look < 1.0


def test_what_moved_below_the_head_is_told_apart() -> None:
    meter = settled(BRIGHT)
    shrugs, nods = desk(), desk()
    shrugs[300:, 120:520] = desk(down_cm=-1.5)[300:, 120:520]
    nods[60:255, 240:400] = desk(down_cm=1.0)[60:255, 240:400]

    below = meter.glance(BRIGHT(shrugs))
    above = meter.glance(BRIGHT(nods))

    assert below.trunk is not None
    assert below.trunk >= 0.8
    assert above.since_look is not None
    assert above.since_look >= 0.5
    assert above.trunk == 0.0


def test_a_glance_right_after_a_look_is_compared_with_the_one_before() -> None:
    """In the light of the new look."""
    meter = settled(BRIGHT)
    dimmer = BRIGHT(desk(), lambda picture: 0.8 * picture)
    meter.look(dimmer, YOU, SIZE)

    same = meter.glance(dimmer)
    moved = meter.glance(BRIGHT(desk(2.0), lambda picture: 0.8 * picture))
    meter.look(BRIGHT(desk(2.0)), YOU, SIZE)
    arrived = meter.glance(BRIGHT(desk(2.0)))

    assert (same.since_look, same.since_glance) == (0.0, 0.0)
    assert moved.since_glance is not None
    assert moved.since_glance >= 1.0
    assert arrived.since_glance == 0.0


def test_whether_a_move_is_over_shows() -> None:
    meter = settled(BRIGHT)

    moving = meter.glance(BRIGHT(desk(2.0)))
    arrived = meter.glance(BRIGHT(desk(2.0)))

    assert moving.since_glance is not None
    assert moving.since_glance >= 1.0
    assert arrived.since_glance is not None
    assert arrived.since_glance < 0.4
    assert arrived.since_look == pytest.approx(moving.since_look, rel=0.1)


@CAMERAS
def test_an_empty_room_is_empty(sensor: Sensor) -> None:
    meter = settled(sensor, None, desk(somebody=False))

    told = [meter.glance(sensor(desk(somebody=False))).since_look for _ in range(20)]

    assert all(one is not None and one < 1.0 for one in told)


@CAMERAS
def test_somebody_who_comes_in_is_noticed(sensor: Sensor) -> None:
    meter = settled(sensor, None, desk(somebody=False))

    change = meter.glance(sensor(desk(12.0)))

    assert change.since_look is not None
    assert change.since_look >= 3.0


def test_a_screen_that_lights_up_in_an_empty_room_is_only_itself() -> None:
    room = desk(somebody=False)
    room[300:420, 20:180] = 250
    meter = settled(BRIGHT, None, desk(somebody=False))

    change = meter.glance(BRIGHT(room))

    # In fiftieths of the picture: it covers three, and the cells it touches five.
    assert change.since_look is not None
    assert 3.0 <= change.since_look <= 5.1


def test_a_fan_is_got_used_to_and_hides_nobody() -> None:
    random = np.random.default_rng(7)

    def scene(*, somebody: bool) -> Picture:
        picture = desk(somebody=somebody)
        picture[40:140, 20:120] = random.uniform(40, 200)
        return picture

    meter = settled(BRIGHT, None, desk(somebody=False))
    for _ in range(60):
        meter.glance(BRIGHT(scene(somebody=False)))

    last = [meter.glance(BRIGHT(scene(somebody=False))).since_look for _ in range(10)]

    assert max(one for one in last if one is not None) < 1.0
    newcomer = meter.glance(BRIGHT(scene(somebody=True))).since_look
    assert newcomer is not None
    assert newcomer >= 3.0


def test_a_meter_that_knows_too_little_says_so() -> None:
    meter = ChangeMeter()
    assert meter.glance(BRIGHT(desk())) == Change(None, None)
    meter.look(BRIGHT(desk()), YOU, SIZE)
    assert meter.glance(BRIGHT(desk())).since_look is None


def test_a_picture_of_another_size_is_another_scene() -> None:
    meter = settled(BRIGHT)

    assert meter.glance(np.zeros((45, WIDTH_PX), np.uint8)) == Change(None, None)


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (320, 240), (80, 60)])
def test_glances_are_tiny_and_grey(size: tuple[int, int]) -> None:
    width, height = size
    small = small_of(np.full((height, width, 3), 90, np.uint8))

    assert small.shape == (round(WIDTH_PX * height / width), WIDTH_PX)
    assert np.all(small == 90)
