"""States to an MQTT broker at home, for Home Assistant and others.

A thread of its own looks the broker up, connects and sends, again and again; what the monitor calls
only leaves the newest state in a slot of one.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Sequence

from posture.clock import Clock
from posture.core.effects import Effect, Status
from posture.publish.account import Account
from posture.publish.broker_link import BrokerLink, Refused, tls_context
from posture.publish.discovery import (
    OFFLINE,
    ONLINE,
    availability_topic,
    configurations,
    state_topic,
)
from posture.publish.local_network import NotAtHome, locate
from posture.publish.pace import Pace
from posture.publish.secret import VARIABLE, Exposed, password
from posture.publish.state import State, state_of
from posture.publish.words import say
from posture.settings import MqttSettings

# Chosen: the first retry comes soon, later ones cost nothing.
_RETRY_MIN_S, _RETRY_MAX_S = 1.0, 60.0
# Ending must not wait for a broker that hangs.
_FAREWELL_S = 2.0


class Misconfigured(Exception):
    """A file the settings name cannot be used; the message says which and why."""


class MqttPublisher:
    """Publishes what the monitor's status tells. ``tell``: one line to the user, while watching.

    Raises :class:`Misconfigured`.
    """

    def __init__(
        self, settings: MqttSettings, language: str, tell: Callable[[str], None], clock: Clock
    ) -> None:
        self._settings = settings
        self._language = language
        self._clock = clock
        self._password = checked_files(settings, language)
        self._account = Account(tell, clock)
        self._pace = Pace(settings.interval_s)
        # Guards what follows; never held while anything is sent.
        self._changed = threading.Condition()
        self._newest: State | None = None
        self._due = False
        self._leaving = False
        # Switched off: nothing of it is to stay with the broker.
        self._withdrawn = False
        self._farewell: str | None = None
        self._caution: str | None = None
        self._thread = threading.Thread(target=self._work, name="mqtt", daemon=True)

    @property
    def said(self) -> str | None:
        """How it fares, in words; None before the first attempt, and where all is taken back."""
        if self._withdrawn:
            return self._farewell
        said = [text for text in (self._account.said, self._caution) if text is not None]
        return " ".join(said) or None

    def start(self) -> None:
        """Connect in the background."""
        self._thread.start()

    def watch(self, effects: Sequence[Effect]) -> None:
        """Publish what is news, and tell the user how it fares."""
        self._account.pass_on()
        for effect in effects:
            if isinstance(effect, Status):
                state = state_of(effect)
                due = self._pace.due(state, effect.at)
                with self._changed:
                    self._newest = state
                    if due:
                        self._due = True
                        self._changed.notify()

    def withdraw(self) -> None:
        """End for good, and delete what the broker retains; in the background."""
        with self._changed:
            self._leaving = self._withdrawn = True
            self._changed.notify()

    def stop(self) -> None:
        """Say goodbye and disconnect; a broker that hangs is left alone."""
        with self._changed:
            self._leaving = True
            self._changed.notify()
        self._thread.join(_FAREWELL_S)

    def _work(self) -> None:
        rest_s = _RETRY_MIN_S
        while not self._leaving:
            began = self._clock.now()
            try:
                with contextlib.closing(self._link()) as link:
                    self._open(link)
                    self._feed(link)
            # ValueError: a name or password that no connection can carry.
            except (OSError, ValueError) as error:
                self._account.trouble(why(error, self._settings, self._language))
            # One that turns us away at once is not asked every second.
            if self._clock.now() - began > _RETRY_MAX_S:
                rest_s = _RETRY_MIN_S
            with self._changed:
                self._changed.wait_for(lambda: self._leaving, rest_s)
            rest_s = min(2 * rest_s, _RETRY_MAX_S)
        if self._withdrawn:
            self._take_back()

    def _take_back(self) -> None:
        """Delete what the broker retains: an empty text does (MQTT 3.1.1, 3.3.1.3)."""
        where = _where(self._settings)
        topic = self._settings.topic
        try:
            with contextlib.closing(self._link(lasting=False)) as link:
                link.open(locate(self._settings.host))
                for one in (*self._configurations(), state_topic(topic), availability_topic(topic)):
                    link.send(one, "")
        except (OSError, ValueError) as error:
            reason = _reason(error, self._language)
            self._farewell = say(self._language, "mqtt.kept", where=where, why=reason)
        self._account.warn(self._farewell or say(self._language, "mqtt.withdrawn", where=where))

    def _link(self, *, lasting: bool = True) -> BrokerLink:
        """A connection; a ``lasting`` one has the broker say it when it breaks."""
        will = (availability_topic(self._settings.topic), OFFLINE) if lasting else None
        return BrokerLink(self._settings, self._password, will=will, when_lost=self._wake)

    def _configurations(self) -> dict[str, dict[str, object]]:
        return configurations(
            self._settings.topic,
            self._settings.discovery_prefix,
            self._language,
            self._settings.interval_s,
        )

    def _open(self, link: BrokerLink) -> None:
        place = locate(self._settings.host)
        if not place.on_this_computer and self._caution is None:
            self._caution = warning(self._settings, self._language)
            self._account.warn(self._caution)
        link.open(place)
        for topic, configuration in self._configurations().items():
            link.send(topic, json.dumps(configuration, ensure_ascii=False))
        link.send(availability_topic(self._settings.topic), ONLINE)
        self._account.fine(connected(self._settings, self._language))

    def _feed(self, link: BrokerLink) -> None:
        """Send what is news until the connection is lost (OSError) or the program ends."""
        topic = state_topic(self._settings.topic)
        # A broker that was away has missed the last one.
        with self._changed:
            self._due = self._newest is not None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._due or self._leaving or link.lost)
                state, due, self._due = self._newest, self._due, False
            if due and state is not None:
                link.send(topic, json.dumps(state.document()), qos=0)
            elif link.lost or self._leaving:
                link.send(availability_topic(self._settings.topic), OFFLINE)
                return

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()


def checked_files(settings: MqttSettings, language: str) -> str | None:
    """The password, None where there is none. Raises Misconfigured for a file that is no use."""
    try:
        secret = password(settings.password_file)
    except Exposed as error:
        raise Misconfigured(say(language, "mqtt.exposed", file=settings.password_file)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(say(language, "mqtt.password", why=_plain(error))) from error
    if settings.tls:
        try:
            tls_context(settings)
        except (OSError, ValueError) as error:
            raise Misconfigured(say(language, "mqtt.tls", why=_plain(error))) from error
    return secret if settings.user else None


def connected(settings: MqttSettings, language: str) -> str:
    """What is told once it works."""
    return say(language, "mqtt.connected", where=_where(settings))


def warning(settings: MqttSettings, language: str) -> str:
    """What the user should know of a broker that is not on this computer."""
    key = "mqtt.leaves" if settings.tls else "mqtt.leaves_open"
    return say(language, key, where=_where(settings))


def why(error: OSError | ValueError, settings: MqttSettings, language: str) -> str:
    """What is told when it does not work."""
    where = _where(settings)
    if isinstance(error, Refused):
        return say(language, "mqtt.refused", where=where, why=error, variable=VARIABLE)
    if isinstance(error, NotAtHome):
        return say(language, "mqtt.not_at_home", where=where)
    return say(language, "mqtt.trouble", where=where, why=_reason(error, language))


def try_out(settings: MqttSettings, language: str) -> str | None:
    """Connect once and publish nothing; returns the warning of a broker on another computer.

    Raises Misconfigured, OSError or ValueError.
    """
    place = locate(settings.host)
    with contextlib.closing(BrokerLink(settings, checked_files(settings, language))) as link:
        link.open(place)
    return None if place.on_this_computer else warning(settings, language)


def _where(settings: MqttSettings) -> str:
    return f"{settings.host}:{settings.port}"


def _reason(error: OSError | ValueError, language: str) -> str:
    return say(language, "mqtt.no_answer") if isinstance(error, TimeoutError) else _plain(error)


def _plain(error: OSError | ValueError) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split()) or type(error).__name__
