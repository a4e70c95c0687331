"""A program with nothing but a tray: says what is clicked, ends cleanly on a signal."""

from __future__ import annotations

import queue
import signal
import sys
from threading import Thread
from types import FrameType
from typing import Any

from moments import NOW, look, reading

from posture.clock import ManualClock
from posture.core.reading import Label, Level
from posture.desktop.loop import LoopThread
from posture.desktop.tray import open_tray


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    sink: queue.SimpleQueue[Any] = queue.SimpleQueue()
    loop = LoopThread()
    tray = open_tray(sink, ManualClock(NOW), loop, look(), prefer=sys.argv[1])

    def stop(_number: int, _frame: FrameType | None) -> None:
        tray.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    tray.start()

    def tell() -> None:
        while (item := sink.get()) is not None:
            say(item.kind.value)

    def obey() -> None:
        for _line in sys.stdin:
            tray.show(look(reading=reading(label=Label.SLOUCH, states={"slump_cm": Level.LIMIT})))

    teller = Thread(target=tell)
    teller.start()
    Thread(target=obey, daemon=True).start()
    say(f"{tray.backend.value} {tray.why_hidden()}")
    tray.run()
    sink.put(None)
    teller.join()
    loop.stop()
    say("clean")


main()
