"""``posture`` in this process, as somebody without a keyboard would use it, and what it may say."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posture.cli import main, run
from posture.errors import all_errors

CODES = {0} | {error.exit_code for error in all_errors()}


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """In *home*, without a desktop; no monitor is left running, nothing is opened."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("CONFIG", "DATA", "STATE", "CACHE"):
            patch.setenv(f"XDG_{variable}_HOME", str(home / variable.lower()))
        (home / "runtime").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(home / "runtime"))
        patch.setenv("HOME", str(home))
        for variable in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            patch.delenv(variable, raising=False)
        patch.setattr(run, "run", lambda *_: None)
        patch.setattr(run, "take", lambda *_: None)
        patch.setattr(webbrowser, "open", lambda _: True)
        patch.chdir(home)
        yield


def told(*words: str) -> tuple[int, str]:
    """Exit code and complaints of ``posture`` with *words*."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        Path(os.devnull).open() as nobody,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "stdin", nobody)
        code = main(words)
        err.flush()
        err.seek(0)
        return code, err.read()


def answered(*words: str) -> int:
    """The exit code of *words*, which are answered, or refused in one line; never a bug."""
    code, err = told(*words)
    assert code in CODES, (code, err)
    assert "Traceback" not in err
    if code and not err.startswith("Usage: "):
        (line,) = err.splitlines()
        if line.startswith("{"):
            assert json.loads(line)["error"]["exit_code"] == code
        else:
            assert line.startswith("posture: ")
            assert line.isprintable()
    return code
