"""Reminders on the screen: one at a time, with buttons where the desktop has them.

desktop-notifier hides every failure of sending, so only its ``on_dispatched`` counts as shown; what
it logs instead of raising becomes the reason.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from desktop_notifier import (
    DEFAULT_SOUND,
    Button,
    Capability,
    DesktopNotifier,
    Icon,
    Notification,
    Urgency,
)

from posture.clock import Clock
from posture.core.effects import ShowReminder
from posture.core.inputs import Action, ActionKind, Delivered
from posture.desktop.loop import LoopThread
from posture.desktop.wishes import Sink
from posture.desktop.words import say

ICON = Path(__file__).with_name("posture.png")
TIMEOUT_S = 5.0  # chosen: a service that is this slow did not show anything in time
_LOGGER = "desktop_notifier"

Fallback = Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the notification service can do: ``buttons`` below the text, a ``sound``."""

    buttons: bool
    sound: bool


def make_notifier() -> DesktopNotifier:
    """The desktop's notification service under the program's own name and icon."""
    return DesktopNotifier(say("app.name"), app_icon=Icon(path=ICON))


class _Ear(logging.Handler):
    """Keeps the last failure desktop-notifier logged instead of raising it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Remember why."""
        error = record.exc_info[1] if record.exc_info else None
        self.heard = _reason(error) if error is not None else record.getMessage()


class Notifier:
    """Shows reminders; answers and deliveries go to *sink*. Every method returns at once.

    *fallback*: sends title and text where the service gives no proof of delivery (macOS, unsigned
    Python); it raises OSError when it fails.
    """

    def __init__(
        self,
        sink: Sink,
        clock: Clock,
        loop: LoopThread,
        *,
        make: Callable[[], DesktopNotifier] = make_notifier,
        fallback: Fallback | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._sink = sink
        self._clock = clock
        self._loop = loop
        self._make = make
        self._fallback = fallback
        self._timeout_s = timeout_s
        self._service: DesktopNotifier | None = None
        self._on_screen: tuple[int, str] | None = None  # reminder, notification
        self._turn = asyncio.Lock()
        self._ear = _Ear()
        logger = logging.getLogger(_LOGGER)
        logger.addHandler(self._ear)
        logger.propagate = False  # its tracebacks are told once, as the reason of a Delivered

    def show(self, reminder: ShowReminder, *, sound: bool = False) -> None:
        """Show *reminder* in place of the one before; a Delivered follows."""
        self._loop.spawn(self._show(reminder, sound=sound))

    def withdraw(self, reminder_id: int) -> None:
        """Take *reminder_id* from the screen, if it is the one there."""
        self._loop.spawn(self._withdraw(reminder_id))

    def offer(self) -> Offer:
        """What the service can do; blocks up to the timeout. Raises OSError with the reason."""
        try:
            capabilities = self._loop.call(self._ask_once(), self._timeout_s)
        except Exception as error:
            raise OSError(_reason(error)) from error
        return _offer(capabilities)

    def stop(self) -> None:
        """Take the reminder away (its buttons would be dead) and leave the service."""
        with suppress(TimeoutError):
            self._loop.call(self._close(), self._timeout_s)
        logging.getLogger(_LOGGER).removeHandler(self._ear)

    async def _show(self, reminder: ShowReminder, *, sound: bool) -> None:
        async with self._turn:
            self._ear.heard = None
            try:
                await self._clear()
                async with asyncio.timeout(self._timeout_s):
                    why = await self._send(reminder, sound=sound)
            except TimeoutError:
                why = say("notify.timeout", seconds=f"{self._timeout_s:g}")
            except Exception as error:  # noqa: BLE001 - every backend raises its own kinds
                why = say("notify.no_daemon", why=_reason(error))
            if why is not None:
                self._drop_service()
        delivered = Delivered(self._clock.now(), reminder.id, ok=why is None, why=why)
        self._sink.put(delivered)

    async def _send(self, reminder: ShowReminder, *, sound: bool) -> str | None:
        """Send *reminder*; None when it was shown, else why not."""
        capabilities = await self._ask()
        if Capability.ON_DISPATCHED not in capabilities:
            return await self._send_by_fallback(reminder)
        offer = _offer(capabilities)
        shown = asyncio.Event()
        notification = Notification(
            title=reminder.title,
            message=reminder.text,
            urgency=Urgency.Normal,
            buttons=tuple(self._buttons(reminder)) if offer.buttons else (),
            sound=DEFAULT_SOUND if sound and offer.sound else None,
            on_dispatched=shown.set,
        )
        await self._started().send_notification(notification)
        if not shown.is_set():
            return say("notify.refused", why=self._ear.heard or "no reason given")
        self._on_screen = (reminder.id, notification.identifier)
        return None

    async def _send_by_fallback(self, reminder: ShowReminder) -> str | None:
        if self._fallback is None:
            return say("notify.not_provable")
        await self._fallback(reminder.title, reminder.text)
        return None

    def _buttons(self, reminder: ShowReminder) -> list[Button]:
        return [
            Button(
                title=say(f"button.{kind.value}"),
                on_pressed=partial(self._pressed, kind, reminder.id),
            )
            for kind in reminder.buttons
        ]

    def _pressed(self, kind: ActionKind, reminder_id: int) -> None:
        self._on_screen = None
        self._sink.put(Action(self._clock.now(), kind, reminder_id=reminder_id))

    async def _ask_once(self) -> frozenset[Capability]:
        async with self._turn:
            try:
                return await self._ask()
            except BaseException:
                self._drop_service()
                raise

    async def _ask(self) -> frozenset[Capability]:
        return await self._started().get_capabilities()

    def _started(self) -> DesktopNotifier:
        # Made in the loop's thread: its callbacks come back to the loop it was made in.
        if self._service is None:
            self._service = self._make()
        return self._service

    async def _withdraw(self, reminder_id: int) -> None:
        async with self._turn:
            if self._on_screen is not None and self._on_screen[0] == reminder_id:
                with suppress(Exception):  # it is off the screen or the service is
                    await self._clear()

    async def _clear(self) -> None:
        before, self._on_screen = self._on_screen, None
        if before is not None and self._service is not None:
            with suppress(KeyError):  # the service closed it already
                async with asyncio.timeout(self._timeout_s):
                    await self._service.clear(before[1])

    async def _close(self) -> None:
        async with self._turn:
            with suppress(Exception):  # leaving anyway
                await self._clear()
            self._drop_service()

    def _drop_service(self) -> None:
        """Forget the service: the next reminder asks afresh, maybe another one."""
        service, self._service = self._service, None
        # desktop-notifier has no way to leave the bus.
        bus: Any = getattr(getattr(service, "_backend", None), "bus", None)
        if bus is not None:
            bus.disconnect()


def fallback_for_this_system() -> Fallback | None:
    """How to notify where the service gives no proof: macOS has a way, others need none."""
    if sys.platform == "darwin":
        from posture.desktop.notify_macos import send  # noqa: PLC0415 - only there

        return send
    return None


def _offer(capabilities: frozenset[Capability]) -> Offer:
    return Offer(buttons=Capability.BUTTONS in capabilities, sound=Capability.SOUND in capabilities)


def _reason(error: BaseException) -> str:
    text = getattr(error, "text", None) or str(error) or type(error).__name__
    return " ".join(str(text).split()).rstrip(".")
