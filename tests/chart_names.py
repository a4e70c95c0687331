"""The charts of a report page, in the page's order."""

from __future__ import annotations

OF_A_DAY = ("timeline", "bouts", "distance", "neck")
OF_DAYS = ("days",)
OF_WEEKS = ("week_shape", "trend_good", "trend_upright", "around")
