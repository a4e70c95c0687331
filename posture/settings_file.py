"""The settings file: a TOML text comes in, checked settings go out.

A preset lies between the defaults and what the user wrote.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from posture.core.described import BadValue, Preset, Value
from posture.errors import SettingsError
from posture.paths import config_dir, may_exist
from posture.plain_file import read_text
from posture.settings import SECTIONS, Settings, describe, find, nearest, refused

# Chosen: far above all settings with comments.
_LARGEST_BYTES = 1_000_000


def settings_path() -> Path:
    """The user's settings file (it may not exist)."""
    return config_dir() / "settings.toml"


def user_settings(chosen: Path | None = None) -> Settings:
    """The settings in the file *chosen*, or the user's own; all defaults where that is absent.

    Raises SettingsError, also for a *chosen* file that does not exist.
    """
    if chosen is not None and not may_exist(chosen):
        raise SettingsError(f"There is no settings file {chosen}.", "Check --config.")
    return load(chosen or settings_path())


def load(path: Path) -> Settings:
    """The settings of the file at *path*; the defaults where there is none.

    Raises SettingsError.
    """
    return parse(read(path), str(path))


def read(path: Path) -> str:
    """The file's text; empty where there is none. Raises SettingsError."""
    try:
        return read_text(path, _LARGEST_BYTES)
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(
            f"The settings file {path} cannot be read: {why}.", "Correct it, or move it away."
        ) from error


def parse(text: str, origin: str) -> Settings:
    """The settings of a TOML text that came from *origin*. Raises SettingsError."""
    try:
        tables = tomllib.loads(text)
    # ValueError: an error with its line, or a number of thousands of digits.
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"The settings file {origin} is not valid TOML: {error}.", "Correct that line."
        ) from error
    given = _flat(tables, origin)
    preset = given.get("general.preset", Preset.STANDARD.value)
    values = _preset_values(str(preset)) | given
    return _build(values, frozenset(given), origin)


def _flat(tables: Mapping[str, object], origin: str) -> dict[str, Value]:
    """Dotted name -> checked value of everything the file sets."""
    found: dict[str, Value] = {}
    names = tuple(one.name for one in describe())
    for section, table in tables.items():
        if section not in SECTIONS:
            raise SettingsError(
                f"There is no section [{section}] in {origin}.", nearest(section, names)
            )
        if not isinstance(table, dict):
            raise SettingsError(
                f"{section} in {origin} must be a section, not {table!r}.",
                f"Write [{section}] on a line of its own and its settings below.",
            )
        for key, value in table.items():
            one = find(f"{section}.{key}")
            if not one.spec.fits(value, one.kind):
                raise refused(one.name, value, one.allowed, origin)
            found[one.name] = float(value) if one.kind is float else value
    return found


def _preset_values(name: str) -> dict[str, Value]:
    preset = Preset(name)
    return {one.name: one.presets[preset] for one in describe() if preset in one.presets}


def _build(values: Mapping[str, Value], given: frozenset[str], origin: str) -> Settings:
    sections: dict[str, Any] = {}
    for section, kind in SECTIONS.items():
        own = {
            name.partition(".")[2]: value
            for name, value in values.items()
            if name.partition(".")[0] == section
        }
        try:
            sections[section] = kind(**cast("dict[str, Any]", own))
        except BadValue as bad:
            raise refused(f"{section}.{bad.name}", bad.value, bad.allowed, origin) from bad
    return Settings(**sections, given=given)
