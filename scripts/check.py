"""Check everything: ``python scripts/check.py [--no-wheel] [STEP ...]``.

Style, types, tests (the documents are among them), and the package as a user would install it.
``--no-wheel`` (or ``--fast``) leaves the package out, which needs the package index and a minute.
"""

import argparse
import dataclasses
import os
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import environment


class StepFailedError(Exception):
    """A step found something; the text is what to show."""


@dataclasses.dataclass(frozen=True)
class Result:
    """One finished step."""

    name: str
    ok: bool
    seconds: float


def main() -> int:
    """Run every step, even after a failure; print the table; return 1 if any step failed."""
    steps: dict[str, Callable[[], object]] = {
        "ruff check": lambda: tool("ruff", "check", "."),
        "ruff format": lambda: tool("ruff", "format", "--check", "."),
        "mypy": lambda: tool("mypy"),
        "pytest": lambda: tool("pytest"),
        "package": check_package,
    }
    parser = argparse.ArgumentParser(description="Check style, types, tests and the package.")
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"only: {', '.join(steps)}")
    parser.add_argument(
        "--no-wheel", "--fast", dest="wheel", action="store_false", help="leave the package out"
    )
    options = parser.parse_args()
    unknown = set(options.steps) - set(steps)
    if unknown:
        parser.error(f"there is no step {', '.join(sorted(unknown))}")
    environment.ensure("dev")
    os.chdir(environment.ROOT)

    wanted = options.steps or [name for name in steps if options.wheel or name != "package"]
    results = [perform(name, steps[name]) for name in wanted]
    print_table(results)
    return 0 if all(result.ok for result in results) else 1


def perform(name: str, step: Callable[[], object]) -> Result:
    """Run one step and say how it went; what went wrong is shown at once."""
    print(f"{name} ...", flush=True)
    start = time.monotonic()
    try:
        step()
    except StepFailedError as failure:
        print(failure, flush=True)
        ok = False
    else:
        ok = True
    return Result(name, ok, time.monotonic() - start)


def print_table(results: list[Result]) -> None:
    """Print a line per step."""
    print(f"\n{'step':<14}{'result':<8}{'seconds':>8}")
    for result in results:
        print(f"{result.name:<14}{'ok' if result.ok else 'FAILED':<8}{result.seconds:>8.1f}")


def tool(name: str, *arguments: str) -> None:
    """Run one of the development tools of the environment."""
    run([str(environment.PYTHON), "-m", name, *arguments])


def run(
    command: list[str], directory: Path | None = None, env: dict[str, str] | None = None
) -> str:
    """Run *command* and return its output; raises StepFailedError with it on a failure."""
    done = subprocess.run(
        command,
        cwd=directory,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise StepFailedError(f"{done.stdout}\nexit code {done.returncode}: {' '.join(command)}")
    return done.stdout


def check_package() -> None:
    """Build the package, install it as a user would, and use it away from the source tree."""
    with tempfile.TemporaryDirectory(prefix="posture-check-") as name:
        directory = Path(name)
        # The wheel is built from the sdist: that shows the sdist to be whole.
        tool("build", "--outdir", str(directory / "dist"))
        (wheel,) = (directory / "dist").glob("*.whl")
        (sdist,) = (directory / "dist").glob("*.tar.gz")
        check_contents(wheel)
        check_source(sdist)
        use_installed(wheel, directory)


def use_installed(wheel: Path, directory: Path) -> None:
    """Install *wheel* with pipx, without what development needs, and do with it what users do."""
    home = directory / "home"
    home.mkdir()
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "PYTHON", "POSTURE"))
    } | {"HOME": str(home), "PIPX_HOME": str(home / "pipx"), "PIPX_BIN_DIR": str(home / "bin")}
    run([str(environment.PYTHON), "-m", "pipx", "install", str(wheel)], directory, env)
    posture = str(home / "bin" / environment.COMMAND.name)
    for words in ("--version", "--help", "models verify", "completion bash", "config show"):
        run([posture, *words.split()], directory, env)
    run([posture, "report", "--demo", "--out", "page.html"], directory, env)
    told = run(
        [posture, *["run", "--source", "demo", "--speed", "max", "--no-tray"]], directory, env
    )
    if "Stand up for a moment" not in told:
        raise StepFailedError(f"the installed demo does not remind:\n{told}")


def check_source(sdist: Path) -> None:
    """Every file the project keeps is in the sdist: its tests, documents and licences too."""
    with tarfile.open(sdist) as file:
        members = {name.partition("/")[2] for name in file.getnames()}
    kept = run(["git", "ls-files", "-z"]).split("\0")
    absent = sorted(set(kept) - members - {""})
    if absent:
        raise StepFailedError(f"missing in {sdist.name}: {absent}")


def check_contents(wheel: Path) -> None:
    """Every model and licence file of the tree is in the wheel, and nothing but the program."""
    members = set(zipfile.ZipFile(wheel).namelist())
    models = [path.name for path in (environment.ROOT / "models").iterdir()]
    absent = [name for name in models if f"posture/models/{name}" not in members]
    if absent or not any(name.endswith(".task") for name in models):
        raise StepFailedError(f"models missing in {wheel.name}: {absent or '*.task'}")
    if not any(member.endswith("/licenses/LICENSE") for member in members):
        raise StepFailedError(f"LICENSE missing in {wheel.name}")
    strangers = sorted(
        member for member in members if not member.startswith(("posture/", "posture-"))
    )
    if strangers:
        raise StepFailedError(f"not of the program, but in {wheel.name}: {strangers}")


if __name__ == "__main__":
    sys.exit(main())
