"""The project's own Python environment: made, repaired and refreshed only when needed.

Standard library only. Imported by the commands beside it. The syntax stays readable for
Python 3.6, so that an old Python can be told that it is old.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is where an old Python learns of it
    sys.exit(
        "posture: Python {}.{} is too old. ".format(*sys.version_info)
        + "Install Python 3.11 or newer and run this again with it."
    )

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = BIN / ("python" + SUFFIX)
COMMAND = BIN / ("posture" + SUFFIX)
# The tests wait more than they work: for windows, services and each other's seconds. More than four
# processes would make them wait for the processor (chosen).
SIDE_BY_SIDE = ("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")
LOCK = VENV / "posture-setup.lock"
UNFINISHED = VENV / "posture-setup-unfinished"
PIP_LOG = VENV / "posture-pip.log"

# What pip says, in its words and in ours. The first that is found is told.
CAUSES = [
    (
        "No space left on device",
        "the disk is full",
        "Free about 1 GB and run this again.",
    ),
    (
        "ensurepip",
        "this Python cannot make environments",
        "On Debian or Ubuntu: sudo apt install python3-venv. Then run this again.",
    ),
    (
        "Permission denied",
        "the project folder cannot be written to",
        "Make it writable, or copy the project to a folder of yours.",
    ),
    (
        "NewConnectionError|NameResolutionError|Failed to establish a new connection|ProxyError"
        "|ConnectTimeoutError|ReadTimeoutError|Max retries exceeded|Connection aborted"
        "|ConnectionResetError|Temporary failure in name resolution",
        "no connection to the package index",
        "Connect to the internet and run this again.",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED|SSLError",
        "the package index's certificate is not trusted here",
        "Check the date of this machine and its certificates, then run this again.",
    ),
    (
        "No matching distribution found|is not a supported wheel",
        "a needed package does not exist for this Python or machine",
        "Try a 64-bit Python 3.11, 3.12 or 3.13.",
    ),
]


def say(text: str) -> None:
    """Tell the user one line. On stderr: stdout belongs to the program."""
    print(f"posture: {text}", file=sys.stderr, flush=True)


def fail(what: str, do: str) -> NoReturn:
    """End with one line: what happened and what to do."""
    say(f"{what}. {do}")
    sys.exit(1)


def ensure(extra: str = "") -> None:
    """Have ``.venv`` hold the project, editable, with the dependencies of *extra*.

    Does nothing, fast, when that is so already. Safe to call from two processes at once.
    """
    if is_ready(extra):
        return
    try:
        VENV.mkdir(exist_ok=True)
        with exclusive():
            if is_ready(extra):  # another process has just done it
                return
            make_sound()
            install(extra)
    except KeyboardInterrupt:
        say("stopped. Run this again to finish the set-up.")
        sys.exit(130)
    except OSError as error:
        what, do = explain(str(error))
        fail(f"the set-up in {VENV} failed: {what}", do)


def is_ready(extra: str) -> bool:
    """Whether the last install for *extra* finished and nothing has changed since."""
    if UNFINISHED.exists() or not PYTHON.exists() or not COMMAND.exists():
        return False
    stamp = stamp_of(extra)
    return stamp.exists() and stamp.read_text(encoding="utf-8") == wanted()


def stamp_of(extra: str) -> Path:
    """Return the file which says for what *extra* was last installed."""
    return VENV / f"posture-installed-{extra or 'run'}"


def wanted() -> str:
    """Return what an install depends on: the project file, this Python, the project's place."""
    project = (ROOT / "pyproject.toml").read_bytes()
    return "\n".join([hashlib.sha256(project).hexdigest(), sys.version, str(ROOT)])


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Hold the set-up lock; wait for another process that holds it."""
    with LOCK.open("a") as file:
        if not try_lock(file.fileno(), wait=False):
            say("another set-up is at work here; waiting for it...")
            while not try_lock(file.fileno(), wait=True):
                pass
        yield  # closing the file gives the lock back


if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int, wait: bool) -> bool:
        """Lock the file; False if another process has it (after 10 s with *wait*)."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def try_lock(descriptor: int, wait: bool) -> bool:
        """Lock the file; False if another process has it and *wait* is not asked for."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def make_sound() -> None:
    """Leave a working environment of this Python in ``.venv``, new if what is there is not."""
    if not UNFINISHED.exists() and works():
        return
    leftovers = [path for path in VENV.iterdir() if path != LOCK]
    if leftovers:
        say("repairing .venv, which is incomplete or made for another Python...")
    for path in leftovers:
        # The mark goes last: an interrupted repair is still a repair to do.
        if path != UNFINISHED:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    UNFINISHED.touch()
    say("making a Python environment in .venv...")
    # Inside a virtual environment the base Python makes the new one: ours may be just removed.
    python = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run(
        [python, "-m", "venv", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        what, do = explain(made.stdout)
        fail(f"cannot make a Python environment: {what}", do)


def works() -> bool:
    """Whether the environment's Python starts, is of this version and has pip."""
    if not PYTHON.exists():
        return False
    code = "import sys, pip; print(sys.version)"
    try:
        answer = subprocess.run(
            [str(PYTHON), "-c", code], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == sys.version


def install(extra: str) -> None:
    """Install the project, editable, with its dependencies."""
    UNFINISHED.touch()
    purpose = "testing" if extra else "the program"
    again = stamp_of(extra).exists()
    remark = "the project file changed" if again else "the first time takes about a minute"
    say(f"installing what {purpose} needs ({remark})...")
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    if PIP_LOG.exists():
        PIP_LOG.unlink()
    code, output = run_pip(
        ["install", "--no-input", "--retries", "2", "--log", str(PIP_LOG), "--editable", target]
    )
    UNFINISHED.unlink()
    if code != 0:
        if PIP_LOG.exists():  # what went wrong while building is told there only
            output += PIP_LOG.read_text(encoding="utf-8", errors="replace")
        what, do = explain(output)
        fail(f"cannot install what is needed: {what}", f"{do} pip's full log: {PIP_LOG}")
    for stamp in {stamp_of(extra), stamp_of("")}:
        stamp.write_text(wanted(), encoding="utf-8")
    say("ready.")


def run_pip(arguments: list[str]) -> tuple[int, str]:
    """Run pip, telling what it fetches; return its exit code and all it said."""
    # A user's own "user = true" must not lead the install out of the environment.
    environment = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    said = []
    with subprocess.Popen(
        [str(PYTHON), "-m", "pip", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line)
            fetched = re.match(r"\s*Downloading (?:\S*/)?([^\s/-]+)-\S+ \(([\d.]+ [kM]B)\)", line)
            if fetched:
                say("  fetching {} ({})".format(*fetched.groups()))
            elif line.startswith("Installing collected packages"):
                say("  unpacking...")
    return pip.returncode, "".join(said)


def explain(output: str) -> tuple[str, str]:
    """Return what happened and what to do: in plain words for a known cause, else as it was said.

    *output*: all that was said, pip's log included.
    """
    for pattern, what, do in CAUSES:
        if re.search(pattern, output):
            return what, do
    # pip's log has a date before each line, and sums up with errors that say nothing.
    errors = re.findall(r"(?m)^(?:\S+ +)?ERROR: (?!\[present)(.+)", output)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said = [*errors[-1:], *lines[-1:], "it ended without a word"][0]
    return said.rstrip("."), "Mend that and run this again."


def become(command: list[str]) -> NoReturn:
    """Go on as *command*; where a process cannot be replaced, pass on its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    with subprocess.Popen(command) as child:
        while True:
            try:
                sys.exit(child.wait())
            except KeyboardInterrupt:
                continue  # the child heard Ctrl-C as well and ends in its own way
