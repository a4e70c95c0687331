"""Folders of pictures."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from media import plain

from posture.clock import Instant
from posture.errors import SourceUnreadable
from posture.sense.folder import FolderSource
from posture.sense.opencv import cv2

EPOCH = Instant(1000.0, 1_700_000_000_000_000)
PICTURES = Path(__file__).parents[1] / "data" / "sources" / "pictures"


def write(path: Path, shade: int = 100, width: int = 64, height: int = 48) -> Path:
    assert cv2.imwrite(str(path), plain(shade, width, height))
    return path


def test_real_pictures_in_name_order_a_second_apart() -> None:
    with FolderSource(PICTURES, EPOCH) as source:
        frames = list(source.frames())
    assert [path.name for path in source.paths] == [
        "01_upright.jpg", "02_too_close.jpg", "10_absent.jpg"
    ]  # fmt: skip
    assert [frame.at - EPOCH for frame in frames] == [0.0, 1.0, 2.0]
    assert [frame.size for frame in frames] == [(480, 360)] * 3
    assert source.independent
    assert not source.live


def test_kinds_sizes_and_strangers(tmp_path: Path) -> None:
    for index, suffix in enumerate((".bmp", ".JPG", ".jpeg", ".png", ".webp")):
        write(tmp_path / f"{index}{suffix}", 40 * (index + 1), width=64 + index)
    (tmp_path / "labels.csv").write_text("no picture")
    (tmp_path / "._0.jpg").write_bytes(b"what macOS leaves on a memory stick")
    (tmp_path / "more.jpg").mkdir()
    write(tmp_path / "more.jpg" / "deeper.jpg")
    frames = list(FolderSource(tmp_path, EPOCH).frames())
    assert [frame.size for frame in frames] == [(64 + index, 48) for index in range(5)]
    assert [round(float(frame.image.mean()), -1) for frame in frames] == [40, 80, 120, 160, 200]


def test_a_grey_or_transparent_picture_has_three_channels(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "grey.png"), plain(80)[:, :, 0])
    cv2.imwrite(str(tmp_path / "glass.png"), cv2.cvtColor(plain(80), cv2.COLOR_BGR2BGRA))
    shapes = [frame.image.shape for frame in FolderSource(tmp_path, EPOCH).frames()]
    assert shapes == [(48, 64, 3)] * 2


def test_a_name_beyond_ascii(tmp_path: Path) -> None:
    (source_frame,) = FolderSource(write(tmp_path / "Sitzhöhe ☂.png", 80), EPOCH).frames()
    assert source_frame.image.mean() == 80


def test_a_turned_picture_is_shown_upright(tmp_path: Path) -> None:
    path = write(tmp_path / "turned.jpg", width=64, height=48)
    # EXIF: one little-endian entry, orientation (0x0112) = 6: turn it clockwise to see it.
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])
    (frame,) = FolderSource(path, EPOCH).frames()
    assert frame.size == (48, 64)


def test_a_folder_without_pictures(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing here")
    with pytest.raises(SourceUnreadable, match="There is no picture in"):
        FolderSource(tmp_path, EPOCH)


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", (PICTURES / "01_upright.jpg").read_bytes()[:6000]]
)
def test_a_damaged_picture_is_named(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes(content)
    frames = FolderSource(tmp_path, EPOCH).frames()
    next(frames)
    with pytest.raises(SourceUnreadable, match=r"b\.jpg is not a picture, or is damaged"):
        next(frames)
