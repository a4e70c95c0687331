from __future__ import annotations

import os

import pytest

from posture.sense.native_log import quiet_native_log

ROUTINE = b"""INFO: Created TensorFlow Lite XNNPACK delegate for CPU.
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
W0000 00:00:1795462047.565800    7016 inference_feedback_manager.cc:114] Feedback manager
E0000 00:00:1795463324.068366   12502 calculator_graph.cc:928] INTERNAL: Run() failed:
Calculator::Open() for node "inference" failed: ; RET_CHECK failure
ERROR: The model is not a valid Flatbuffer buffer
"""
WORTH_KNOWING = b"""another thread's words
WARNING: the disk is full
ERROR: words of someone else
"""


def test_routine_lines_are_held_back_and_the_rest_passes(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_native_log():
        os.write(2, ROUTINE + WORTH_KNOWING)
    os.write(2, b"after\n")
    assert capfd.readouterr().err == WORTH_KNOWING.decode() + "after\n"


def test_stderr_comes_back_when_the_block_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), quiet_native_log():
        raise RuntimeError
    os.write(2, b"here\n")
    assert capfd.readouterr().err == "here\n"


def test_nothing_is_done_where_stderr_cannot_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", refuse)
    ran = False
    with quiet_native_log():
        ran = True
    assert ran
