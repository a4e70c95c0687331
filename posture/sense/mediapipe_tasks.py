"""MediaPipe's two landmark tasks behind one small face. No vendor type leaves this module."""

from __future__ import annotations

import io
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any, BinaryIO, Literal

import numpy as np

from posture.core.landmarks import FACE_POINTS, POSE_POINTS, FloatArray
from posture.errors import LandmarkingFailed, MissingLibrary, ModelError
from posture.footprint import shrink
from posture.sense.frame import Image
from posture.sense.mediapipe_points import detector
from posture.sense.native_log import quiet_native_log
from posture.without import without

Mode = Literal["video", "image"]

_WARM_UP = np.zeros((64, 64, 3), np.uint8)


def _vendor() -> tuple[Any, Any, Any]:
    """The mediapipe package, its vision tasks and BaseOptions, imported on first use."""
    try:
        # mediapipe.tasks imports its audio half, whose sounddevice would start the sound system.
        with without("sounddevice"):
            import mediapipe  # noqa: PLC0415 - slow, and not needed to read a log
            from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise MissingLibrary(
            f"MediaPipe cannot be loaded: {error}.", "Run `posture doctor` for what is missing."
        ) from error
    return mediapipe, vision, BaseOptions


class LandmarkTask:
    """One landmarker: RGB pictures in, lists of point arrays out. Use :meth:`close` at the end.

    In "video" mode it tracks from picture to picture and smooths by the time between them; in
    "image" mode every picture stands alone.
    """

    def __init__(
        self, kind: Literal["pose", "face"], bundle: BinaryIO, mode: Mode, most: int, origin: str
    ) -> None:
        """Open the landmarker of *kind* on *bundle* for at most *most* people.

        *bundle* is read from its beginning and may be closed afterwards; *origin* names it in
        messages. Raises ModelError, MissingLibrary.
        """
        self._mediapipe, vision, base_options = _vendor()
        self._video = mode == "video"
        self._origin = origin
        self._last_ms = -1
        self._shift_ms = 0
        self._seen_any = False
        self._closed = False
        self._task: Any = None
        running_mode = vision.RunningMode.VIDEO if self._video else vision.RunningMode.IMAGE
        base = base_options(**_asset(bundle))
        if kind == "pose":
            self._shape = (POSE_POINTS, 4)
            options = vision.PoseLandmarkerOptions(base, running_mode, num_poses=most)
            create = vision.PoseLandmarker.create_from_options
        else:
            self._shape = (FACE_POINTS, 3)
            options = vision.FaceLandmarkerOptions(base, running_mode, num_faces=most)
            create = vision.FaceLandmarker.create_from_options
        with quiet_native_log():
            try:
                self._task = create(options)
                self._detect = detector(self._task)
                # The graph opens in its own threads: one empty picture waits for them.
                self._run(_WARM_UP, 0)
            except Exception as error:  # MediaPipe maps its statuses to many built-in classes
                self.close()
                raise ModelError(
                    f"MediaPipe does not accept the model {origin}: {_one_line(error)}.",
                    "Run `posture models verify`.",
                ) from error

    def find(self, rgb: Image, at_ms: int) -> list[FloatArray]:
        """The points of everyone found in *rgb*, taken at *at_ms* (any whole milliseconds).

        MediaPipe wants strictly increasing times: one that is not is moved on, and those after
        it with it, so that the steps between pictures stay as they were.

        Raises LandmarkingFailed when MediaPipe fails (this task is of no use afterwards),
        ModelError when the model gives another number of points, RuntimeError once closed.
        """
        # MediaPipe itself answers "nobody" then.
        if self._closed:
            raise RuntimeError("the landmarker is closed")
        # The first landmarks of a process make MediaPipe write one more routine line.
        hush: AbstractContextManager[None] = nullcontext() if self._seen_any else quiet_native_log()
        with hush:
            try:
                people = self._run(rgb, at_ms)
            except Exception as error:
                raise LandmarkingFailed(
                    f"MediaPipe failed on a picture: {_one_line(error)}.", "Start posture again."
                ) from error
        for person in people:
            if person.shape != self._shape:
                raise ModelError(
                    f"The model {self._origin} does not fit: it gives {len(person)} points, "
                    f"not {self._shape[0]}.",
                    "Choose another bundle.",
                )
        people = [person for person in people if np.isfinite(person).all()]
        if people and not self._seen_any:
            self._seen_any = True
            # Only now MediaPipe has made its own form of all the weights.
            shrink()
        return people

    def close(self) -> None:
        """Free the native side; may be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._task is None:
            return
        try:
            self._task.close()
        except Exception:  # noqa: BLE001 - a graph that failed says so once more here
            # Without this MediaPipe closes it again when it is collected, and may hang.
            self._task._handle = None

    def _run(self, rgb: Image, at_ms: int) -> list[FloatArray]:
        picture = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb)
        )
        if not self._video:
            return self._detect(picture, None)
        stamp = at_ms + self._shift_ms
        if stamp <= self._last_ms:
            stamp = self._last_ms + 1
            self._shift_ms = stamp - at_ms
        self._last_ms = stamp
        return self._detect(picture, stamp)


def _asset(bundle: BinaryIO) -> dict[str, Any]:
    """*bundle* as MediaPipe takes it: where it can be told to, it maps the open file itself.

    Its copy of what it is given in memory would stay as long as the landmarker.
    """
    if sys.platform == "linux" and not isinstance(bundle, io.BytesIO):
        return {"model_asset_path": f"/proc/self/fd/{bundle.fileno()}"}
    bundle.seek(0)
    return {"model_asset_buffer": bundle.read()}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
