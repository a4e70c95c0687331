"""A camera server on this computer that can stall, hang up, change and lead astray."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from media import plain

from posture.sense.frame import Image
from posture.sense.opencv import cv2

_BOUNDARY = b"picture"


@dataclass
class MjpegServer:
    """``picture``: shown instead of an ever changing one; ``film``: these pictures, JPEG, one every
    ``picture_s``, forth and back without end. ``damaged``: sent instead of a JPEG.

    ``stalled``: nothing is sent any more; ``closed``: it hangs up; ``away``: it answers 404.
    ``redirect``: where it sends everybody; ``playlist``: what it offers instead of a stream.
    ``watching``: number of streams being sent. ``sent``: number of pictures sent; picture number i
    has the shade 50 + i % 150.
    """

    port: int = 0
    picture: Image | None = None
    film: Sequence[bytes] = ()
    picture_s: float = 0.02
    damaged: bool = False
    stalled: bool = False
    closed: bool = False
    away: bool = False
    redirect: str | None = None
    playlist: str | None = None
    watching: int = 0
    sent: int = 0
    requests: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Named like a playlist, which a careless reader would follow."""
        return f"http://127.0.0.1:{self.port}/view.m3u8"

    def part(self, number: int) -> bytes:
        data = b"no JPEG at all" if self.damaged else self._jpeg(number)
        head = f"Content-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        return b"--" + _BOUNDARY + b"\r\n" + head + data + b"\r\n"

    def _jpeg(self, number: int) -> bytes:
        if self.film:
            last = len(self.film) - 1
            return self.film[last - abs(number % (2 * last) - last)]
        image = plain(50 + number % 150) if self.picture is None else self.picture
        return cv2.imencode(".jpg", image)[1].tobytes()


@contextmanager
def serving() -> Iterator[MjpegServer]:
    """Serve on a free port of the loopback interface until the block ends."""
    state = MjpegServer()
    counting = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append(self.path)
            with contextlib.suppress(ConnectionError):
                if state.away:
                    self.send_error(404)
                elif state.redirect is not None:
                    self.send_response(302)
                    self.send_header("Location", state.redirect)
                    self.end_headers()
                elif state.playlist is not None:
                    self._whole("application/vnd.apple.mpegurl", state.playlist.encode())
                else:
                    self._stream()

        def _whole(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self) -> None:
            with counting:
                state.watching += 1
            try:
                self._send_pictures()
            finally:
                with counting:
                    state.watching -= 1

        def _send_pictures(self) -> None:
            self.send_response(200)
            kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY.decode()}"
            self.send_header("Content-Type", kind)
            self.end_headers()
            while not (state.closed or state.stopping.is_set()):
                if not state.stalled:
                    self.wfile.write(state.part(state.sent))
                    state.sent += 1
                time.sleep(state.picture_s)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield state
        finally:
            state.stopping.set()
            server.shutdown()
            thread.join()
