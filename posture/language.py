"""The language of the system the program runs on."""

from __future__ import annotations

import locale
import os

# What Windows calls languages that elsewhere go by their code.
_WINDOWS_NAMES = {"german": "de", "english": "en"}


def system_language() -> str:
    """Two-letter code of the user's language; "en" when the system does not tell."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        named = os.environ.get(variable, "")
        if named:
            return _code(named)
    return _code(locale.getlocale()[0] or "")


def _code(named: str) -> str:
    language = named.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    language = _WINDOWS_NAMES.get(language, language)
    return language if len(language) == 2 else "en"
