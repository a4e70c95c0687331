"""A year of ten-hour days stays small."""

from __future__ import annotations

from pathlib import Path

from benchmark_journal import LIMITS, megabytes_a_year, ordinary


def test_at_most_ten_megabytes_a_year(tmp_path: Path) -> None:
    """Five working weeks written in batches, as a monitor does, as if 365 days of 10 h."""
    assert megabytes_a_year(tmp_path, ordinary()) <= 0.9 * LIMITS["year_mb"]
