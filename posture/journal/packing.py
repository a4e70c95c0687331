"""An hour of minutes in some 700 bytes: integers in columns, differences, zlib.

One row per minute and measure would take some 80 MB a year; this takes about 3.
Medians are kept to :data:`STEP`, well below what the camera can tell (about 1 cm and 3 degrees).
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate
from operator import sub

from posture.core.effects import MinuteMeasure
from posture.journal.rows import US_PER_HOUR, US_PER_MINUTE, Minute

STEP = 0.5
# P10 and P90 are kept by their distance from the median.
SPREAD_STEP = 1.0
_VALID_STEP_S = 0.1
# 1: counts as they are, signed numbers; read, no longer written.
_OLD_FORMAT, _FORMAT = 1, 2
_LIMIT = 32767


class Damaged(ValueError):
    """A packed hour that is not one."""


def pack(minutes: Iterable[Minute], code_of: Callable[[str], int]) -> bytes:
    """Pack the minutes of one hour. ``code_of``: measure name → small whole number."""
    rows = sorted(minutes, key=lambda minute: minute.minute_us)
    names = sorted({name for row in rows for name in row.measures})
    head = [len(rows), len(names), *(code_of(name) for name in names)]
    slots = [row.minute_us % US_PER_HOUR // US_PER_MINUTE for row in rows]
    valid = [round(row.valid_s / _VALID_STEP_S) for row in rows]
    # Most measures were seen as often as the one seen most: what is missing is mostly nothing.
    most = [min(max((m.n for m in row.measures.values()), default=0), _LIMIT) for row in rows]
    missing: list[int] = []
    medians: list[int] = []
    below: list[int] = []
    above: list[int] = []
    for name in names:
        last = 0
        for row, n in zip(rows, most, strict=True):
            one = row.measures.get(name)
            if one is None or one.n <= 0:
                missing.append(n)
                medians.append(0)
                below.append(0)
                above.append(0)
                continue
            median = _steps(one.median, STEP)
            missing.append(n - min(one.n, _LIMIT))
            medians.append(_bounded(median - last))
            below.append(_steps(median * STEP - one.p10, SPREAD_STEP))
            above.append(_steps(one.p90 - median * STEP, SPREAD_STEP))
            last += medians[-1]
    numbers = [*head, *slots, *valid, *most, *missing, *medians, *below, *above]
    return bytes([_FORMAT]) + _squeezed(_planes([_folded(number) for number in numbers]))


def unpack(
    packed: bytes, hour_us: int, name_of: Callable[[int], str], only: Collection[str] | None = None
) -> list[Minute]:
    """The minutes of one packed hour, with the measures named in *only* (None = all).

    Raises :class:`Damaged`.
    """
    try:
        numbers = _numbers(packed)
        n_rows, n_names = numbers[0], numbers[1]
        codes = numbers[2 : 2 + n_names]
        body = numbers[2 + n_names :]
        if packed[0] == _FORMAT:
            body = _with_counts(body, n_rows, n_names)
        if len(body) != n_rows * (2 + 4 * n_names):
            raise Damaged("cut short")
    except (IndexError, ValueError, OverflowError, zlib.error) as error:
        raise Damaged(str(error)) from error
    slots, valid = body[:n_rows], body[n_rows : 2 * n_rows]
    measures: list[dict[str, MinuteMeasure]] = [{} for _ in range(n_rows)]
    for index, code in enumerate(codes):
        name = name_of(code)
        if only is None or name in only:
            _read_column(body, index, n_names, name, measures)
    return [
        Minute(hour_us + slot * US_PER_MINUTE, seconds * _VALID_STEP_S, found)
        for slot, seconds, found in zip(slots, valid, measures, strict=True)
    ]


def _with_counts(body: array[int], n_rows: int, n_names: int) -> array[int]:
    """The body with every measure's count in the place of what it lacks of the greatest."""
    begin, end = 2 * n_rows, (3 + n_names) * n_rows
    most, missing = body[begin : begin + n_rows], body[begin + n_rows : end]
    counts = array("h", map(sub, most * n_names, missing))
    return body[:begin] + counts + body[end:]


def _read_column(
    body: Sequence[int], index: int, n_names: int, name: str, into: list[dict[str, MinuteMeasure]]
) -> None:
    n_rows = len(into)

    def column(block: int) -> Sequence[int]:
        start = n_rows * (2 + block * n_names + index)
        return body[start : start + n_rows]

    medians = accumulate(column(1))
    rows = zip(into, column(0), medians, column(2), column(3), strict=True)
    for found, n, median, below, above in rows:
        if n:
            middle = median * STEP  # halves are exact in binary
            found[name] = MinuteMeasure(
                middle, middle - below * SPREAD_STEP, middle + above * SPREAD_STEP, n
            )


def _steps(value: float, step: float) -> int:
    return _bounded(round(value / step))


def _bounded(number: int) -> int:
    return max(-_LIMIT, min(_LIMIT, number))


def _folded(number: int) -> int:
    """Small numbers of either sign as small numbers without one: 0, -1, 1, -2 → 0, 1, 2, 3."""
    return 2 * number if number >= 0 else -2 * number - 1


def _unfolded(number: int) -> int:
    return -(number + 1 >> 1) if number & 1 else number >> 1


def _squeezed(data: bytes) -> bytes:
    # Made for small values with a random share (zlib.net/manual.html), as these are.
    deflate = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_FILTERED)
    return deflate.compress(data) + deflate.flush()


def _planes(numbers: list[int]) -> bytes:
    """All low bytes, then all high bytes: the high ones are nearly all zero and vanish."""
    raw = array("H", numbers)
    if sys.byteorder == "big":
        raw.byteswap()
    data = raw.tobytes()
    return data[0::2] + data[1::2]


def _numbers(packed: bytes) -> array[int]:
    known = packed[0]
    if known not in (_OLD_FORMAT, _FORMAT):
        raise Damaged(f"unknown format {known}")
    planes = zlib.decompress(packed[1:])
    half = len(planes) // 2
    data = bytearray(len(planes))
    data[0::2] = planes[:half]
    data[1::2] = planes[half:]
    raw = array("h" if known == _OLD_FORMAT else "H")
    raw.frombytes(bytes(data))
    if sys.byteorder == "big":
        raw.byteswap()
    return raw if known == _OLD_FORMAT else array("h", map(_unfolded, raw))
