"""How often a sequence is looked at, and its words."""

from __future__ import annotations

from typing import Final, Literal

# Pictures a second; None = every picture of the file (3 a second). AS_RUN: whenever the running
# program would look.
AS_RUN: Final = "as run"
Rate = float | Literal["as run"] | None
RATES: tuple[Rate, ...] = (None, 1.0, 0.33, AS_RUN)


def rate_name(rate: float | str | None) -> str:
    """*rate* in words."""
    if isinstance(rate, str):
        return "as the program looks"
    return "every picture" if rate is None else f"{rate:g} a second"
