"""The whole program watched from outside: no internet, no picture kept, nothing left behind."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import mediapipe
import numpy as np
import pytest
from at_home import ROOT, home_environment
from fake_camera import close_film, upright_film
from fakes import RecordingServer, serving
from stage import LONG_S, Hands, private_bus, until, x_server
from system_calls import Call, below, calls, traced
from test_highgui import ask_to_close

from posture import calibration_file
from posture.cli.calibrate import take
from posture.plan import demo_facts
from posture.sense.opencv import cv2
from posture.sense.window import Window

SETTINGS = (
    "[close]\nlimit_s = 3.0\n\n[lunch]\nenabled = false\n\n"
    "[reminders]\nspacing_s = 0.0\ndefer_s = 0.0\n"
)
# JPEG, PNG, WebP and AVI, GIF, BMP, MP4 (after its length), Matroska.
PICTURES = re.compile(rb"\xff\xd8\xff|\x89PNG|RIFF|GIF8|BM|.{4}ftyp|\x1a\x45\xdf\xa3", re.S)
# Half a minute of log and memory; a second of small grey pictures has more.
MOST_BYTES = 10 * 640 * 480


@dataclass
class Watched:
    """What the system was asked for; the modes of all files while it ran; what is left."""

    home: Path
    calls: list[Call]
    modes: dict[str, int]
    shown: str

    def named(self, *names: str) -> list[Call]:
        return [call for call in self.calls if call.name in names]

    def written(self) -> dict[str, int]:
        """Bytes written to each file; pipes and the like are none."""
        total: Counter[str] = Counter()
        for call in self.named("write", "pwrite64"):
            if call.target.startswith("/") and not call.target.startswith("/dev/"):
                total[call.target] += max(call.returned, 0)
        return dict(total)


def film_of(path: Path, jpegs: Sequence[bytes]) -> Path:
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), 10, (640, 480)
    )
    for one in jpegs:
        picture = cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        writer.write(cv2.resize(picture, (640, 480)))
    writer.release()
    return path


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A run with icon, notification and preview, and the questions asked of it meanwhile."""
    outside, home = tmp_path_factory.mktemp("outside"), tmp_path_factory.mktemp("home")
    near = close_film()[:20]
    film = film_of(outside / "film.mp4", [*upright_film()[:20], *(near + near[::-1]) * 30])
    with ExitStack() as stack:
        address = stack.enter_context(private_bus(outside))
        display = stack.enter_context(x_server())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        patch.setenv("DISPLAY", display)
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        server = RecordingServer(["actions", "body"])
        stack.enter_context(
            serving("org.freedesktop.Notifications", {"/org/freedesktop/Notifications": server})
        )
        screen = stack.enter_context(closing(Hands(display)))
        (home / "tmp").mkdir(mode=0o700)
        env = home_environment(home) | {"TMPDIR": str(home / "tmp")}
        settle_in(home)

        def command(*words: str) -> list[str]:
            own = [sys.executable, "-m", "posture", *words]
            report = outside / f"{words[0]}.strace"
            return traced(report, own)

        def ask(*words: str) -> None:
            subprocess.run(command(*words), env=env, cwd=ROOT, check=True, capture_output=True)

        monitor = subprocess.Popen(
            command("run", "--source", str(film)), env=env, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        stack.callback(monitor.wait)
        stack.callback(monitor.kill)
        shown = server.shown.get(timeout=3 * LONG_S).title
        ask("preview")
        until(lambda: "Posture - Preview" in screen.titles(), "the preview", within_s=LONG_S)
        modes = {str(path): stat.S_IMODE(path.stat().st_mode) for path in own_files(home)}
        ask_to_close(display, "Posture - Preview")
        for words in ("status", "pause", "resume", "report", "log", "stop"):
            ask(words)
        assert monitor.wait(LONG_S) == 0
    made = [call for report in sorted(outside.glob("*.strace")) for call in calls(report)]
    return Watched(home, made, modes, shown)


def settle_in(home: Path) -> None:
    folder = home / "config" / "posture"
    (folder / "calibrations").mkdir(parents=True, mode=0o700)
    (folder / "settings.toml").write_text(SETTINGS)
    facts = demo_facts()
    neutral = take("demo", Window(0.0, facts.calibrate_s), facts.distance_cm, "default")
    calibration_file.save(neutral, folder / "calibrations" / "default.json")


def own_files(home: Path) -> list[Path]:
    """What the program has made: its log, memory, lock and control channel."""
    roots = [home / "data" / "posture", home / "run" / "posture"]
    return [path for root in roots for path in [root, *root.rglob("*")]]


def test_the_run_was_a_whole_one(watched: Watched) -> None:
    """Nothing below proves anything unless the trace has seen everything."""
    started = [call.arguments for call in watched.named("execve") if call.returned == 0]
    assert watched.shown == "Close to the screen"
    assert sum("posture.sense.worker" in words for words in started) == 1
    assert sum('"preview", "--follow"' in words for words in started) == 1
    assert any(call.path.endswith("libmediapipe.so") for call in watched.named("openat"))
    assert len(watched.named("socket")) >= 5
    assert watched.written()[str(watched.home / "data" / "posture" / "posture.db-wal")] > 0


def test_no_internet_socket_is_opened(watched: Watched) -> None:
    for call in watched.named("socket", "socketpair"):
        assert call.arguments.startswith("AF_UNIX,"), call
    for call in watched.named("connect", "bind"):
        assert "sa_family=AF_UNIX" in call.arguments, call
    for call in watched.named("sendto", "sendmsg", "sendmmsg"):
        assert "AF_INET" not in call.arguments, call


def test_no_name_is_looked_up(watched: Watched) -> None:
    asked = [call.path for call in watched.named("open", "openat", "openat2")]
    names = ("resolv.conf", "libnss_dns", "libresolv", "/etc/hosts", "libnss_resolve")

    assert asked
    assert [path for path in asked if any(name in path for name in names)] == []


def test_no_microphone_and_no_keyboard_is_opened(watched: Watched) -> None:
    """Nor asked for from a sound service. That keys were pressed is what the X server tells."""
    opened = [call.path for call in watched.named("open", "openat", "openat2")]
    devices = ("/dev/snd", "/dev/input", "/dev/uinput", "/dev/audio", "/dev/dsp", "/dev/hidraw")
    services = ("/pulse/native", "/pipewire-", "/run/jack")

    assert [path for path in opened if path.startswith(devices)] == []
    for call in watched.named("connect"):
        assert not any(name in call.arguments for name in services), call


def test_files_are_made_in_the_users_home_alone(watched: Watched) -> None:
    strangers = [
        call
        for call in watched.calls
        if call.changes_a_file
        and call.returned >= 0
        and not below(call.path, watched.home)
        and not call.path.startswith(("/dev/", "/proc/self/"))
    ]
    assert strangers == []
    assert all(below(call.path, watched.home) for call in watched.named("mkdir", "mkdirat"))
    # A window's surface may be shared with the X server, in memory.
    assert all("posture" not in call.arguments for call in watched.named("memfd_create"))


def test_no_picture_is_written(watched: Watched) -> None:
    written = watched.written()
    report = watched.home / "data" / "posture" / "reports"
    # The page has its own small drawings; nothing else comes near the size of a picture.
    logged = {path: n for path, n in written.items() if not below(path, report)}
    assert logged
    assert sum(logged.values()) < MOST_BYTES
    for call in watched.named("write", "pwrite64"):
        if call.target in written:
            assert not PICTURES.match(call.written), call
    for path in watched.home.rglob("*"):
        if path.is_file():
            assert not PICTURES.match(path.read_bytes()[:16]), path


def test_everything_is_the_users_alone(watched: Watched) -> None:
    sockets = [path for path in watched.modes if path.endswith(".sock")]
    assert len(sockets) == 1
    assert watched.modes[sockets[0]] == 0o600
    assert {path: mode for path, mode in watched.modes.items() if mode & 0o077} == {}
    assert watched.modes[str(watched.home / "run" / "posture")] == 0o700
    assert watched.modes[str(watched.home / "data" / "posture")] == 0o700


def test_nothing_is_left_behind(watched: Watched) -> None:
    assert list((watched.home / "tmp").iterdir()) == []
    assert list((watched.home / "run").rglob("*.sock")) == []
    left = {path.name for path in own_files(watched.home) if path.is_file()}
    assert left <= {"posture.db", "memory.json", "monitor.lock"} | {
        name for name in left if name.endswith(".html")
    }


NETWORK = re.compile(
    rb"\0(socket|connect|sendto|getaddrinfo|gethostbyname|curl_easy_init|SSL_connect)[@\0]"
)


def test_mediapipe_cannot_reach_the_network() -> None:
    """What a library wants from the system must be named in it, and these names are not."""
    folder = Path(mediapipe.__file__).parent
    libraries = [path for path in folder.rglob("*") if path.suffix in {".so", ".pyd", ".dll"}]
    assert libraries
    for path in libraries:
        assert NETWORK.findall(path.read_bytes()) == [], path


def test_a_library_that_can_would_have_been_found() -> None:
    """Python's own, wherever this one keeps it."""
    module = sys.modules["_socket"]
    own = getattr(module, "__file__", None) or f"/proc/{os.getpid()}/exe"
    assert b"connect" in NETWORK.findall(Path(own).read_bytes())


def test_mediapipe_is_pinned_to_the_release_that_was_checked() -> None:
    line = next(
        line for line in (ROOT / "pyproject.toml").read_text().splitlines() if '"mediapipe' in line
    )
    assert line.strip() == f'"mediapipe=={mediapipe.__version__}",'


def test_the_trace_would_have_told(tmp_path: Path) -> None:
    """An internet socket, a name looked up, a keyboard, a picture elsewhere: all are seen."""
    wrong = tmp_path / "wrong.jpg"
    code = (
        "import socket, sys, contextlib\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.connect(('127.0.0.1', 9)); s.send(b'x')\n"
        "open(sys.argv[1], 'wb').write(b'\\xff\\xd8\\xff\\xe0')\n"
        "with contextlib.suppress(OSError): socket.getaddrinfo('posture.invalid', 80)\n"
        "with contextlib.suppress(OSError): open('/dev/input/event0')\n"
    )
    report = tmp_path / "report"
    subprocess.run(traced(report, [sys.executable, "-c", code, str(wrong)]), check=True)
    caught = Watched(tmp_path / "home", list(calls(report)), {}, "")

    for test in (
        test_no_internet_socket_is_opened,
        test_no_name_is_looked_up,
        test_no_microphone_and_no_keyboard_is_opened,
        test_files_are_made_in_the_users_home_alone,
        test_no_picture_is_written,
    ):
        with pytest.raises(AssertionError):
            test(caught)
    assert any(PICTURES.match(call.written) for call in caught.named("write"))
    assert os.fspath(wrong) in caught.written()
