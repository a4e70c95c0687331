from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from posture.access_lists import AccessLists
from posture.desktop import doctor
from posture.desktop.camera_rights import denied, macos_denies, windows_denies
from posture.desktop.doctor import Finding, Verdict
from posture.desktop.notify import Offer
from posture.desktop.session import FACTS
from posture.desktop.switch_state import SwitchState
from posture.desktop.tray import Backend, TrayProbe, hidden
from posture.errors import MissingLibrary, SettingsError

OK, WARN, PROBLEM = Verdict.OK, Verdict.WARN, Verdict.PROBLEM


def fails(error: Exception) -> Any:
    def check() -> Any:
        raise error

    return check


def test_one_check_that_fails_does_not_end_the_others() -> None:
    findings = doctor.examine(
        {
            "good": lambda: doctor.ok("Fine."),
            "known": fails(SettingsError("Bad setting.", "Mend it.")),
            "bug": fails(ZeroDivisionError("division\nby zero")),
            "last": lambda: doctor.warn("Less.", "Add."),
        }
    )

    assert findings == {
        "good": Finding(OK, "Fine."),
        "known": Finding(PROBLEM, "Bad setting.", "Mend it."),
        "bug": Finding(
            PROBLEM,
            "This could not be checked: ZeroDivisionError: division by zero.",
            "Please report it.",
        ),
        "last": Finding(WARN, "Less.", "Add."),
    }


@pytest.mark.parametrize(
    ("version", "bits", "verdict"),
    [
        ((3, 11, 0), 64, OK),
        ((3, 13, 1), 64, OK),
        ((3, 10, 9), 64, PROBLEM),
        ((3, 12, 0), 32, PROBLEM),
    ],
)
def test_python(version: tuple[int, ...], bits: int, verdict: Verdict) -> None:
    assert doctor.python(version, "Linux x86_64", bits).verdict is verdict


def test_one_opencv_is_right() -> None:
    assert doctor.opencv(["opencv-python"], lambda: "5.0.0") == Finding(
        OK, "OpenCV 5.0.0 from opencv-python."
    )
    # packages_distributions() names one distribution once per top-level file.
    assert doctor.opencv(["opencv-python"] * 2, lambda: "5.0.0").verdict is OK


def test_two_opencvs_break_each_other() -> None:
    finding = doctor.opencv(["opencv-python", "opencv-contrib-python"], lambda: "5.0.0")

    assert finding.verdict is PROBLEM
    assert finding.do == (
        "pip uninstall -y opencv-contrib-python opencv-python, then: pip install opencv-python"
    )


def test_no_opencv_and_a_missing_system_library_are_problems() -> None:
    assert doctor.opencv([], lambda: "").verdict is PROBLEM

    missing = MissingLibrary("OpenCV needs libGL.so.1.", "sudo apt install libgl1")
    findings = doctor.examine({"cv": lambda: doctor.opencv(["opencv-python"], fails(missing))})

    assert findings["cv"] == Finding(PROBLEM, missing.what, missing.do)


@pytest.mark.parametrize(
    ("version", "verdict"),
    [("0.10.31", OK), ("0.10.35", PROBLEM), ("1.2.2", PROBLEM), (None, PROBLEM)],
)
def test_only_the_silent_mediapipe_will_do(version: str | None, verdict: Verdict) -> None:
    assert doctor.mediapipe(version).verdict is verdict


def test_models() -> None:
    assert doctor.models([], 2).verdict is OK
    assert doctor.models(["face is damaged."], 2) == Finding(
        PROBLEM, "face is damaged.", "Install posture again."
    )


def test_the_locks_of_each_system() -> None:
    both = doctor.locks(True, 7, "linux")
    assert both.verdict is OK
    assert "seccomp" in both.what
    assert "Landlock 7" in both.what
    assert "Landlock" not in doctor.locks(True, 0, "linux").what
    assert "this kernel has nothing" in doctor.locks(False, 0, "linux").what
    assert "this system has nothing" in doctor.locks(False, 0, "darwin").what


def test_cameras_are_named() -> None:
    assert doctor.cameras(["Laptop", "USB"], [], "linux") == Finding(OK, "Laptop, USB.")


def test_a_camera_that_may_be_used_is_enough() -> None:
    assert doctor.cameras(["Laptop", "USB"], ["USB"], "linux").verdict is OK


@pytest.mark.parametrize(
    ("system", "advice"),
    [("linux", "usermod"), ("darwin", "System Settings"), ("win32", "Privacy")],
)
def test_a_camera_that_may_not_be_used_is_a_problem(system: str, advice: str) -> None:
    finding = doctor.cameras(["Laptop"], ["Laptop"], system)

    assert finding.verdict is PROBLEM
    assert advice in str(finding.do)


def test_no_camera_points_to_the_demo() -> None:
    finding = doctor.cameras([], [], "linux")

    assert finding.verdict is PROBLEM
    assert "--source demo" in str(finding.do)


def test_linux_denies_by_the_devices_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = str(tmp_path / "closed")
    monkeypatch.setattr("os.access", lambda path, _mode: path != closed)

    assert denied({"A": closed, "B": str(tmp_path / "open"), "C": None}) == ["A"]


