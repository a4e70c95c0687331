"""Hours of minutes survive packing, to the stated step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.core.effects import MinuteMeasure
from posture.journal.packing import SPREAD_STEP, STEP, Damaged, pack, unpack
from posture.journal.rows import US_PER_HOUR, US_PER_MINUTE, Minute

NAMES = ["distance_cm", "head_flexion_deg", "score"]
HOUR = 487_000 * US_PER_HOUR

values = st.floats(-500, 500)


@st.composite
def measures(draw: st.DrawFn) -> MinuteMeasure:
    p10, median, p90 = sorted((draw(values), draw(values), draw(values)))
    return MinuteMeasure(median, p10, p90, draw(st.integers(1, 900)))


hours = st.dictionaries(
    st.integers(0, 59),
    st.tuples(st.integers(0, 600), st.dictionaries(st.sampled_from(NAMES), measures())),
)


def minutes_of(
    hour: dict[int, tuple[int, dict[str, MinuteMeasure]]],
) -> list[Minute]:
    return [
        Minute(HOUR + slot * US_PER_MINUTE, tenths / 10, found)
        for slot, (tenths, found) in sorted(hour.items())
    ]


@given(hours)
def test_minutes_come_back_within_half_a_step(
    hour: dict[int, tuple[int, dict[str, MinuteMeasure]]],
) -> None:
    minutes = minutes_of(hour)

    back = unpack(pack(minutes, NAMES.index), HOUR, NAMES.__getitem__)

    assert [(one.minute_us, set(one.measures)) for one in back] == [
        (one.minute_us, set(one.measures)) for one in minutes
    ]
    for before, after in zip(minutes, back, strict=True):
        assert after.valid_s == pytest.approx(before.valid_s)
        for name, measure in before.measures.items():
            found = after.measures[name]
            assert found.n == measure.n
            assert found.median == pytest.approx(measure.median, abs=STEP / 2 + 1e-9)
            for one in ("p10", "p90"):
                assert getattr(found, one) == pytest.approx(
                    getattr(measure, one), abs=SPREAD_STEP / 2 + 1e-9
                )


@given(hours)
def test_packing_again_changes_nothing(
    hour: dict[int, tuple[int, dict[str, MinuteMeasure]]],
) -> None:
    once = unpack(pack(minutes_of(hour), NAMES.index), HOUR, NAMES.__getitem__)

    twice = unpack(pack(once, NAMES.index), HOUR, NAMES.__getitem__)

    assert once == twice


def test_only_the_measures_asked_for_are_read() -> None:
    one = MinuteMeasure(60, 58, 62, 60)
    packed = pack([Minute(HOUR, 60.0, dict.fromkeys(NAMES, one))], NAMES.index)

    (found,) = unpack(packed, HOUR, NAMES.__getitem__, {"score"})

    assert set(found.measures) == {"score"}


@pytest.mark.parametrize("broken", [b"", b"\x09abc", b"\x01not zlib"])
def test_a_broken_hour_is_said_to_be_damaged(broken: bytes) -> None:
    with pytest.raises(Damaged):
        unpack(broken, HOUR, NAMES.__getitem__)


def test_a_cut_hour_is_said_to_be_damaged() -> None:
    whole = pack([Minute(HOUR, 60.0, {"score": MinuteMeasure(60, 58, 62, 60)})], NAMES.index)

    with pytest.raises(Damaged):
        unpack(whole[:-6], HOUR, NAMES.__getitem__)
