"""What a SOURCE on the command line means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from posture.clock import Instant, ManualClock, SystemClock
from posture.core.inputs import CameraLost
from posture.errors import SourceNotFound, UsageError
from posture.sense import source as source_module
from posture.sense.camera import Camera
from posture.sense.folder import FolderSource
from posture.sense.source import open_source
from posture.sense.trace import TraceSource
from posture.sense.video import VideoSource
from posture.sense.webcam_list import CameraInfo, list_cameras
from posture.sense.window import Window

EPOCH = Instant(1000.0, 1_700_000_000_000_000)
CLOCK = ManualClock(EPOCH)
DATA = Path(__file__).parents[1] / "data" / "sources"
TRACE = '{"trace": 1, "size": [4, 3]}\n{"t": 0, "pose": null, "face": null}\n'


def test_a_video_file() -> None:
    source = open_source(str(DATA / "desk.mp4"), CLOCK, Window(duration_s=1.0))
    assert isinstance(source, VideoSource)
    assert source.epoch == EPOCH
    assert len(list(source.frames())) == 3


def test_a_folder() -> None:
    source = open_source(str(DATA / "pictures"), CLOCK)
    assert isinstance(source, FolderSource)
    assert len(list(source.frames())) == 3


def test_one_picture_is_a_folder_of_one() -> None:
    source = open_source(str(DATA / "pictures" / "01_upright.jpg"), CLOCK)
    assert isinstance(source, FolderSource)
    assert len(list(source.frames())) == 1


@pytest.mark.parametrize("window", [Window(start_s=1.0), Window(duration_s=1.0), Window(fps=1.0)])
def test_pictures_have_no_time(window: Window) -> None:
    with pytest.raises(UsageError, match="--start, --duration and --fps"):
        open_source(str(DATA / "pictures"), CLOCK, window)


def test_a_trace(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(TRACE)
    source = open_source(str(path), CLOCK)
    assert isinstance(source, TraceSource)
    assert [landmarks.at for landmarks in source.landmarks()] == [EPOCH]


def test_a_trace_is_read_without_opencv(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(TRACE)
    code = (
        "import sys; from posture.clock import SystemClock;"
        "from posture.sense.source import open_source;"
        f"print(len(list(open_source({str(path)!r}, SystemClock()).landmarks())));"
        "print('cv2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


def test_the_demo_clip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "_DEMO_CLIP", DATA / "desk.mp4")
    source = open_source("demo", CLOCK)
    assert isinstance(source, VideoSource)
    assert source.name == "demo clip"


@pytest.fixture
def no_webcam(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without a webcam, whatever this one has."""
    monkeypatch.setattr("cv2_enumerate_cameras.enumerate_cameras", lambda _backend: [])


@pytest.mark.usefixtures("no_webcam")
@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("0", "There is no camera 0. No webcam was found at all."),
        ("Logitech BRIO", "There is no camera Logitech BRIO. No webcam was found at all."),
        ("/dev/null", "There is no camera /dev/null. No webcam was found at all."),
        ("clip.mp4", "There is no file or folder clip.mp4."),
        ("holiday/pictures", "There is no file or folder holiday/pictures."),
        ("a.jsonl.gz", "There is no file or folder a.jsonl.gz."),
    ],
)
def test_what_is_not_there_is_called_what_it_looks_like(spec: str, said: str) -> None:
    with pytest.raises(SourceNotFound) as raised:
        open_source(spec, SystemClock())
    assert raised.value.what == said


@pytest.mark.usefixtures("no_webcam")
def test_a_camera_can_be_waited_for() -> None:
    source = open_source("0", SystemClock(), wait_for_camera=True)
    assert isinstance(source, Camera)
    with source:
        seen = next(source.frames())
    assert isinstance(seen, CameraLost)
    assert seen.reason == "absent"


def test_the_webcams_of_a_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [
        SimpleNamespace(index=2, name="Integrated IR Camera", path="/dev/video2"),
        SimpleNamespace(index=4, name="BRIO", path="/dev/video4"),
        SimpleNamespace(index=0, name="Integrated Camera", path="/dev/video0"),
        SimpleNamespace(index=6, name=None, path=None),
    ]
    monkeypatch.setattr("cv2_enumerate_cameras.enumerate_cameras", lambda _backend: listed)
    assert list_cameras() == [
        CameraInfo(0, "Integrated Camera", "/dev/video0"),
        CameraInfo(4, "BRIO", "/dev/video4"),
        CameraInfo(6, "camera 6", None),
        CameraInfo(2, "Integrated IR Camera", "/dev/video2"),
    ]
