"""A live camera: the newest picture when asked for, or why there is none."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

from posture.clock import Clock, Instant
from posture.core.inputs import CameraLost
from posture.sense.camera_device import CameraFault, Capture, Device
from posture.sense.frame import Frame, Glance
from posture.sense.picture_check import PictureCheck
from posture.sense.window import Window

# While a camera is lost, frames() says so again this often (chosen).
_REPEAT_S = 1.0
# A waiting reader looks up this often: a driver that hangs wakes nobody (chosen).
_LOOK_UP_S = 0.25
# A grab that comes back sooner did not have to wait: its picture was there before (chosen), and a
# loop of such grabs would be a busy one.
_BREATH_S = 0.005
# A picture that was there before is as old as the time since the last grab: more is not of now.
# So many are passed over at most, four seconds of a quick camera; chosen.
_OF_NOW_S, _MOST_PASSED_OVER = 0.2, 250


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the camera waits, in seconds (chosen).

    ``silent_s``, ``opening_s``: after that a call into the driver counts as hung. ``retry_s``,
    ``longest_retry_s``: pause before opening a lost camera again, doubled each time.
    ``frozen_s``: identical pictures for so long are no live view; a sensor's noise never repeats.
    ``rest_s``: so long at most no picture is received, when none is wanted; a bit above the longest
    pause between two glances, short enough to notice that the camera is gone.
    """

    silent_s: float = 8.0
    opening_s: float = 20.0
    retry_s: float = 1.0
    longest_retry_s: float = 30.0
    frozen_s: float = 10.0
    goodbye_s: float = 2.0
    rest_s: float = 3.5


