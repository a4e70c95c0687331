"""Write the tables of the documents from the code: `docs.py`, or `docs.py --check`.

A block between `<!-- name -->` and `<!-- end name -->` is replaced by what the code says.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "scripts"))

import docs_reminders  # noqa: E402
from benchmarking import markdown as cost  # noqa: E402
from evaluation import markdown as accuracy  # noqa: E402
from markdown_table import table  # noqa: E402

from posture.cli import COMMANDS  # noqa: E402
from posture.cli.failure import INTERRUPTED_EXIT_CODE  # noqa: E402
from posture.documents import CONTRACT_MEASURES  # noqa: E402
from posture.errors import all_errors  # noqa: E402
from posture.settings import describe  # noqa: E402

DOCUMENTS = (
    "README.md",
    "docs/accuracy.md",
    "docs/cost.md",
    "docs/settings.md",
    "docs/reminders.md",
    "docs/formats.md",
)


def commands() -> str:
    """Every command with its one line."""
    rows = [(f"`posture {name}`", text) for name, (_, text) in COMMANDS.items()]
    return table(("command", "does"), rows)


def exit_codes() -> str:
    """Every exit code with its cause."""
    rows = [("0", "fine"), ("1", "a bug in posture")]
    rows += [(str(error.exit_code), error.summary) for error in all_errors()]
    rows.append((str(INTERRUPTED_EXIT_CODE), "interrupted with Ctrl-C"))
    return table(("code", "cause"), rows)


def settings() -> str:
    """Every setting with default, what is allowed and what it does."""
    rows = [
        (
            f"`{one.name}`",
            f"`{one.default}`{' ' + one.unit if one.unit else ''}",
            one.allowed,
            f"{one.help}{' (†)' if one.spec.at_start else ''}",
        )
        for one in describe()
    ]
    return table(("setting", "default", "allowed", "what it does"), rows)


def measures() -> str:
    """The measures of the analyze object, with what the code says of them."""
    from posture.core.metrics import Metrics  # noqa: PLC0415

    text = " ".join((Metrics.__doc__ or "").split())
    rows = []
    for name in CONTRACT_MEASURES:
        found = re.search(rf"``{name}``: (.+?)\.(?= ``| Raises|$)", text)
        if found is None:
            raise ValueError(f"Metrics' docstring does not say what {name} means")
        rows.append((f"`{name}`", found[1]))
    return table(("field", "meaning"), rows)


def stored(name: str, tell: Callable[[Any], str]) -> Callable[[], str]:
    """*tell* of what a script last found and kept in docs/*name*."""
    return lambda: tell(json.loads((ROOT / "docs" / name).read_text(encoding="utf-8")))


BLOCKS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "exit codes": exit_codes,
    "settings": settings,
    "measures": measures,
    "reminders": docs_reminders.kinds,
    "limits": docs_reminders.limits,
    "sitting clock": docs_reminders.sitting,
    "goal": docs_reminders.goal,
    "tips": docs_reminders.tips,
    "silences": docs_reminders.silences,
    "presets": docs_reminders.presets,
    "accuracy": stored("accuracy.json", accuracy.measured),
    "accuracy goals": stored("accuracy.json", accuracy.goals),
    "accuracy groups": stored("accuracy.json", accuracy.groups),
    "accuracy stress": stored("accuracy.json", accuracy.stress),
    "accuracy labels": stored("accuracy.json", accuracy.labels),
    "accuracy rates": stored("accuracy.json", accuracy.rates),
    "accuracy real": stored("accuracy.json", accuracy.real),
    "accuracy clips": stored("accuracy.json", accuracy.clips),
    **{name: stored("cost.json", tell) for name, tell in cost.BLOCKS.items()},
    "cost slow": stored("cost-slow.json", cost.elsewhere),
}


def written(text: str) -> str:
    """*text* with every block as the code has it."""
    for name, make in BLOCKS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", re.S)
        text = pattern.sub(lambda found: f"{found[1]}{make()}\n{found[2]}", text)  # noqa: B023
    return text


def stale(root: Path = ROOT) -> list[str]:
    """The documents that do not say what the code does."""
    return [
        name
        for name in DOCUMENTS
        if written((root / name).read_text(encoding="utf-8"))
        != (root / name).read_text(encoding="utf-8")
    ]


def main() -> int:
    """Write the documents, or with --check say which are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    if parser.parse_args().check:
        found = stale()
        for name in found:
            print(f"{name} is stale: run python scripts/docs.py")
        return 1 if found else 0
    for name in DOCUMENTS:
        path = ROOT / name
        path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
