"""A folder of pictures that have nothing to do with each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np

from posture.clock import Instant
from posture.errors import SourceUnreadable
from posture.plain_file import read_bytes
from posture.sense.frame import Frame, Image
from posture.sense.opencv import cv2

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})
# The pictures have no times; one a second tells them apart (chosen).
INTERVAL_S = 1.0
# Chosen: above any camera's picture.
_LARGEST_BYTES = 200_000_000


class FolderSource:
    """The pictures directly in the folder *path* in name order, or the one picture *path*.

    Upright as their EXIF mark says; sizes may differ. Picture number i is at ``epoch`` + i s.
    Raises SourceUnreadable: no picture in it; while iterating, for a picture that is damaged.
    """

    live = False
    independent = True

    def __init__(self, path: Path, epoch: Instant) -> None:
        self.epoch = epoch
        self.name = path.name
        self.paths = _pictures(path)
        if not self.paths:
            raise SourceUnreadable(
                f"There is no picture in {path.absolute()}.",
                f"Give a folder that holds {', '.join(sorted(SUFFIXES))} files.",
            )

    def frames(self) -> Iterator[Frame]:
        """Yield every picture. Raises SourceUnreadable naming a file that is none."""
        for index, path in enumerate(self.paths):
            yield Frame(self.epoch.shifted(index * INTERVAL_S), read_picture(path))

    def close(self) -> None:
        """Do nothing: each file is open only while it is read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_picture(path: Path) -> bool:
    """Whether *path* is named like a picture, and not one of a system's hidden companions."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def read_picture(path: Path) -> Image:
    """Read one picture, (height, width, 3) BGR, upright. Raises SourceUnreadable."""
    remedy = "Remove the file or replace it."
    try:
        # Not imread: it does not find names with letters beyond ASCII on Windows.
        data = np.frombuffer(read_bytes(path, _LARGEST_BYTES), dtype=np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_COLOR_BGR) if data.size else None
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read: {error.strerror}.", remedy) from error
    except cv2.error as error:
        raise SourceUnreadable(f"{path} is too large for a picture.", remedy) from error
    if image is None:
        raise SourceUnreadable(f"{path} is not a picture, or is damaged.", remedy)
    return np.asarray(image, dtype=np.uint8)


def _pictures(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    try:
        return sorted(
            (entry for entry in path.iterdir() if is_picture(entry) and entry.is_file()),
            key=lambda entry: entry.name,
        )
    except OSError as error:
        raise SourceUnreadable(
            f"The folder {path} cannot be read: {error.strerror}.", "Check its permissions."
        ) from error