class Camera:
    """A live source. One thread of its own opens, grabs and closes; the newest picture wins.

    Nothing is queued: :meth:`read` returns a picture taken after it was asked for. While none is
    wanted, none is received. A lost camera is opened again for as long as this object is open.
    """

    live = True
    independent = False

    def __init__(
        self,
        device: Device,
        clock: Clock,
        window: Window | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.epoch = clock.now()
        self._device = device
        self._clock = clock
        self._window = window or Window()
        self._patience = patience or Patience()
        self._check = PictureCheck(self._patience.frozen_s)
        self._closing = threading.Event()
        # All below is shared between the threads, under this lock.
        self._changed = threading.Condition()
        self._wanted: Literal["picture", "glance"] | None = None
        self._answer: Frame | Glance | CameraLost | None = None
        self._lost: CameraLost | None = None
        self._lost_is_news = False
        self._seen = False
        self._crash: BaseException | None = None
        self._call_began: Instant | None = None
        self._call_limit_s = 0.0
        # A daemon: a driver that hangs for ever must not keep the program alive.
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """What the camera calls itself."""
        return self._device.name

    def wait_ready(self) -> None:
        """Wait for the first picture or the first failure, which is raised.

        SourceNotFound: no such camera. CameraUnavailable: busy, denied or silent.
        """
        with self._changed:
            while not (self._seen or self._lost or self._closing.is_set()):
                self._raise_crash()
                self._notice_hang()
                self._changed.wait(_LOOK_UP_S)
            if self._lost is not None and not self._seen:
                raise self._device.refusal(CameraFault(self._lost.reason))

    def read(self, timeout_s: float) -> Frame | CameraLost | None:
        """Return the newest picture, or why there is none, or None if the time is up before.

        A loss is returned as soon as it is noticed, and again by each call that waited in vain.
        """
        answer = self._ask("picture", timeout_s)
        return None if isinstance(answer, Glance) else answer

    def glance(self, timeout_s: float) -> Glance | CameraLost | None:
        """Return the newest picture small and grey, as :meth:`read` would return it whole."""
        answer = self._ask("glance", timeout_s)
        return None if isinstance(answer, Frame) else answer

    def _ask(
        self, wanted: Literal["picture", "glance"], timeout_s: float
    ) -> Frame | Glance | CameraLost | None:
        with self._changed:
            self._wanted, self._answer = wanted, None
            self._changed.notify_all()
            deadline = self._clock.now().shifted(timeout_s)
            while not self._closing.is_set():
                self._raise_crash()
                self._notice_hang()
                if self._answer is not None:
                    return self._answer
                if self._lost is not None and self._lost_is_news:
                    self._lost_is_news = False
                    return self._lost
                remaining_s = deadline - self._clock.now()
                if remaining_s <= 0:
                    break
                self._changed.wait(min(remaining_s, _LOOK_UP_S))
            self._wanted = None
            if self._lost is None:
                return None
            return CameraLost(self._clock.now(), self._lost.reason)

    def frames(self) -> Iterator[Frame | CameraLost]:
        """Yield the newest picture each time one is asked for, within the window.

        With the window's ``fps`` not more often than that; ends when the window or the camera is
        closed. While the camera is lost it says so, once a second.
        """
        due_s = self._window.start_s
        while not self._closing.is_set():
            now_s = self._clock.now() - self.epoch
            if self._window.is_over(now_s):
                return
            if now_s < due_s:
                self._closing.wait(min(due_s - now_s, _LOOK_UP_S))
                continue
            seen = self.read(_REPEAT_S)
            if seen is None:
                continue
            t_s = seen.at - self.epoch
            if self._window.is_over(t_s):
                return
            yield seen
            if self._window.fps is not None:
                since_start_s = t_s - self._window.start_s
                points = math.floor(since_start_s * self._window.fps) + 1
                due_s = self._window.start_s + points / self._window.fps

    def close(self) -> None:
        """Close the camera. A driver that hangs is left behind, not waited for."""
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        # The thread itself releases: to do so from here while it reads ends the process.
        if self._thread is not threading.current_thread():
            self._thread.join(self._patience.goodbye_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What follows runs in the camera's own thread, but for the two that say otherwise.

    def _run(self) -> None:
        try:
            pause_s = self._patience.retry_s
            while not self._closing.is_set():
                fault, seen = self._watch_once()
                if seen:
                    pause_s = self._patience.retry_s
                if fault is None:
                    return
                self._tell_lost(fault)
                self._closing.wait(pause_s)
                pause_s = min(2 * pause_s, self._patience.longest_retry_s)
        except BaseException as error:  # noqa: BLE001 - raised again where the camera is read
            with self._changed:
                self._crash = error
                self._changed.notify_all()

    def _watch_once(self) -> tuple[CameraFault | None, bool]:
        """Open, and grab until it fails: the fault (None: closed), whether a picture was seen."""
        began = self._begin_call(self._patience.opening_s)
        capture = self._device.open()
        waited_s = self._clock.now() - began
        if capture is None:
            return self._device.fault(waited_s=waited_s, opened=False, seen=self._seen), False
        last: Instant | None = None
        try:
            while not self._closing.is_set():
                ok, waited_s = self._grab_newest(capture, last)
                if not ok:
                    fault = self._device.fault(waited_s=waited_s, opened=True, seen=self._seen)
                    return fault, last is not None
                last = self._clock.now()
                self._tell_grabbed(capture, last)
                if waited_s < _BREATH_S:
                    self._closing.wait(_BREATH_S)
                self._rest()
        finally:
            self._call_began = None
            capture.release()
        return None, last is not None

    def _grab_newest(self, capture: Capture, last: Instant | None) -> tuple[bool, float]:
        """Grab, passing over what has waited since *last*: whether it worked, how long it took."""
        began = self._begin_call(self._patience.silent_s)
        stale = last is not None and began - last > _OF_NOW_S
        ok = capture.grab()
        for _ in range(_MOST_PASSED_OVER if stale else 0):
            if not ok or self._clock.now() - began >= _BREATH_S:
                break
            began = self._begin_call(self._patience.silent_s)
            ok = capture.grab()
        return ok, self._clock.now() - began

    def _rest(self) -> None:
        """Wait until a picture is wanted, or it is time to see whether the camera still works."""
        with self._changed:
            self._call_began = None
            self._changed.wait_for(
                lambda: self._wanted is not None or self._closing.is_set(), self._patience.rest_s
            )

    def _begin_call(self, limit_s: float) -> Instant:
        """Note that a call begins that may hang."""
        began = self._clock.now()
        with self._changed:
            self._call_began, self._call_limit_s = began, limit_s
        return began

    def _tell_grabbed(self, capture: Capture, at: Instant) -> None:
        with self._changed:
            if self._lost is not None or not self._seen:
                self._lost, self._seen = None, True
                self._changed.notify_all()
            wanted = self._wanted
        if wanted is None:
            return
        answer = self._glance(capture, at) if wanted == "glance" else self._picture(capture, at)
        with self._changed:
            if answer is not None and self._wanted == wanted:
                self._wanted, self._answer = None, answer
                self._changed.notify_all()

    def _glance(self, capture: Capture, at: Instant) -> Glance | None:
        small = capture.glance()
        return None if small is None else Glance(at, small)

    def _picture(self, capture: Capture, at: Instant) -> Frame | CameraLost | None:
        image = capture.retrieve()
        if image is None:
            return None
        fault = self._check.fault(image, at)
        return Frame(at, image) if fault is None else CameraLost(at, fault)

    def _tell_lost(self, fault: CameraFault) -> None:
        with self._changed:
            self._call_began = None
            self._set_lost(fault)
            self._changed.notify_all()

    def _set_lost(self, fault: CameraFault) -> None:
        if self._lost is None or self._lost.reason != fault:
            self._lost = CameraLost(self._clock.now(), fault)
            self._lost_is_news = True

    def _notice_hang(self) -> None:
        """In the reader's thread: count a call that does not come back as a loss."""
        began = self._call_began
        if began is not None and self._clock.now() - began > self._call_limit_s:
            self._set_lost(CameraFault.STALLED)

    def _raise_crash(self) -> None:
        """In the reader's thread: an error nobody foresaw ends the program, not one thread."""
        if self._crash is not None:
            raise self._crash
