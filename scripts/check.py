"""Check everything: ``python scripts/check.py [--no-wheel] [STEP ...]``.

Style, types, tests (the documents are among them), known weaknesses of what is installed, and the
package as a user would install it. ``--no-wheel`` (or ``--fast``) leaves the last two out, which
need the package index and a minute. A step that cannot be done here is passed over, and says why.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import environment

FAILED = "FAILED"
AUDIT_S = 120  # chosen: a slow index is none


class StepFailedError(Exception):
    """A step found something; the text is what to show."""


class PassedOver(Exception):
    """A step cannot be done here; the text says why."""


@dataclasses.dataclass(frozen=True)
class Result:
    """One finished step; ``outcome``: ok, FAILED, or passed over and why."""

    name: str
    outcome: str
    seconds: float


def main() -> int:
    """Run every step, even after a failure; print the table; return 1 if any step failed."""
    steps: dict[str, Callable[[], object]] = {
        "ruff check": lambda: tool("ruff", "check", "."),
        "ruff format": lambda: tool("ruff", "format", "--check", "."),
        "mypy": lambda: tool("mypy"),
        "pytest": lambda: tool("pytest", *environment.SIDE_BY_SIDE),
        "audit": audit,
        "package": check_package,
    }
    parser = argparse.ArgumentParser(description="Check style, types, tests and the package.")
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"only: {', '.join(steps)}")
    parser.add_argument(
        "--no-wheel",
        "--fast",
        dest="online",
        action="store_false",
        help="leave out what needs the package index: audit and package",
    )
    options = parser.parse_args()
    unknown = set(options.steps) - set(steps)
    if unknown:
        parser.error(f"there is no step {', '.join(sorted(unknown))}")
    environment.ensure("dev")
    os.chdir(environment.ROOT)

    wanted = options.steps or [
        name for name in steps if options.online or name not in {"audit", "package"}
    ]
    results = [perform(name, steps[name]) for name in wanted]
    print_table(results)
    return 1 if any(result.outcome == FAILED for result in results) else 0


def perform(name: str, step: Callable[[], object]) -> Result:
    """Run one step and say how it went; what went wrong is shown at once."""
    print(f"{name} ...", flush=True)
    start = time.monotonic()
    try:
        step()
    except StepFailedError as failure:
        print(failure, flush=True)
        outcome = FAILED
    except PassedOver as why:
        outcome = f"passed over: {why}"
    else:
        outcome = "ok"
    return Result(name, outcome, time.monotonic() - start)


def print_table(results: list[Result]) -> None:
    """Print a line per step."""
    print(f"\n{'step':<14}{'seconds':>8}  result")
    for result in results:
        print(f"{result.name:<14}{result.seconds:>8.1f}  {result.outcome}")


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


def audit(*service: str) -> None:
    """Ask the package index for known weaknesses of what a user would install.

    ``service``: options of pip-audit that name another to ask. Raises StepFailedError, PassedOver.
    """
    python = str(environment.PYTHON)
    site = sysconfig.get_path("purelib", vars={"base": str(environment.VENV)})
    options = ["--path", site, "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    try:
        done = subprocess.run(
            [python, "-m", "pip_audit", *options, *service],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=AUDIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PassedOver(f"the package index did not answer for {AUDIT_S} s") from None
    names = run([python, "scripts/licences.py", "--names"]).split()
    judge_audit(done.stdout, done.stderr, names)


def judge_audit(report: str, complaints: str, names: list[str]) -> None:
    """Look for *names* in what pip-audit reports; raises StepFailedError for a weakness.

    Raises PassedOver for no report, and for packages the index tells nothing of: pip-audit itself
    then speaks of no known weaknesses.
    """
    try:
        told = {one["name"].lower(): one for one in json.loads(report)["dependencies"]}
    except (ValueError, KeyError, TypeError):
        last = (complaints.strip().splitlines() or ["it said nothing"])[-1]
        raise PassedOver(f"pip-audit did not work: {last[:200]}") from None
    weak = [
        f"{name} {told[name]['version']}: {weakness['id']}, mended in "
        f"{', '.join(weakness['fix_versions']) or 'no version yet'}"
        for name in names
        for weakness in told.get(name, {}).get("vulns", [])
    ]
    if weak:
        raise StepFailedError("\n".join(weak))
    unknown = [name for name in names if "vulns" not in told.get(name, {})]
    if unknown:
        which = "any package" if len(unknown) == len(names) else ", ".join(unknown)
        raise PassedOver(f"the package index tells no weaknesses of {which}")


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