class Consent:
    """Windows' list of who may use the camera."""

    HKEY_CURRENT_USER = "HKCU"

    def __init__(self, whole: str | None, desktop: str | None) -> None:
        self._values = {"webcam": whole, "NonPackaged": desktop}

    @contextmanager
    def OpenKey(self, _hive: str, path: str) -> Iterator[str]:
        name = path.rpartition("\\")[2]
        if self._values[name] is None:
            raise FileNotFoundError(path)
        yield name

    def QueryValueEx(self, key: str, name: str) -> tuple[Any, int]:
        assert name == "Value"
        return self._values[key], 1


@pytest.mark.parametrize(
    ("whole", "desktop", "refused"),
    [
        ("Allow", "Allow", False),
        ("Deny", "Allow", True),
        ("Allow", "Deny", True),
        (None, None, False),
    ],
)
def test_windows_denies_by_the_privacy_settings(
    whole: str | None, desktop: str | None, refused: bool
) -> None:
    assert windows_denies(Consent(whole, desktop)) is refused


@pytest.mark.parametrize(("status", "refused"), [(0, False), (1, True), (2, True), (3, False)])
def test_macos_denies_by_the_authorization(status: int, refused: bool) -> None:
    cameras = SimpleNamespace(authorizationStatusForMediaType_=lambda kind: status)

    assert macos_denies(cameras) is refused
    assert not macos_denies(None)


def test_calibration() -> None:
    assert doctor.calibration("2026-11-02") == Finding(OK, "Calibrated on 2026-11-02.")
    assert doctor.calibration(None).verdict is WARN


def test_a_tray_that_shows_and_one_that_does_not() -> None:
    assert doctor.tray(TrayProbe(Backend.SNI)) == Finding(OK, "The icon shows (sni).")

    finding = doctor.tray(TrayProbe(Backend.SNI, hidden("old_host")))

    assert finding.verdict is WARN
    assert "Install python3-gi" in str(finding.do)


def test_notifications() -> None:
    every, plain = Offer(buttons=True, sound=True), Offer(buttons=False, sound=False)
    gone = fails(OSError("no service answers"))

    assert doctor.notifications(lambda: every, has_display=True).verdict is OK
    assert "menu" in doctor.notifications(lambda: plain, has_display=True).what
    assert doctor.notifications(gone, has_display=True).verdict is PROBLEM
    assert doctor.notifications(gone, has_display=False).verdict is WARN


def test_the_desktops_silence_is_named() -> None:
    told = dict.fromkeys(FACTS, "logind")

    assert doctor.session(told).verdict is OK

    finding = doctor.session(told | {"idle_s": None, "full_screen": None})

    assert finding.verdict is WARN
    assert "does not tell: keyboard and mouse pauses, full screen." in finding.what
    assert "meetings (logind)" in finding.what


def free(megabytes: float) -> Any:
    return lambda _folder: megabytes * 1e6


@pytest.mark.parametrize(
    ("megabytes", "verdict"), [(5000, OK), (199, WARN), (19, PROBLEM), (0, PROBLEM)]
)
def test_the_log_needs_room(megabytes: float, verdict: Verdict, tmp_path: Path) -> None:
    folder = tmp_path / "log"

    assert doctor.data_directory(folder, free(megabytes)).verdict is verdict
    assert list(folder.iterdir()) == []


def test_a_log_others_can_read_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir(mode=0o755)

    finding = doctor.data_directory(folder, free(5000))

    assert finding.verdict is WARN
    assert finding.do == f"chmod 700 '{folder}'"


@pytest.mark.parametrize(
    ("sddl", "verdict", "words"),
    [
        ("D:P(A;OICI;FA;;;S-1-5-21-1)", OK, ": writable, private, 5.0 GB free."),
        ("D:AI(A;OICIID;FR;;;BU)", WARN, " can be read by other users."),
        (None, OK, ": writable, 5.0 GB free."),  # nobody can tell
    ],
)
def test_windows_tells_by_the_list_and_not_by_modes(
    sddl: str | None, verdict: Verdict, words: str, tmp_path: Path
) -> None:
    def run(command: Sequence[str]) -> str:
        if sddl is None:
            raise FileNotFoundError(command[0])
        if command[0] == "icacls.exe":
            Path(command[3]).write_bytes(f"log\r\n{sddl}\r\n".encode("utf-16-le"))
        return '"desk\\anna","S-1-5-21-1"'

    finding = doctor.data_directory(tmp_path, free(5000), AccessLists(run))

    assert (finding.verdict, finding.what) == (verdict, f"{tmp_path}{words}")


def test_a_log_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert doctor.data_directory(tmp_path / "file").verdict is PROBLEM


def test_the_real_disk_is_asked(tmp_path: Path) -> None:
    assert "GB free" in doctor.data_directory(tmp_path / "log").what


def test_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"

    assert "as shipped" in doctor.settings(lambda: 0, path).what

    path.touch()

    assert doctor.settings(lambda: 3, path).what == f"{path}: 3 of your own, all valid."

    bad = SettingsError("stand.every_min must be a number.", "Change it.")
    findings = doctor.examine({"s": lambda: doctor.settings(fails(bad), path)})

    assert findings["s"] == Finding(PROBLEM, bad.what, bad.do)


def test_autostart() -> None:
    assert doctor.autostart(SwitchState(on=False, where="x")).verdict is OK
    assert doctor.autostart(SwitchState(on=True, where="x")).verdict is OK

    stale = SwitchState(on=True, where="x", command="/old/posture run", stale=True)

    assert doctor.autostart(stale).verdict is WARN
