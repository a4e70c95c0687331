"""A journal that tells its user how it fares: each trouble once, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

from posture.core.effects import Effect
from posture.journal import troubles
from posture.journal.store import Journal, JournalState


class OutspokenJournal:
    """Records through *journal*, closes it, and passes what the user should know to *say*."""

    def __init__(self, journal: Journal, say: Callable[[str], None]) -> None:
        self._journal = journal
        self._say = say
        self._said: str | None = None
        self._lost = 0
        self._tell(journal.state)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def record(self, effects: Sequence[Effect]) -> JournalState:
        """Record *effects* and tell what is new."""
        state = self._journal.record(effects)
        self._tell(state)
        return state

    def close(self) -> None:
        """Write what waits and let go of the file; tell what could not be written."""
        state = self._journal.close()
        self._tell(state)
        if state.waiting:
            self._say(troubles.unwritten(state.waiting))

    def _tell(self, state: JournalState) -> None:
        for notice in self._journal.take_notices():
            self._say(notice)
        if state.message != self._said:
            self._say(state.message or troubles.over(state.lost))
            self._said = state.message
        if state.lost and not self._lost:
            self._say(troubles.LOSING)
        self._lost = state.lost
