"""Looking in the background: a thread that reads pictures, so that a window stays alive."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from types import TracebackType

from posture.core.inputs import CameraLost
from posture.sense.landmark_stream import Seen

Item = Seen | CameraLost
# Pictures that a window has not come round to drawing; the monitor never waits for it (chosen).
_MOST_WAITING = 50
_GOODBYE_S = 5.0


class Looking:
    """Reads what ``begin`` yields in a thread of its own. Use it as a context manager.

    ``close``: makes the reading end. ``ended``: nothing more will come.
    """

    def __init__(self, begin: Callable[[], Iterator[Item]], close: Callable[[], None]) -> None:
        self._begin = begin
        self._close = close
        self._items: queue.Queue[Item] = queue.Queue(_MOST_WAITING)
        self._error: BaseException | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="looking", daemon=True)

    @property
    def ended(self) -> bool:
        """Has everything been read and taken?"""
        return not self._thread.is_alive() and self._items.empty()

    def take(self, wait_s: float = 0.0) -> list[Item]:
        """What has come since the last time; waits for the first up to *wait_s*.

        Raises what the reading raised.
        """
        taken: list[Item] = []
        if wait_s > 0:
            with contextlib.suppress(queue.Empty):
                taken.append(self._items.get(timeout=wait_s))
        while not self._items.empty():
            taken.append(self._items.get_nowait())
        if self._error is not None:
            raise self._error
        return taken

    def __enter__(self) -> Looking:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End; a driver that hangs is left behind."""
        self._stopping.set()
        self._close()
        self._thread.join(_GOODBYE_S)

    def _run(self) -> None:
        try:
            for item in self._begin():
                if self._stopping.is_set():
                    return
                if self._items.full():
                    self._items.get()
                self._items.put(item)
        except BaseException as error:  # noqa: BLE001 - raised again where the pictures are taken
            self._error = error
