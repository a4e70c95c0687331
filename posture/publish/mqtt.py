"""States to an MQTT broker in the house, for Home Assistant and others.

The only part that knows paho-mqtt, which is installed with ``posture[mqtt]``. Its own thread
connects, again and again; what the monitor calls only hands over.
"""

from __future__ import annotations

import contextlib
import json
import threading
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from posture.core.effects import Effect, Status
from posture.publish.discovery import (
    OFFLINE,
    ONLINE,
    availability_topic,
    configurations,
    state_topic,
)
from posture.publish.local_network import addresses, is_local, is_own
from posture.publish.pace import Pace
from posture.publish.state import State, state_of
from posture.publish.words import say
from posture.settings import MqttSettings

_KEEPALIVE_S = 60
# Chosen: the first retry comes soon, later ones cost nothing.
_RETRY_MIN_S, _RETRY_MAX_S = 1, 60
# Ending must not wait for a broker that hangs.
_FAREWELL_S = 1.0
# Home Assistant forgets a state when so many signs of life did not come, and not before; chosen.
_MISSED, _LEAST_EXPIRY_S = 3, 300.0


class Misconfigured(Exception):
    """A file the settings name cannot be used; the message says which and why."""


class NotLocal(OSError):
    """The host is somewhere in the public network."""


class MqttPublisher:
    """Publishes what the monitor's status tells. ``tell``: one line to the user, from any thread.

    Raises :class:`Misconfigured`.
    """

    def __init__(self, settings: MqttSettings, language: str, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._language = language
        self._tell = tell
        self._where = f"{settings.host}:{settings.port}"
        self._pace = Pace(settings.interval_s)
        self._lock = threading.Lock()
        self._state: State | None = None
        self._connected = False
        self._said: str | None = None
        self._told: str | None = None
        self._abroad = False
        self._explained = False
        self._client = self._made()

    @property
    def said(self) -> str | None:
        """How it fares, in words; None before the first attempt."""
        return self._said

    def start(self) -> None:
        """Connect in the background."""
        self._client.connect_async(self._settings.host, self._settings.port, _KEEPALIVE_S)
        self._client.loop_start()

    def watch(self, effects: Sequence[Effect]) -> None:
        """Publish what is news."""
        for effect in effects:
            if isinstance(effect, Status):
                state = state_of(effect)
                with self._lock:
                    self._state = state
                    if self._pace.due(state, effect.at) and self._connected:
                        self._publish_state(state)

    def stop(self) -> None:
        """Say goodbye and disconnect."""
        with self._lock:
            connected, self._connected = self._connected, False
        if connected:
            farewell = self._client.publish(
                availability_topic(self._settings.topic), OFFLINE, qos=1, retain=True
            )
            # If the connection broke meanwhile, the broker says it for us.
            with contextlib.suppress(RuntimeError, ValueError):
                farewell.wait_for_publish(_FAREWELL_S)
        self._client.disconnect()
        # An attempt to connect may be under way; its thread is a daemon and may outlive us.
        ending = threading.Thread(target=self._client.loop_stop, daemon=True)
        ending.start()
        ending.join(_FAREWELL_S)

    def _made(self) -> Client:
        settings = self._settings
        client = Client(CallbackAPIVersion.VERSION2, client_id=f"posture-{uuid.uuid4().hex[:12]}")
        if settings.user:
            client.username_pw_set(settings.user, self._password())
        if settings.tls:
            try:
                client.tls_set(ca_certs=settings.ca_file or None)
            except (OSError, ValueError) as error:
                raise Misconfigured(say(self._language, "mqtt.tls", why=error)) from error
        client.will_set(availability_topic(settings.topic), OFFLINE, qos=1, retain=True)
        client.reconnect_delay_set(_RETRY_MIN_S, _RETRY_MAX_S)
        client.on_pre_connect = self._before
        client.on_socket_open = self._when_open
        client.on_connect = self._when_connected
        client.on_connect_fail = self._when_unreachable
        client.on_disconnect = self._when_disconnected
        return client

    def _password(self) -> str | None:
        name = self._settings.password_file
        if not name:
            return None
        try:
            lines = Path(name).expanduser().read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(say(self._language, "mqtt.password", why=error)) from error
        return lines[0] if lines else ""

    def _before(self, _client: Client, _userdata: Any) -> None:
        """Stay at home: raises NotLocal, which counts as a failed attempt."""
        self._explained = False
        try:
            self._stay_local(addresses(self._settings.host))
        except OSError as error:
            why = error if isinstance(error, NotLocal) else error.strerror or error
            self._note("mqtt.trouble", why=why)
            self._explained = True
            raise

    def _when_open(self, _client: Client, _userdata: Any, connection: Any) -> None:
        """The name may lead elsewhere by now: nothing is sent before the other end is known."""
        try:
            peer = connection.getpeername()[0]
            self._stay_local([peer])
        except OSError:
            connection.close()
            raise
        self._abroad = not is_own(peer)

    def _stay_local(self, found: Sequence[str]) -> None:
        if not all(map(is_local, found)):
            raise NotLocal(say(self._language, "mqtt.not_local"))

    def _when_connected(
        self,
        client: Client,
        _userdata: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._note("mqtt.refused", why=reason)
            return
        settings = self._settings
        told = configurations(
            settings.topic,
            settings.discovery_prefix,
            self._language,
            max(settings.interval_s * _MISSED, _LEAST_EXPIRY_S),
        )
        with self._lock:
            for topic, configuration in told.items():
                client.publish(
                    topic, json.dumps(configuration, ensure_ascii=False), qos=1, retain=True
                )
            client.publish(availability_topic(settings.topic), ONLINE, qos=1, retain=True)
            self._connected = True
            if self._state is not None:
                self._publish_state(self._state)
        self._note("mqtt.connected_abroad" if self._abroad else "mqtt.connected")

    def _when_unreachable(self, _client: Client, _userdata: Any) -> None:
        if not self._explained:
            self._note("mqtt.trouble", why=say(self._language, "mqtt.no_answer"))

    def _when_disconnected(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        with self._lock:
            was, self._connected = self._connected, False
        if was and reason.is_failure:
            self._note("mqtt.trouble", why=reason)

    def _publish_state(self, state: State) -> None:
        self._client.publish(
            state_topic(self._settings.topic), json.dumps(state.document()), qos=0, retain=True
        )

    def _note(self, key: str, **values: object) -> None:
        """Remember how it fares; tell the user when that changes in kind."""
        self._said = say(self._language, key, where=self._where, **values)
        if key != self._told:
            self._told = key
            self._tell(self._said)
