"""Every command of the README is carried out, and what it prints there is what comes."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_home import agree, home_environment
from fake_camera import upright_film
from mjpeg_server import MjpegServer, serving

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAMS = ("posture", "python", "pipx", "sudo")
PATIENCE_S = 240.0

# What is not carried out here: where it is, and the words it has there.
ELSEWHERE = {
    "python scripts/test.py": (".ci/run", "python3 scripts/test.py"),  # this very run
    "python scripts/check.py": (".ci/run", "python3 scripts/check.py package"),
    "python scripts/bundle.py": (".ci/run", "python3 scripts/bundle.py"),
    "python scripts/docs.py": ("tests/test_docs.py", "docs.stale()"),
    "python scripts/evaluate.py": ("tests/evaluation/test_command.py", "evaluate.py"),
    "python scripts/benchmark.py": ("tests/scripts/test_benchmark.py", "benchmark"),
    "python scripts/build_models.py": ("tests/models/test_bundles.py", "build_models"),
    "pipx install .": (".ci/run", "pipx install ."),
    "pipx uninstall posture": (".ci/run", "pipx uninstall posture"),
    "sudo apt install pipx libgl1 libglib2.0-0": (".ci/run", "libglib2.0-0"),
}
# Beginnings of a command, said in running text.
NO_COMMANDS = {"pipx install"}
# Ends with another code than 0, as its words say.
ENDINGS = {"posture doctor": 3}


def without(block: str, text: str) -> str:
    return re.sub(rf"<!-- {block} -->.*?<!-- end {block} -->", "", text, flags=re.S)


def blocks() -> dict[str, list[str]]:
    """Each command after a $ with the lines the README shows below it."""
    found = {}
    for block in re.findall(r"```console\n(.*?)```", README, re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *shown = part.splitlines()
            found[command] = shown
    return found


def commands() -> list[str]:
    """Every command of the README in its order, each once."""
    text = without("commands", README)
    found = re.findall(r"^\$ (.+)$|`([^`\n]+)`", text, re.M)
    lines = [prompted or inline for prompted, inline in found]
    mine = [line for line in lines if line.split()[0] in PROGRAMS and len(line.split()) > 1]
    return [line for line in dict.fromkeys(mine) if "COMMAND" not in line]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user who has agreed to the camera."""
    home = tmp_path_factory.mktemp("home")
    agree(home)
    return home


@pytest.fixture(scope="module")
def camera() -> Iterator[MjpegServer]:
    with serving() as server:
        server.film, server.picture_s = upright_film(), 0.1
        yield server


class User:
    """Types commands; the monitor goes on in another terminal."""

    def __init__(self, home: Path) -> None:
        kept = home_environment(home)
        gone = {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"}
        self.environment = {name: value for name, value in kept.items() if name not in gone}
        # What would open a page.
        self.environment |= {"BROWSER": "true", "PYTHONPATH": str(ROOT), "TZ": "Europe/Berlin"}
        self.home = home
        self.monitor: subprocess.Popen[str] | None = None

    def words(self, command: str) -> list[str]:
        program, *words = command.split()
        mine = {"posture": [sys.executable, "-m", "posture"], "python": [sys.executable]}
        return [*mine[program], *words]

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        scripts = command.startswith("python")
        return subprocess.run(
            self.words(command),
            cwd=ROOT if scripts else self.home,
            env=self.environment,
            input="y\n",
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def start(self, command: str) -> None:
        self.monitor = subprocess.Popen(
            self.words(command),
            cwd=self.home,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        until = time.monotonic() + PATIENCE_S
        while self.type("posture status").returncode:
            assert self.monitor.poll() is None, self.monitor.communicate()
            assert time.monotonic() < until

    def leave(self) -> None:
        if self.monitor is not None:
            try:
                self.monitor.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                self.monitor.kill()
                self.monitor.communicate()


def test_every_command_works_in_the_order_of_the_readme(home: Path, camera: MjpegServer) -> None:
    user = User(home)
    assert user.type(f"posture config set camera.source {camera.url}").returncode == 0
    failed = []
    try:
        for command in commands():
            if command in ELSEWHERE or command in NO_COMMANDS or command in blocks():
                continue
            if command == "posture run":
                user.start(command)
                continue
            done = user.type(command)
            if done.returncode != ENDINGS.get(command, 0) or "Traceback" in done.stderr:
                failed.append((command, done.returncode, done.stdout, done.stderr))
    finally:
        user.leave()

    assert failed == []
    # The last thing it says is how to stop it.
    assert user.monitor is not None
    assert user.monitor.returncode == 0


def test_what_is_tried_elsewhere_really_is() -> None:
    assert set(ELSEWHERE) <= set(commands())
    for file, words in ELSEWHERE.values():
        assert words in (ROOT / file).read_text(encoding="utf-8"), (file, words)


def plain(line: str) -> str:
    """*line* without what differs from run to run: figures, and the lengths of bars."""
    return " ".join(re.sub(r"[█▒▓·]{2,}", "▒", re.sub(r"\d+", "0", line)).split())


def test_the_demo_says_what_the_readme_shows(tmp_path: Path) -> None:
    user = User(tmp_path)
    done = user.type("python scripts/run.py --speed max --no-tray")
    assert done.returncode == 0, done.stderr
    came = iter([plain(line) for line in done.stdout.splitlines()])
    _, _, shown = README.partition("$ python scripts/run.py\n")
    lines = shown.partition("```")[0].splitlines()
    program = lines[lines.index("posture: ready.") + 1 :]

    assert len(program) > 20
    # Each in its turn; "…" stands for what is left out.
    assert [line for line in program if line != "…" and plain(line) not in came] == []


def test_the_set_up_says_what_the_readme_shows() -> None:
    script = (ROOT / "scripts" / "environment.py").read_text(encoding="utf-8")
    said = [
        re.sub(r"\\{\w+\\}", ".+", re.escape(text))
        for text in re.findall(r'\bsay\(f?"(.+)"\)', script)
    ]
    shown = [line for line in README.splitlines() if line.startswith("posture: ")]

    assert len(shown) == 3
    texts = [line.removeprefix("posture: ") for line in shown]
    assert [line for line in texts if not any(re.fullmatch(one, line) for one in said)] == []
