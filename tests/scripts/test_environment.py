"""The two set-up commands, run for real on a small stand-in project, without a network."""

from __future__ import annotations

import ast
import importlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("environment.py", "run.py", "test.py")

# Builds itself: no build dependency has to be fetched.
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""

BACKEND = '''
import zipfile

FILES = {
    "standin.py": """
import sys

def main():
    print(*sys.argv[1:])
    return 7
""",
    "posture-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: posture\\nVersion: 1\\n"
    "Provides-Extra: dev\\n",
    "posture-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n"
    "Tag: py3-none-any\\n",
    "posture-1.dist-info/entry_points.txt": "[console_scripts]\\nposture = standin:main\\n",
    "posture-1.dist-info/RECORD": "",
}


def build_editable(directory, config_settings=None, metadata_directory=None):
    with open("built.txt", "a") as log:
        log.write("x")
    with zipfile.ZipFile(directory + "/posture-1-py3-none-any.whl", "w") as wheel:
        for name, content in FILES.items():
            wheel.writestr(name, content)
    return "posture-1-py3-none-any.whl"
'''


class Project:
    """A copy of the set-up commands with a stand-in program to install."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        (root / "scripts").mkdir(parents=True)
        for name in SCRIPTS:
            shutil.copy(ROOT / "scripts" / name, root / "scripts" / name)
        (root / "pyproject.toml").write_text(PYPROJECT)
        (root / "backend.py").write_text(BACKEND)

    def start(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(self.root / "scripts" / script), *arguments],
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PIP_NO_INDEX": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def run(self, script: str, *arguments: str) -> tuple[int, str, str]:
        process = self.start(script, *arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    @property
    def installs(self) -> int:
        return len((self.root / "built.txt").read_text())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that was set up once, by two commands at the same time."""
    project = Project(tmp_path_factory.mktemp("a project") / "posture")
    both = [project.start("run.py", "--for", "1"), project.start("run.py", "--for", "1")]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [7, 7], said
    assert [out for out, _ in said] == ["run --for 1\n"] * 2
    told = "".join(err for _, err in said)
    assert told.count("the first time takes about a minute") == 1
    assert "waiting for it" in told
    assert project.installs == 1
    return project


def test_a_second_run_starts_at_once(project: Project) -> None:
    before = project.installs
    assert project.run("run.py", "--source", "a b") == (7, "run --source a b\n", "")
    assert project.installs == before


def test_a_changed_project_file_is_installed_again(project: Project) -> None:
    before = project.installs
    with (project.root / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    code, _, err = project.run("run.py")
    assert (code, project.installs) == (7, before + 1)
    assert "the project file changed" in err
    assert project.run("run.py") == (7, "run\n", "")


def test_an_interrupted_set_up_is_repaired(project: Project) -> None:
    process = project.start("run.py")
    process.communicate(timeout=60)
    (project.venv / "posture-installed-run").unlink()
    process = project.start("run.py")
    unfinished = project.venv / "posture-setup-unfinished"
    deadline = time.monotonic() + 60
    while not unfinished.exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)

    code, out, err = project.run("run.py")
    assert (code, out) == (7, "run\n")
    assert "repairing .venv" in err
    assert not unfinished.exists()
    assert project.run("run.py") == (7, "run\n", "")


def test_what_pip_cannot_fetch_is_one_clear_line(project: Project) -> None:
    backend = project.root / "backend.py"
    backend.write_text(
        BACKEND.replace(
            "Provides-Extra: dev", "Requires-Dist: not-there-7f3a; extra == 'dev'"
        ).replace("Requires-Dist", "Provides-Extra: dev\\nRequires-Dist")
    )
    code, out, err = project.run("test.py")
    backend.write_text(BACKEND)
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    told = err.splitlines()[-1]
    assert told.startswith("posture: cannot install what is needed: a needed package does not")
    log = Path(told.rpartition("log: ")[2])
    assert "not-there-7f3a" in log.read_text()
    # The program itself is still there and starts as before.
    assert project.run("run.py")[0] == 7


def test_the_tests_exit_code_is_passed_on(project: Project) -> None:
    # The stand-in brings no pytest; Python's own exit code for that must come through.
    code, _, err = project.run("test.py", "-x")
    assert code == 1
    assert "No module named pytest" in err


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for hatchling",
            "no connection to the package index",
        ),
        ("ERROR: Could not install: [Errno 28] No space left on device", "the disk is full"),
        ("[Errno 13] Permission denied: '/p/.venv'", "the project folder cannot be written to"),
        ("ensurepip is not available", "this Python cannot make environments"),
        (
            "2026-01-01T00:00:00,1 ERROR: No matching distribution found for mediapipe==0.10.31",
            "a needed package does not exist for this Python or machine",
        ),
        (
            "error: subprocess-exited-with-error\n"
            "2026-01-01T00:00:00,1   ERROR: Something new.\n"
            "2026-01-01T00:00:00,1 ERROR: [present-rich] pip subprocess exited with 1\n"
            "2026-01-01T00:00:00,1 Removed build tracker",
            "Something new",
        ),
        ("a last word.\n\n", "a last word"),
        ("", "it ended without a word"),
    ],
)
def test_what_went_wrong_is_told_in_plain_words(
    said: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    what, do = importlib.import_module("environment").explain(said)
    assert what == told
    assert do


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_old_python_can_read_the_set_up_commands(name: str) -> None:
    source = (ROOT / "scripts" / name).read_text()
    tree = ast.parse(source, feature_version=(3, 6))
    futures = [
        n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "__future__"
    ]
    assert futures == []


def test_an_old_python_is_told_so() -> None:
    code = (
        "import sys, runpy; sys.version_info = (3, 8, 10); sys.path.insert(0, 'scripts');"
        "runpy.run_path('scripts/run.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("posture: Python 3.8 is too old.")
    assert done.stderr.count("\n") == 1
