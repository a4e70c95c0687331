"""Bundle the program with its Python for people who have none: ``python scripts/bundle.py``.

Makes ``dist/posture`` for the system it runs on (Linux, Windows; on macOS ``dist/Posture.app``
too) and tries the result away from this tree: the models, the report page, the demo.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import environment

SPEC = environment.ROOT / "scripts" / "bundling" / "posture.spec"
# What one of the demo's reminders says.
REMINDED = "Stand up for a moment"


def main() -> int:
    """Make the bundle and try it; the exit code says whether it works."""
    parser = argparse.ArgumentParser(description="Bundle posture with its Python.")
    parser.add_argument("--out", type=Path, default=environment.ROOT / "dist", help="where to")
    options = parser.parse_args()
    environment.ensure("bundle")
    with tempfile.TemporaryDirectory(prefix="posture-bundle-") as work:
        where = ["--distpath", str(options.out), "--workpath", work]
        quietly = ["--noconfirm", "--log-level", "ERROR"]
        made = subprocess.run(
            [str(environment.PYTHON), "-m", "PyInstaller", *quietly, *where, str(SPEC)],
            check=False,
        )
    if made.returncode:
        return made.returncode
    program = options.out / "posture" / environment.COMMAND.name
    problem = why_useless(program)
    print(problem or f"{program} works.")
    return 1 if problem else 0


def why_useless(program: Path) -> str | None:
    """What the bundled program fails to do; None: nothing."""
    with tempfile.TemporaryDirectory(prefix="posture-try-") as name:
        home = Path(name)
        for words in (
            ["models", "verify"],
            ["report", "--demo", "--out", "page.html"],
            ["run", "--source", "demo", "--speed", "max", "--no-tray"],
        ):
            done = subprocess.run(
                [str(program.resolve()), *words],
                cwd=home,
                env=own_home(home),
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
            )
            if done.returncode:
                return f"posture {' '.join(words)} fails: {done.stderr}"
        if REMINDED not in done.stdout:
            return f"the demo does not remind:\n{done.stdout}"
    return None


def own_home(home: Path) -> dict[str, str]:
    """The environment of a user whose home is *home*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    places = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
    return kept | dict.fromkeys(places, str(home))


if __name__ == "__main__":
    sys.exit(main())
