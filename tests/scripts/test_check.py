"""The one check: a step that finds something fails the whole, after all others have run."""

from __future__ import annotations

import importlib
import io
import json
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODELS = sorted(f"posture/models/{path.name}" for path in (ROOT / "models").iterdir())
LICENSE = "posture-1.dist-info/licenses/LICENSE"


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    module = importlib.import_module("check")
    monkeypatch.setattr(module.environment, "ensure", lambda _extra: None)
    monkeypatch.chdir(ROOT)
    return module


def stand_in(tmp_path: Path, *failing: str) -> Path:
    """A Python that only says which tool it was to run; fails for some."""
    python = tmp_path / "python"
    cases = "".join(f'[ "$2" = {name} ] && exit 3\n' for name in failing)
    python.write_text(
        f'#!/bin/sh\necho "$@" >> "{tmp_path}/ran"\necho "$2 speaks"\n{cases}exit 0\n'
    )
    python.chmod(0o755)
    return python


def test_all_is_well(
    check: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["check.py", "--fast"])
    monkeypatch.setattr(check.environment, "PYTHON", stand_in(tmp_path))
    assert check.main() == 0
    assert (tmp_path / "ran").read_text().splitlines() == [
        "-m ruff check .", "-m ruff format --check .", "-m mypy",
        "-m pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal",
    ]  # fmt: skip
    out = capsys.readouterr().out
    assert "FAILED" not in out
    assert "speaks" not in out


def test_a_failing_step_is_shown_and_the_others_still_run(
    check: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["check.py", "--no-wheel"])
    monkeypatch.setattr(check.environment, "PYTHON", stand_in(tmp_path, "mypy"))
    assert check.main() == 1
    assert len((tmp_path / "ran").read_text().splitlines()) == 4
    out = capsys.readouterr().out
    assert "mypy speaks" in out
    assert outcomes(out) == {
        "ruff check": "ok",
        "ruff format": "ok",
        "mypy": "FAILED",
        "pytest": "ok",
    }


def outcomes(out: str) -> dict[str, str]:
    """Step → result, of the table at the end."""
    table = out.partition("\nstep ")[2].splitlines()[1:]
    return {line[:14].strip(): line[24:] for line in table}


def audited(*weaknesses: str, skipped: bool = False) -> str:
    """What pip-audit reports of two packages."""
    found = [{"id": one, "fix_versions": ["2.0"]} for one in weaknesses]
    click = {"name": "click", "version": "1.0", "vulns": found}
    other = {"name": "Jinja2", "version": "1.0", "vulns": []}
    if skipped:
        other = {"name": "Jinja2", "skip_reason": "not found"}
    return json.dumps({"dependencies": [click, other], "fixes": []})


def test_no_weakness_is_known(check: ModuleType) -> None:
    check.judge_audit(audited(), "No known vulnerabilities found", ["click", "jinja2"])


def test_a_weakness_fails_the_audit(check: ModuleType) -> None:
    with pytest.raises(check.StepFailedError, match=r"click 1\.0: CVE-1, mended in 2\.0"):
        check.judge_audit(audited("CVE-1"), "", ["click", "jinja2"])
    # One of a tool that users do not install is not ours.
    check.judge_audit(audited("CVE-1"), "", ["jinja2"])


@pytest.mark.parametrize(
    ("report", "complaints", "why"),
    [
        ("", "ERROR: x\nConnectionError: no network", "did not work: ConnectionError: no network"),
        ("", "", "pip-audit did not work: it said nothing"),
        ("{}", "broken", "pip-audit did not work: broken"),
        (audited(skipped=True), "No known vulnerabilities", "tells no weaknesses of jinja2"),
        ('{"dependencies": []}', "No known vulnerabilities", "tells no weaknesses of any package"),
    ],
)
def test_an_audit_that_tells_nothing_is_passed_over(
    report: str, complaints: str, why: str, check: ModuleType
) -> None:
    with pytest.raises(check.PassedOver, match=why):
        check.judge_audit(report, complaints, ["click", "jinja2"])


