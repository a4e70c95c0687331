"""What a user does, as the reader would judge it. Words of the stories."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from posture.clock import Instant
from posture.core.metrics import MEASURES, SIDED, Metrics
from posture.core.reading import Label, Level, Presence
from posture.core.thresholds import BANDED, NEAR, Thresholds

NEUTRAL_CM = 70.0
_ZERO = Instant(0.0, 0)


@dataclass(frozen=True)
class Pose:
    """One way to be at the desk (or not): label and measures; levels follow from thresholds."""

    label: Label
    measures: dict[str, float] = field(default_factory=dict)
    presence: Presence = Presence.PRESENT
    reason: str | None = None
    looking_away: bool = False
    standing: bool | None = False
    still: bool = False
    stale: str | None = None
    blinks_per_min: float | None = None

    def metrics(self, *, shifted: bool) -> Metrics:
        """The measures; ``shifted``: the head turned a little, as people do now and then."""
        if self.presence is not Presence.PRESENT:
            return Metrics(_ZERO)
        base = dict.fromkeys(MEASURES, 0.0)
        base |= self.measures
        base["distance_cm"] = self.measures.get("distance_cm", NEUTRAL_CM - base["forward_lean_cm"])
        if shifted and not self.still:
            base["head_yaw_deg"] += 6.0
        return Metrics(_ZERO, **base)

    def openness(self, t_s: float) -> float | None:
        """How open the eyes are: closed for a fifth of a second at each blink."""
        if self.blinks_per_min is None:
            return None
        return 0.05 if t_s % (60 / self.blinks_per_min) < 0.2 else 0.3

    def levels(self, thresholds: Thresholds) -> dict[str, Level]:
        """Each measure's level by *thresholds*."""
        metrics = self.metrics(shifted=False)
        found = {}
        for banded in BANDED:
            measure = "distance_cm" if banded == NEAR else banded
            if banded == "head_extension_deg":
                continue
            value = metrics.get(measure)
            found[measure] = Level.UNKNOWN if value is None else _level(banded, value, thresholds)
        return found


def _level(banded: str, value: float, thresholds: Thresholds) -> Level:
    if banded == "head_flexion_deg" and value < 0:
        banded, value = "head_extension_deg", -value
    if banded in SIDED:
        value = abs(value)
    bounds = thresholds.band(banded)
    if banded == NEAR:
        value, bounds = -value, replace(bounds, warn=-bounds.warn, limit=-bounds.limit)
    if value >= bounds.limit:
        return Level.LIMIT
    return Level.WARN if value >= bounds.warn else Level.GOOD


_SLOUCH = {
    "slump_cm": 5.0,
    "forward_lean_cm": 6.0,
    "trunk_inclination_deg": 8.0,
    "eye_rise_cm": -3.0,
}
WORDS: dict[str, Pose] = {
    "upright": Pose(Label.UPRIGHT),
    "statue": Pose(Label.UPRIGHT, still=True),
    "looks_down": Pose(Label.UPRIGHT, {"head_flexion_deg": 8.0}),
    "looks_up": Pose(Label.UPRIGHT, {"head_flexion_deg": -7.0}),
    "stares": Pose(Label.UPRIGHT, blinks_per_min=4.0),
    "blinks": Pose(Label.UPRIGHT, blinks_per_min=15.0),
    "slouch": Pose(Label.SLOUCH, _SLOUCH),
    "droop": Pose(Label.SLOUCH, {**_SLOUCH, "slump_cm": 3.0}),
    "forward_head": Pose(Label.FORWARD_HEAD, {"forward_head_deg": 14.0, "forward_lean_cm": 6.0}),
    # The neck looks bent but the face has not grown and nothing else speaks for it.
    "odd_neck": Pose(Label.FORWARD_HEAD, {"forward_head_deg": 14.0, "forward_lean_cm": 0.5}),
    "lean_forward": Pose(
        Label.LEANING_FORWARD,
        {"trunk_inclination_deg": 22.0, "forward_lean_cm": 18.0, "eye_rise_cm": -4.0},
    ),
    "chair_closer": Pose(
        Label.LEANING_FORWARD, {"trunk_inclination_deg": 16.0, "forward_lean_cm": 16.0}
    ),
    "chair_lower": Pose(Label.UPRIGHT, {"slump_cm": 5.0, "eye_rise_cm": -5.0}),
    "head_down": Pose(Label.HEAD_DOWN, {"head_flexion_deg": 28.0}),
    "sip": Pose(Label.UPRIGHT, {"head_flexion_deg": -20.0}),
    "tilt_left": Pose(Label.HEAD_TILT_LEFT, {"neck_lateral_deg": -16.0, "head_roll_deg": -16.0}),
    "phone_at_ear": Pose(Label.HEAD_TILT_RIGHT, {"neck_lateral_deg": 12.0, "head_roll_deg": 12.0}),
    "chin_on_hand": Pose(
        Label.HEAD_TILT_LEFT,
        {"neck_lateral_deg": -11.0, "head_roll_deg": -11.0, "forward_lean_cm": 5.0},
    ),
    "lean_left": Pose(Label.LEANING_LEFT, {"trunk_lateral_deg": -16.0, "shoulder_tilt_deg": -6.0}),
    "uneven": Pose(Label.UNEVEN_SHOULDERS, {"shoulder_tilt_deg": 9.0, "neck_lateral_deg": -9.0}),
    "shrug": Pose(
        Label.FORWARD_HEAD,
        {"shoulder_shrug_cm": 1.8, "forward_head_deg": 13.0, "forward_lean_cm": 3.0},
    ),
    "raised_shoulders": Pose(Label.UPRIGHT, {"shoulder_shrug_cm": 3.5}),
    "reach": Pose(
        Label.LEANING_RIGHT,
        {
            "trunk_lateral_deg": 18.0,
            "shoulder_tilt_deg": 10.0,
            "trunk_inclination_deg": 25.0,
            "forward_lean_cm": 20.0,
            "eye_rise_cm": -6.0,
        },
    ),
    "close": Pose(Label.TOO_CLOSE, {"distance_cm": 45.0}),
    "very_close": Pose(Label.TOO_CLOSE, {"distance_cm": 36.0}),
    "hunched": Pose(Label.TOO_CLOSE, {**_SLOUCH, "distance_cm": 38.0, "forward_lean_cm": 32.0}),
    "far": Pose(Label.TOO_FAR, {"distance_cm": 110.0, "forward_lean_cm": -40.0}),
    "reclined": Pose(
        Label.RECLINED,
        {"trunk_inclination_deg": -15.0, "forward_lean_cm": -12.0, "slump_cm": 5.0},
    ),
    "turned": Pose(Label.LOOKING_AWAY, {"head_yaw_deg": 40.0}, looking_away=True),
    "second_screen": Pose(
        Label.UPRIGHT, {"head_yaw_deg": 28.0, "forward_head_deg": 15.0, "forward_lean_cm": 5.0}
    ),
    "standing": Pose(Label.STANDING, {"eye_rise_cm": 30.0}, standing=True),
    "unsure": Pose(Label.UPRIGHT, standing=None),
    "moved_camera": Pose(Label.SLOUCH, _SLOUCH, stale="the camera was moved"),
    "away": Pose(Label.AWAY, presence=Presence.AWAY, standing=None),
    "dark": Pose(Label.UNKNOWN, presence=Presence.UNKNOWN, reason="dark", standing=None),
    "covered": Pose(Label.UNKNOWN, presence=Presence.UNKNOWN, reason="covered", standing=None),
}
