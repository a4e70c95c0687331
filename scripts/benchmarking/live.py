"""A camera for the benchmark: a film, in a process of its own, as live MJPEG on loopback.

Each picture of the film is repeated at the live rate with a sensor's noise, fresh every time: no
two pictures are ever the same. The film begins with the first viewer and stays at its end, or runs
back and forth without a jump or a rest.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from posture.clock import SystemClock
from posture.sense.frame import Image
from posture.sense.opencv import cv2

# A webcam's noise in a lit room, in grey levels, and how many different pictures of it are made.
_NOISE_SD, _NOISES = 2.0, 16
_QUALITY = 85
_BOUNDARY = "picture"


@dataclass(frozen=True, slots=True)
class Scene:
    """So many pictures of *film* from *first* on, shown at *film_fps*."""

    film: Path
    first: int
    pictures: int
    film_fps: float
    live_fps: float
    back_and_forth: bool = False

    def place(self, at_s: float, count: int) -> int:
        """Which of *count* pictures is on show at *at_s* seconds."""
        index, last = int(at_s * self.film_fps), count - 1
        if not self.back_and_forth:
            return min(index, last)
        return last - abs(last - index % (2 * last)) if last else 0


@dataclass(slots=True)
class LiveCamera:
    """``url``: what to watch. ``shown``: picture number → when it was first sent."""

    url: str
    shown: dict[int, float] = field(default_factory=dict)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def hear(self, picture: int, mono: float) -> None:
        """Note that *picture* was shown."""
        with self._news:
            self.shown.setdefault(picture, mono)
            self._news.notify_all()

    def when(self, picture: int, timeout_s: float) -> float | None:
        """When *picture* of the film was first sent (steady clock); None if it was not in time."""
        with self._news:
            self._news.wait_for(lambda: picture in self.shown, timeout_s)
            return self.shown.get(picture)


@contextmanager
def live(scene: Scene) -> Iterator[LiveCamera]:
    """Show *scene* until the block ends."""
    arguments = [scene.film, scene.first, scene.pictures, scene.film_fps, scene.live_fps]
    way = ["--back-and-forth"] if scene.back_and_forth else []
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarking.live", *way, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
        env=_environment(),
    )
    assert server.stdout is not None
    try:
        with server.stdout as says:
            camera = LiveCamera(json.loads(says.readline())["url"])

            def listen() -> None:
                for line in says:
                    told = json.loads(line)
                    camera.hear(told["picture"], told["mono"])

            listener = threading.Thread(target=listen, daemon=True)
            listener.start()
            yield camera
            server.kill()
            listener.join()
    finally:
        server.kill()
        server.wait()


def _environment() -> dict[str, str]:
    import os  # noqa: PLC0415

    roots = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, roots))}


def pictures_of(film: Path, first: int, count: int) -> list[Image]:
    """Read *count* pictures of *film*."""
    capture = cv2.VideoCapture(str(film))
    found: list[Image] = []
    for index in range(first + count):
        ok, image = capture.read()
        if not ok:
            break
        if index >= first:
            found.append(np.asarray(image, np.uint8))
    capture.release()
    return found


def repeat_film(film: Path, count: int, path: Path) -> None:
    """Write *film* to *path* again and again, one picture a second, *count* in all."""
    writer: cv2.VideoWriter | None = None
    written = 0
    while written < count:
        capture = cv2.VideoCapture(str(film))
        while written < count:
            ok, image = capture.read()
            if not ok:
                break
            if writer is None:
                code = cv2.VideoWriter.fourcc(*"mp4v")
                writer = cv2.VideoWriter(str(path), code, 1.0, image.shape[1::-1])
            writer.write(image)
            written += 1
        capture.release()
    if writer is not None:
        writer.release()


class Sensor:
    """Adds a sensor's noise to pictures and sends them as JPEG."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._random = np.random.default_rng(3)
        self._noises = [
            self._random.normal(0, _NOISE_SD, shape).round().astype(np.int16)
            for _ in range(_NOISES)
        ]

    def expose(self, image: Image) -> Image:
        """*image* as a sensor would see it."""
        noise = self._noises[self._random.integers(_NOISES)]
        rolled = np.roll(noise, int(self._random.integers(image.shape[1])), axis=1)
        exposed: Image = np.clip(image + rolled, 0, 255).astype(np.uint8)
        return exposed

    def jpeg(self, image: Image) -> bytes:
        """*image* as a sensor would see it, packed."""
        options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
        return cv2.imencode(".jpg", self.expose(image), options)[1].tobytes()


class _Stage:
    """What is on show, for all viewers alike."""

    def __init__(self, images: list[Image], scene: Scene) -> None:
        self._images = images
        self._scene = scene
        self._sensor = Sensor(images[0].shape)
        self._clock = SystemClock()
        self._current = threading.Condition()
        self._number, self._jpeg = 0, b""
        self.begun = threading.Event()

    def play(self) -> None:
        """Show the film at its own pace, for ever."""
        self.begun.wait()
        epoch = self._clock.now()
        told = -1
        shot = 0
        pause = threading.Event()
        while True:
            due_s = shot / self._scene.live_fps
            pause.wait(max(due_s - (self._clock.now() - epoch), 0.0))
            shot += 1
            index = self._scene.place(due_s, len(self._images))
            jpeg = self._sensor.jpeg(self._images[index])
            with self._current:
                self._number, self._jpeg = self._number + 1, jpeg
                self._current.notify_all()
            if index != told:
                told = index
                word = {"picture": self._scene.first + index, "mono": self._clock.now().mono}
                print(json.dumps(word), flush=True)

    def next(self, after: int) -> tuple[int, bytes]:
        """Wait for a picture later than number *after*."""
        with self._current:
            self._current.wait_for(lambda: self._number > after)
            return self._number, self._jpeg


def _handler(stage: _Stage) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stage.begun.set()
            self.send_response(200)
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
            self.end_headers()
            number = 0
            with contextlib.suppress(ConnectionError):
                while True:
                    number, jpeg = stage.next(number)
                    head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                    head += f"Content-Length: {len(jpeg)}\r\n\r\n"
                    self.wfile.write(head.encode() + jpeg + b"\r\n")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


def main() -> None:
    """Serve until killed; tell the address, then each picture of the film as it is shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("first", type=int)
    parser.add_argument("pictures", type=int)
    parser.add_argument("film_fps", type=float)
    parser.add_argument("live_fps", type=float)
    parser.add_argument("--back-and-forth", action="store_true")
    scene = Scene(**vars(parser.parse_args()))
    cv2.setNumThreads(1)
    stage = _Stage(pictures_of(scene.film, scene.first, scene.pictures), scene)
    threading.Thread(target=stage.play, daemon=True).start()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(stage)) as server:
        server.daemon_threads = True
        port = server.server_address[1]
        print(json.dumps({"url": f"http://127.0.0.1:{port}/"}), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