def test_what_is_passed_over_is_said_and_fails_nothing(
    check: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A Python whose pip-audit can do nothing."""
    monkeypatch.setattr(sys, "argv", ["check.py", "audit", "mypy"])
    monkeypatch.setattr(check.environment, "PYTHON", stand_in(tmp_path))

    assert check.main() == 0
    out = capsys.readouterr().out
    assert outcomes(out) == {
        "audit": "passed over: pip-audit did not work: it said nothing",
        "mypy": "ok",
    }


def auditor(tmp_path: Path, report: str, complaint: str, code: int) -> Path:
    """A Python whose pip-audit ends so, and whose pillow and click are ours."""
    (tmp_path / "report").write_text(report)
    (tmp_path / "complaint").write_text(complaint)
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in\n'
        f'*pip_audit*) cat "{tmp_path}/report"; cat "{tmp_path}/complaint" >&2; exit {code};;\n'
        f'*licences.py*) printf "click\\npillow\\n";;\nesac\n'
    )
    python.chmod(0o755)
    return python


# As pip-audit 2.7 and later write it, one without a mended version and one passed over included.
WEAK = """{"dependencies": [
{"name": "click", "version": "8.1.7", "vulns": []},
{"name": "pillow", "version": "10.2.0", "vulns": [
{"id": "PYSEC-2024-1", "fix_versions": ["10.3.0", "11.0"], "aliases": ["CVE-2024-28219"]},
{"id": "GHSA-aaaa-bbbb-cccc", "fix_versions": [], "aliases": []}]},
{"name": "posture", "skip_reason": "Dependency not found on PyPI and could not be audited"}],
"fixes": []}
"""
NONE_KNOWN = """{"dependencies": [{"name": "click", "version": "8.1.7", "vulns": []},
{"name": "pillow", "version": "12.0", "vulns": []}], "fixes": []}"""
SKIPPED = """{"dependencies": [{"name": "click", "skip_reason": "not found on the index"},
{"name": "pillow", "skip_reason": "not found on the index"}], "fixes": []}"""


@pytest.mark.parametrize(
    ("report", "complaint", "code", "outcome"),
    [
        (WEAK, "Found 2 known vulnerabilities in 1 package\n", 1, "FAILED"),
        (NONE_KNOWN, "No known vulnerabilities found\n", 0, "ok"),
        (
            SKIPPED,
            "No known vulnerabilities found\n",
            0,
            "passed over: the package index tells no weaknesses of any package",
        ),
        (
            "",
            "ERROR:pip_audit._cli:Failed to connect to the index\n",
            1,
            "passed over: pip-audit did not work: "
            "ERROR:pip_audit._cli:Failed to connect to the index",
        ),
    ],
)
def test_what_pip_audit_says_becomes_the_steps_outcome(
    check: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    report: str,
    complaint: str,
    code: int,
    outcome: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["check.py", "audit"])
    monkeypatch.setattr(check.environment, "PYTHON", auditor(tmp_path, report, complaint, code))

    assert check.main() == (outcome == "FAILED")

    out = capsys.readouterr().out
    assert outcomes(out) == {"audit": outcome}
    if outcome == "FAILED":
        assert "pillow 10.2.0: PYSEC-2024-1, mended in 10.3.0, 11.0" in out
        assert "pillow 10.2.0: GHSA-aaaa-bbbb-cccc, mended in no version yet" in out


def wheel(path: Path, members: list[str]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for member in members:
            file.writestr(member, "")
    return path


def test_a_whole_wheel(check: ModuleType, tmp_path: Path) -> None:
    check.check_contents(wheel(tmp_path / "a.whl", [*MODELS, LICENSE, "posture/cli/run.py"]))


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([*MODELS[1:], LICENSE], "models missing"),
        (MODELS, "LICENSE missing"),
        ([*MODELS, LICENSE, "tests/test_paths.py"], "not of the program"),
    ],
)
def test_a_wheel_that_is_not_as_it_should_be(
    check: ModuleType, tmp_path: Path, members: list[str], why: str
) -> None:
    with pytest.raises(check.StepFailedError, match=why):
        check.check_contents(wheel(tmp_path / "a.whl", members))


def sdist(path: Path, members: list[str]) -> Path:
    with tarfile.open(path, "w:gz") as file:
        for member in members:
            file.addfile(tarfile.TarInfo(f"posture-1/{member}"), io.BytesIO())
    return path


def test_a_source_package_holds_all_that_is_kept(
    check: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ["README.md", "tests/test_docs.py"]
    monkeypatch.setattr(check, "run", lambda _command: "\0".join([*kept, ""]))

    check.check_source(
        sdist(tmp_path / "a.tar.gz", ["README.md", "tests/test_docs.py", "PKG-INFO"])
    )
    with pytest.raises(check.StepFailedError, match=r"tests/test_docs\.py"):
        check.check_source(sdist(tmp_path / "b.tar.gz", ["README.md"]))


def test_one_step_alone_and_one_that_does_not_exist(
    check: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check.environment, "PYTHON", stand_in(tmp_path))
    monkeypatch.setattr(sys, "argv", ["check.py", "mypy"])
    assert check.main() == 0
    assert (tmp_path / "ran").read_text() == "-m mypy\n"

    monkeypatch.setattr(sys, "argv", ["check.py", "mipy"])
    with pytest.raises(SystemExit):
        check.main()
