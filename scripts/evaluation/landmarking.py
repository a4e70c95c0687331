"""Pictures to landmarks through the shipped landmarker, kept between runs when asked to."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from posture.clock import Instant, ManualClock
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral, expected_face
from posture.sense import models
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.source import open_source
from posture.sense.trace import is_trace
from posture.sense.trace_writer import TraceWriter
from posture.sense.window import Window

_EPOCH = Instant(0.0, 0)
# A calibration of the same pictures differs in the last digits from machine to machine; the
# expected place of the face only tells people apart.
_PLACE_DECIMALS = 2
_MAKERS = ("landmarker.py", "video.py", "folder.py", "trace.py")


class Landmarking:
    """Gives the landmarks of files; what was seen once is read again from *cache*.

    All landmarks go through the trace format, so a kept result and a fresh one are the same.
    Entries belong to the pictures, the rate, the models and the landmarker's code.
    """

    def __init__(self, cache: Path | None) -> None:
        self._stack = contextlib.ExitStack()
        if cache is None:
            cache = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        cache.mkdir(parents=True, exist_ok=True)
        self._cache = cache
        self._tool = _tool_hash()

    def __enter__(self) -> Landmarking:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop what was not to be kept."""
        self._stack.close()

    def landmarks(
        self, source: Path, window: Window | None = None, neutral: Neutral | None = None
    ) -> list[Landmarks]:
        """The landmarks of *source*: a trace, a video, or a folder of pictures.

        Recorded landmarks beside it come first. Raises what the source and the landmarker raise.
        """
        source = source_of(source) or source
        if is_trace(source):
            return list(_stream(source, window, None))
        kept = self._cache / f"{self._key(source, window, neutral)}.jsonl.gz"
        if not kept.exists():
            print(f"landmarks of {source.name} {_told(window)}", file=sys.stderr, flush=True)
            record(_stream(source, window, neutral), kept, independent=source.is_dir())
        return list(_stream(kept, None, None))

    def _key(self, source: Path, window: Window | None, neutral: Neutral | None) -> str:
        window = window or Window()
        place = None
        if neutral is not None:
            face = neutral.expected_face()
            place = [
                round(value, _PLACE_DECIMALS)
                for value in (face.eye_x, face.eye_y, face.pupil_distance)
            ]
        what = [self._tool, window.start_s, window.duration_s, window.fps, place]
        digest = hashlib.sha256(json.dumps(what).encode())
        for path in sorted(source.iterdir()) if source.is_dir() else [source]:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return f"{source.stem}-{digest.hexdigest()[:20]}"


def source_of(path: Path) -> Path | None:
    """*path*, or the landmarks recorded of it beside it, which come first; None without either."""
    recorded = path.with_name(f"{path.stem}.jsonl.gz")
    if recorded.exists():
        return recorded
    return path if path.exists() else None


def record(landmarks: Iterable[Landmarks], path: Path, *, independent: bool) -> None:
    """Write *landmarks*, whose times count from 0, as a trace."""
    with TraceWriter(path, _EPOCH, independent=independent) as writer:
        for moment in landmarks:
            writer.write(moment)


def _stream(source: Path, window: Window | None, neutral: Neutral | None) -> Iterator[Landmarks]:
    with contextlib.closing(open_source(str(source), ManualClock(_EPOCH), window)) as opened:
        for moment in LandmarkStream(opened, expected_face(neutral)):
            if isinstance(moment, Landmarks):
                yield moment


def _tool_hash() -> str:
    digest = hashlib.sha256()
    for bundle in models.BUNDLES:
        digest.update(bundle.sha256.encode())
    for path in _makers():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _makers() -> list[Path]:
    """The modules that turn files into landmarks, with what they import from their own package."""
    package = Path(models.__file__).parent
    found: set[Path] = set()
    waiting = [package / name for name in _MAKERS]
    while waiting:
        path = waiting.pop()
        if path in found or not path.exists():
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                waiting += [
                    package / f"{name.removeprefix('posture.sense.')}.py"
                    for name in names
                    if name.startswith("posture.sense.")
                ]
    return sorted(found)


def _told(window: Window | None) -> str:
    if window is None:
        return ""
    rate = "every picture" if window.fps is None else f"{window.fps:g} a second"
    return f"from {window.start_s:g} s, {rate}"
