"""Settings: described once, checked with the name, the value and what is allowed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from posture.core.described import Form, Hours, Preset, hours, setting, weekdays
from posture.core.policy import Policy
from posture.core.thresholds import BANDED, Bounds, Thresholds
from posture.errors import SettingsError
from posture.settings import Settings, describe, find
from posture.settings_edit import set_value, unset_value
from posture.settings_file import load, parse


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = load(tmp_path / "settings.toml")

    assert settings == Settings()
    assert settings.policy("en") == Policy()


def test_a_file_overrides_only_what_it_names() -> None:
    settings = parse("[sitting]\nnudge_min = 45\n[eyes]\nenabled = false\n", "here")

    assert settings.sitting.nudge_min == 45.0
    assert isinstance(settings.sitting.nudge_min, float)
    assert settings.sitting.repeat_min == 15.0
    assert not settings.policy("en").eyes.enabled
    assert settings.given == {"sitting.nudge_min", "eyes.enabled"}


def test_a_preset_lies_below_the_users_own_values() -> None:
    settings = parse('[general]\npreset = "strict"\n[sitting]\nnudge_min = 50\n', "here")

    assert settings.sitting.nudge_min == 50.0
    assert settings.posture.limit_s == 45.0
    assert settings.thresholds.scale == 0.85


def test_the_rhythm_preset_is_twenty_eight_two() -> None:
    policy = parse('[general]\npreset = "20-8-2"\n', "here").policy("en")

    assert policy.sitting.nudge_min == 20.0
    assert policy.standing.long_min == 8.0
    assert policy.standing.then_move_min == 2.0


@pytest.mark.parametrize("preset", Preset)
def test_every_preset_is_valid_as_a_whole(preset: Preset) -> None:
    settings = parse(f'[general]\npreset = "{preset}"\n', "here")

    for one in describe():
        assert settings.get(one.name) == (
            preset.value if one.name == "general.preset" else one.presets.get(preset, one.default)
        )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[sitting]\nnudge_mins = 45", ["sitting.nudge_mins", "sitting.nudge_min?"]),
        ("[siting]\nnudge_min = 45", ["[siting]"]),
        ("sitting = 3", ["sitting", "section"]),
        ("[sitting]\nnudge_min = '45'", ["sitting.nudge_min", "'45'", "5 to 240 min"]),
        ("[sitting]\nnudge_min = true", ["sitting.nudge_min", "True", "5 to 240 min"]),
        ("[sitting]\nnudge_min = 4.9", ["sitting.nudge_min", "4.9", "5 to 240 min"]),
        ("[sitting]\nnudge_min = nan", ["sitting.nudge_min", "nan", "5 to 240 min"]),
        ("[sitting]\nnudge_min = inf", ["sitting.nudge_min", "inf"]),
        ("[sitting]\nrepeats = 2.5", ["sitting.repeats", "2.5", "whole number"]),
        ("[eyes]\nenabled = 1", ["eyes.enabled", "1", "true or false"]),
        ("[general]\npreset = 'lazy'", ["general.preset", "'lazy'", "gentle"]),
        ("[silence]\nquiet_hours = '25:00-07:00'", ["silence.quiet_hours", "HH:MM-HH:MM"]),
        ("[silence]\nworking_days = 'mon-fry'", ["silence.working_days", "mon-fri"]),
        ("[lunch]\nhours = ''", ["lunch.hours"]),
        ("[thresholds]\nslump_warn_cm = 5", ["thresholds.slump_warn_cm", "below", "4"]),
        ("[thresholds]\nnear_warn_cm = 35", ["thresholds.near_warn_cm", "above", "40"]),
        ("[daily]\nfirst_h = 9", ["daily.second_h", "first_h"]),
        ("[sitting]\nmin_break_s = 400", ["sitting.min_break_s", "break_min"]),
        ("[posture]\nlimit_s = 200", ["posture.limit_s", "warn_s"]),
        ("[standing]\ngoal_h = 5", ["standing.goal_h", "goal_max_h"]),
        ('[camera]\nsource = "a\\u0000b"', ["camera.source"]),
        ("[sitting\n", ["not valid TOML"]),
    ],
)
def test_a_bad_value_is_refused_in_one_line_that_names_it(text: str, words: list[str]) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(text, "my.toml")

    line = str(refused.value)
    assert "\n" not in line
    for word in words:
        assert word in line


def test_a_setting_is_written_back_with_the_comments_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("# mine\n[sitting]\nnudge_min = 45 # a short hour\nrepeats = 1\n", "utf-8")

    settings = set_value(path, "sitting.nudge_min", "50")

    text = path.read_text("utf-8")
    assert text.startswith("# mine\n")
    assert "# a short hour" in text
    assert settings == load(path)
    assert (settings.sitting.nudge_min, settings.sitting.repeats) == (50.0, 1)


def test_a_new_file_is_private_and_a_value_can_be_unset(tmp_path: Path) -> None:
    path = tmp_path / "posture" / "settings.toml"
    set_value(path, "eyes.enabled", "off")
    set_value(path, "camera.source", "Logitech BRIO")
    set_value(path, "posture.max_per_hour", "2")

    settings = unset_value(path, "eyes.enabled")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert settings.eyes.enabled
    assert settings.camera.source == "Logitech BRIO"
    assert settings.given == {"camera.source", "posture.max_per_hour"}
    assert [p.name for p in path.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sitting.nudge_min", "soon"),
        ("sitting.nudge_min", "1000"),
        ("thresholds.slump_warn_cm", "9"),
        ("eyes.enabled", "perhaps"),
        ("nudge_min", "45"),
    ],
)
def test_a_refused_value_leaves_the_file_alone(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[sitting]\nnudge_min = 45\n", "utf-8")

    with pytest.raises(SettingsError, match=name.rpartition(".")[2]):
        set_value(path, name, text)

    assert path.read_text("utf-8") == "[sitting]\nnudge_min = 45\n"


def test_a_damaged_file_is_neither_read_nor_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe not text")

    with pytest.raises(SettingsError, match="cannot be read"):
        load(path)
    with pytest.raises(SettingsError, match="cannot be read"):
        set_value(path, "eyes.enabled", "off")

    assert path.read_bytes() == b"\xff\xfe not text"


def test_every_setting_is_described_and_its_default_fits() -> None:
    names = [one.name for one in describe()]

    assert len(names) == len(set(names))
    for one in describe():
        assert one.help.endswith("."), one.name
        assert one.spec.fits(one.default, one.kind), one.name
        assert all(one.spec.fits(value, one.kind) for value in one.presets.values()), one.name
        if one.kind in (int, float) and not one.name.endswith(_WITHOUT_UNIT):
            assert one.unit, f"{one.name} needs a unit"


_WITHOUT_UNIT = (
    ".port",
    "_per_hour",
    "repeats",
    "credit",
    "scale",
    "max_ignored",
    "learn_step",
    "learn_max",
)


def test_a_unit_is_in_the_name() -> None:
    suffixes = {"min": "_min", "s": "_s", "cm": "_cm", "deg": "_deg", "h": "_h", "days": "_days"}
    for one in describe():
        assert one.name.endswith(suffixes.get(one.unit, "")), one.name


def test_an_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"Did you mean eyes\.near_min"):
        find("eyes.near_mins")


def test_the_language_follows_the_system_or_the_user() -> None:
    assert Settings().policy("de").language == "de"
    assert Settings().policy("xx").language == "en"
    assert parse("[general]\nlanguage = 'en'", "here").policy("de").language == "en"


def test_thresholds_scale_and_soften() -> None:
    thresholds = Thresholds(scale=1.2).softened({"slump_cm": 1.5, "near_cm": 1.25})

    slump = thresholds.band("slump_cm")
    assert (slump.warn, slump.limit) == pytest.approx((4.5, 7.2))
    assert thresholds.band("near_cm") == Bounds(40.0, 32.0)
    assert thresholds.band("trunk_lateral_deg") == Bounds(12.0, 18.0)
    assert all(Thresholds().band(name).warn > 0 for name in BANDED)


def test_hours_may_lie_across_midnight() -> None:
    night = hours("22:00-07:00")

    assert night is not None
    assert night == Hours(1320, 420)
    assert [night.holds(minute) for minute in (1319, 1320, 0, 419, 420)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert hours("") is None
    assert hours("09:00-09:00") is None


def test_days_may_lie_across_the_weekend() -> None:
    assert weekdays("mon-fri") == frozenset(range(5))
    assert weekdays("sat-mon") == frozenset({5, 6, 0})
    assert weekdays("Mon, wed ,sun") == frozenset({0, 2, 6})
    assert weekdays("noday") is None


def test_a_number_without_bounds_is_no_setting() -> None:
    with pytest.raises(ValueError, match="lo and hi"):
        setting(1.0, "Anything.")
    assert setting("", "A text.", form=Form.FREE) is not None
