"""The settings file as a running program follows it: what is changed there holds at once."""

from __future__ import annotations

from pathlib import Path

from posture.settings import Settings, describe
from posture.settings_file import load

_Signature = tuple[int, int, int]


class LiveSettings:
    """Looks at the file again and again; ``now`` is what holds.

    A change is taken up when the file looks the same twice: some editors write in several steps.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self.now = settings
        self._taken = self._seen = _signature(path)

    def fresh(self) -> Settings | None:
        """The settings of a file that changed since the last look.

        Raises SettingsError once for a file that cannot be used; what held goes on.
        """
        before, self._seen = self._seen, _signature(self.path)
        if self._seen != before or self._seen == self._taken:
            return None
        self._taken = self._seen
        self.now = load(self.path)
        return self.now

    def keep(self, settings: Settings) -> None:
        """The program wrote the file itself."""
        self.now = settings
        self._taken = self._seen = _signature(self.path)


def _signature(path: Path) -> _Signature | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


# Switched on they wait for the next start; switched off they end at once.
_OFF_AT_ONCE = frozenset({"mqtt.enabled", "activitywatch.enabled"})


def waiting(before: Settings, after: Settings) -> tuple[str, ...]:
    """The settings changed between two that hold only from the next start on."""
    return tuple(
        one.name
        for one in describe()
        if one.spec.at_start
        and before.get(one.name) != after.get(one.name)
        and (after.get(one.name) or one.name not in _OFF_AT_ONCE)
    )
