"""One setting comes in as typed; the file has it, and its comments still."""

from __future__ import annotations

import os
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from posture.core.described import Value
from posture.errors import SettingsError
from posture.paths import make_private, write_private
from posture.settings import Described, Settings, find, refused
from posture.settings_file import parse, read

_HEADER = "Settings of posture. `posture config show` lists them all.\n"
_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")


def read_value(one: Described, text: str) -> Value:
    """The value that *text*, as typed by the user, has for a setting. Raises SettingsError."""
    value: Value = text
    word = text.strip().lower()
    try:
        if one.kind is bool:
            value = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}[word]
        elif one.kind in (int, float):
            value = one.kind(word)
    except (ValueError, KeyError):
        raise refused(one.name, text, one.allowed, "as typed") from None
    if not one.spec.fits(value, one.kind):
        raise refused(one.name, value, one.allowed, "as typed")
    return value


def set_value(path: Path, name: str, text: str) -> Settings:
    """Set one setting in the file at *path*, keeping its comments; returns what then holds.

    Raises SettingsError when the value, or with it the whole, would not be valid; then the file
    is left as it was.
    """
    one = find(name)
    value = read_value(one, text)
    section, _, key = name.partition(".")
    document = _document(path)
    table = document.get(section)
    if table is None:
        table = tomlkit.table()
        document[section] = table
    table[key] = value
    return _keep(path, document)


def unset_value(path: Path, name: str) -> Settings:
    """Leave one setting to preset and default again; returns what then holds."""
    find(name)
    section, _, key = name.partition(".")
    document = _document(path)
    table = document.get(section)
    if table is not None and key in table:
        del table[key]
    return _keep(path, document)


def _document(path: Path) -> tomlkit.TOMLDocument:
    text = read(path)
    parse(text, str(path))
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise SettingsError(
            f"The settings file {path} is not valid TOML: {error}.", "Correct that line."
        ) from error
    if not text:
        document.add(tomlkit.comment(_HEADER.strip()))
    return document


def _keep(path: Path, document: tomlkit.TOMLDocument) -> Settings:
    text = tomlkit.dumps(document)
    settings = parse(text, str(path))
    make_private(path.parent)
    # Some keep their settings elsewhere, with a link in this place: it stays one.
    write_private(Path(os.path.realpath(path)), text)
    return settings
