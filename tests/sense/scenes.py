"""Rooms put together from a person and the same room without them: coats, posters, passers-by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from posture.core.landmarks import FloatArray
from posture.sense.frame import Image

PICTURES = Path(__file__).resolve().parents[1] / "data" / "presence"
# Eyes to camera when the picture was taken: tests/data/presence/README.md.
DISTANCES_CM = {"A07": 62.0, "A08": 70.4}
_SKIN = (140, 165, 205)
FOREHEAD, CHIN = 10, 152


def picture(name: str) -> Image:
    image = cv2.imread(str(PICTURES / f"{name}.jpg"))
    assert image is not None
    return image.astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """``user``: a person at the desk; ``empty``: their room; ``face``: (478, 2) px in ``user``."""

    user: Image
    empty: Image
    face: FloatArray

    @property
    def person(self) -> Image:
        """Where the person is: (height, width) of 0 or 1."""
        away = np.abs(self.user.astype(int) - self.empty.astype(int)).max(axis=2)
        there = (cv2.GaussianBlur(away.astype(np.float32), (0, 0), 2) > 10).astype(np.uint8)
        there = cv2.morphologyEx(there, cv2.MORPH_CLOSE, np.ones((15, 15)))
        _, parts, stats, _ = cv2.connectedComponentsWithStats(there)
        largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
        return np.asarray(parts == largest, np.uint8)

    @property
    def height(self) -> float:
        """Forehead to chin, px."""
        return float(np.linalg.norm(self.face[FOREHEAD] - self.face[CHIN]))

    def spot(self, across: float, down: float) -> tuple[int, int]:
        """A point from the middle of the face, in face heights."""
        x, y = self.face.mean(axis=0)
        return round(x + across * self.height), round(y + down * self.height)

    def round_things(self) -> Image:
        """The empty room with a lamp, a clock, balloons and a ball on the chair."""
        room = self.empty.copy()
        for x, y, radius, colour in (
            (90, 120, 45, (220, 220, 220)), (560, 90, 60, (60, 60, 200)),
            (470, 260, 35, (80, 200, 80)), (130, 330, 70, (40, 160, 230)),
        ):  # fmt: skip
            cv2.circle(room, (x, y), radius, colour, -1, cv2.LINE_AA)
        cv2.ellipse(room, self.spot(0, 0), (48, 62), 0, 0, 360, _SKIN, -1, cv2.LINE_AA)
        return room

    def coat_on_the_chair(self) -> Image:
        """The person's clothes without the person."""
        coat = self.person
        coat[: self.spot(0, 0.65)[1]] = 0
        return _pasted(self.empty, self.user, coat)

    def passer_by(self, scale: float, x: float, *, user: bool = False) -> Image:
        """Somebody standing behind, so much smaller, *x* px from the left; with the user or not."""
        height, width = self.empty.shape[:2]
        move = np.array([[scale, 0, x - scale * width / 2], [0, scale, height * 0.22]])
        somebody = _pasted(
            self.empty,
            _moved(self.user, move, cv2.BORDER_REPLICATE),
            _moved(self.person, move, cv2.BORDER_CONSTANT),
        )
        return _pasted(somebody, self.user, self.person) if user else somebody

    def framed_face(self, scale: float, *, user: bool = False) -> Image:
        """A face on a poster or a screen on the wall; with the user or not."""
        (left, top), (right, bottom) = self.spot(-0.8, -1.0), self.spot(0.8, 1.1)
        face = self.user[max(top, 0) : bottom, max(left, 0) : right]
        smaller = cv2.resize(face, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        face = np.asarray(smaller, np.uint8)
        height, width = face.shape[:2]
        x = (
            20
            if self.face[:, 0].mean() > self.empty.shape[1] / 2
            else self.empty.shape[1] - width - 20
        )
        room = self.empty.copy()
        room[14 : 26 + height, x - 6 : x + width + 6] = 30
        room[20 : 20 + height, x : x + width] = face
        return _pasted(room, self.user, self.person) if user else room

    def hand_before_the_mouth(self) -> Image:
        """The palm before mouth and chin, fingers up to the cheeks."""
        room, h = self.user.copy(), self.height
        palm = (round(h * 0.45), round(h * 0.33))
        cv2.ellipse(room, self.spot(0, 0.3), palm, 20, 0, 360, _SKIN, -1, cv2.LINE_AA)
        for finger in range(4):
            place, size = self.spot(0.16 * finger - 0.25, 0.0), (round(h * 0.07), round(h * 0.26))
            cv2.ellipse(room, place, size, 0, 0, 360, _SKIN, -1, cv2.LINE_AA)
        return room

    def back_of_the_head(self) -> Image:
        """The person turned round in the chair: hair where the face was."""
        room, h = self.user.copy(), self.height
        size = (round(h * 0.5), round(h * 0.75))
        cv2.ellipse(room, self.spot(0, -0.1), size, 0, 0, 360, (25, 35, 45), -1, cv2.LINE_AA)
        return room

    def darkened(self, share: float, *, user: bool) -> Image:
        """So much of the light, with a sensor's noise."""
        noise = np.random.default_rng(4).normal(0.0, 2.0, self.user.shape)
        room = (self.user if user else self.empty) * share + noise
        return np.clip(room, 0, 255).astype(np.uint8)


def _moved(image: Image, move: FloatArray, border: int) -> Image:
    height, width = image.shape[:2]
    return np.asarray(cv2.warpAffine(image, move, (width, height), borderMode=border), np.uint8)


def _pasted(room: Image, image: Image, where: Image) -> Image:
    alpha = cv2.GaussianBlur(where.astype(np.float32), (0, 0), 1.2)[..., None]
    pasted: Image = (room * (1 - alpha) + image * alpha).astype(np.uint8)
    return pasted
