"""One asyncio loop in its own thread, for the parts of the desktop that speak D-Bus."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# A task ends, then its callbacks close a connection, then the connection says it is lost.
_ROUNDS_TO_CLOSE = 4
_STOP_TIMEOUT_S = 5.0  # chosen: a hung bus must not keep the program from ending


class LoopThread:
    """Runs coroutines in a thread of its own until :meth:`stop`."""

    def __init__(self, name: str = "desktop") -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def spawn(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start *work* and return at once."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, work: Coroutine[Any, Any, T], timeout_s: float) -> T:
        """Run *work* and return what it returns. Raises TimeoutError after *timeout_s*."""
        future = self.spawn(work)
        try:
            return future.result(timeout_s)
        except TimeoutError:
            future.cancel()
            raise

    def post(self, action: Callable[..., object], *arguments: object) -> None:
        """Call *action* in the loop's thread, soon; nothing happens after :meth:`stop`."""
        with contextlib.suppress(RuntimeError):  # closed in between
            self._loop.call_soon_threadsafe(action, *arguments)

    def stop(self) -> None:
        """Cancel what still runs and end the thread; may be called again."""
        if self._loop.is_closed():
            return
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._wind_down(), self._loop)
            self._thread.join(_STOP_TIMEOUT_S)
        if not self._thread.is_alive():
            self._loop.close()

    async def _wind_down(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        for _ in range(_ROUNDS_TO_CLOSE):
            await asyncio.sleep(0)
        self._loop.call_soon(self._loop.stop)


class Pace(Generic[T]):
    """Hands values on at most once in *every_s* seconds, the newest wins; urgent ones at once.

    For the loop's own thread.
    """

    def __init__(self, every_s: float, hand_on: Callable[[T], None]) -> None:
        self._every_s = every_s
        self._hand_on = hand_on
        self._handed_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def offer(self, value: T, *, urgent: bool = False) -> None:
        """Hand *value* on now, or later, or never if another comes before its time."""
        loop = asyncio.get_running_loop()
        self.cancel()
        wait_s = 0.0 if urgent else self._handed_at + self._every_s - loop.time()
        if wait_s <= 0:
            self._now(value)
        else:
            self._timer = loop.call_later(wait_s, self._now, value)

    def cancel(self) -> None:
        """Forget the value that waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _now(self, value: T) -> None:
        self._timer = None
        self._handed_at = asyncio.get_running_loop().time()
        self._hand_on(value)
