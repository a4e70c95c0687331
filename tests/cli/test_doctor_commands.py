"""posture doctor and posture autostart as the user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posture.cli import doctor as doctor_command
from posture.cli import main
from posture.desktop.doctor import ok, problem, warn

NAMES = [
    "python",
    "opencv",
    "mediapipe",
    "models",
    "locks",
    "camera",
    "calibration",
    "tray",
    "notifications",
    "desktop",
    "log",
    "settings",
    "publishing",
    "autostart",
]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user with nothing, in a terminal without a desktop."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    for name in ("CONFIG", "DATA", "STATE", "RUNTIME"):
        suffix = "DIR" if name == "RUNTIME" else "HOME"
        monkeypatch.setenv(f"XDG_{name}_{suffix}", str(tmp_path / name.lower()))


def test_the_real_doctor_looks_at_everything(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--json"])
    document = json.loads(capsys.readouterr().out)
    found = {check["name"]: check for check in document["checks"]}

    assert list(found) == NAMES
    assert code == (0 if document["ok"] else 3)
    for name in (
        "python",
        "opencv",
        "mediapipe",
        "models",
        "log",
        "settings",
        "publishing",
        "autostart",
    ):
        assert found[name]["verdict"] == "ok", found[name]
    for name in ("calibration", "tray", "notifications"):
        assert found[name]["verdict"] == "warn", found[name]
    assert "no desktop here" in found["tray"]["what"]
    assert "DBUS_SESSION_BUS_ADDRESS" in found["notifications"]["what"]
    assert "the screen lock" in found["desktop"]["what"]
    assert all(check["verdict"] == "ok" or check["do"] for check in document["checks"])


def test_a_wrong_setting_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config" / "posture" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[sitting]\nnudge_min = -4\n")

    assert main(["doctor", "--json"]) == 3

    out, err = capsys.readouterr()
    check = next(one for one in json.loads(out)["checks"] if one["name"] == "settings")
    assert check["verdict"] == "problem"
    assert "nudge_min" in check["what"]
    assert json.loads(err)["error"]["code"] == "doctor_found_problem"


def test_all_well_is_exit_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = {"a": lambda: ok("Fine."), "longer": lambda: warn("Less.", "Add more.")}
    monkeypatch.setattr(doctor_command, "_checks", lambda *_: checks)

    assert main(["doctor"]) == 0
    assert capsys.readouterr() == (
        "ok       a       Fine.\nwarning  longer  Less.\n                 → Add more.\n",
        "",
    )


def test_a_problem_is_exit_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = {"a": lambda: problem("Broken.", "Mend it."), "b": lambda: problem("Too.", "Mend.")}
    monkeypatch.setattr(doctor_command, "_checks", lambda *_: checks)

    assert main(["doctor"]) == 3

    out, err = capsys.readouterr()
    assert out.startswith("PROBLEM  a  Broken.\n            → Mend it.\n")
    assert err == "posture: 2 problems were found. What to do is said above.\n"


def test_autostart_is_turned_on_and_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config" / "autostart" / "posture.desktop"
    said = []
    for word in ("status", "on", "status", "off"):
        assert main(["autostart", word]) == 0
        said.append(capsys.readouterr().out)

    on = f"posture starts at login ({path}).\n"
    off = "posture does not start at login.\n"
    assert said == [off, on, on, off]
    assert not path.exists()


def test_autostart_says_when_it_is_another_installation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["autostart", "on", "--json"]) == 0
    state = json.loads(capsys.readouterr().out)
    assert (state["on"], state["stale"]) == (True, False)

    path = Path(state["where"])
    path.write_text(path.read_text().replace("Exec=", "Exec=/old"))

    assert main(["autostart", "status"]) == 0
    assert "It would start another installation: /old" in capsys.readouterr().out
