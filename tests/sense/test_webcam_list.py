"""Webcams are found without OpenCV, in OpenCV's numbers; who holds it already keeps it."""

from __future__ import annotations

import subprocess
import sys

import cv2
import pytest

from posture.sense import webcam_list

NUMBERS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}


def test_the_way_to_the_camera_has_opencvs_number() -> None:
    assert NUMBERS.get(sys.platform, cv2.CAP_ANY) == webcam_list.BACKEND


@pytest.mark.parametrize(("before", "after"), [("sys", False), ("cv2", True)])
def test_looking_for_webcams_leaves_opencv_as_it_was(before: str, *, after: bool) -> None:
    code = (
        f"import sys, {before}; from posture.sense.webcam_list import list_cameras; "
        "list_cameras(); print('cv2' in sys.modules); import cv2; print(cv2.CAP_ANY)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(after), "0"]
