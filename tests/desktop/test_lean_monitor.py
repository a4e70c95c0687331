"""The monitor's own process holds no library that only its worker or a window needs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from at_home import ROOT, agree, home_environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

# OpenCV and MediaPipe: the worker's. Pillow draws icons and windows. TLS: a publisher's, and
# OpenSSL with it.
OTHERS = ("cv2", "mediapipe", "PIL", "_ssl", "_hashlib", "_multiprocessing")
# As the real one imports. A webcam is there, but not the one of the settings: none is opened.
CAMERA = """
from types import SimpleNamespace

try:
    import cv2
except ModuleNotFoundError:
    pass

def enumerate_cameras(_backend):
    return [SimpleNamespace(index=77, name="Integrated Camera", path="/dev/video77")]
"""


def libraries(process: int) -> set[str]:
    """The packages whose native parts the process holds, and the native parts of Python's own."""
    held = Path(f"/proc/{process}/maps").read_text()
    return {*re.findall(r"/site-packages/(\w+)/", held), *re.findall(r"/lib-dynload/(\w+)", held)}


def worker_of(process: int) -> int | None:
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    threads = Path(f"/proc/{process}/task").iterdir()
    found = [*children, *(child for t in threads for child in (t / "children").read_text().split())]
    return int(found[0]) if found else None


def test_a_monitor_at_its_webcam_is_lean(tmp_path: Path) -> None:
    agree(tmp_path)
    (tmp_path / "cv2_enumerate_cameras.py").write_text(CAMERA)
    environment = home_environment(tmp_path)
    for display in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(display, None)
    process = subprocess.Popen(
        [sys.executable, "-m", "posture", "run", "--no-tray", "--no-ask"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert any("There is no camera" in line for line in process.stdout)
        held = libraries(process.pid)
        worker = worker_of(process.pid)
        assert worker is not None
        held_by_worker = libraries(worker)
        assert "cv2" in held_by_worker, "the worker looked with something else"
        assert "_hashlib" not in held_by_worker
        assert {"numpy", "_asyncio"} <= held, "nothing was read"
        assert held.isdisjoint(OTHERS)
    finally:
        process.terminate()
        process.communicate(timeout=20)
