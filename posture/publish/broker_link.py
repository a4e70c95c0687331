"""One connection to an MQTT broker; the only module that knows paho-mqtt (``posture[mqtt]``)."""

from __future__ import annotations

import socket
import ssl
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from posture.publish.local_network import Place
from posture.settings import MqttSettings

_KEEPALIVE_S = 60
# Chosen: a broker at home that takes longer to answer is not well.
_ANSWER_S = 10.0
_CONNECT_S = 5.0
# Bytes of a text (MQTT 3.1.1, 1.5.3).
_LONGEST = 65535


class Refused(OSError):
    """The broker answered, and will not have us."""


class Lost(OSError):
    """The connection is over."""


class BrokerLink:
    """From connection to its end; for the next one make another.

    ``will``: topic and payload the broker publishes, retained, if we vanish. ``when_lost``: called
    from a thread of paho's when the connection breaks. Raises OSError or ValueError for files or
    texts no connection can use.
    """

    def __init__(
        self,
        settings: MqttSettings,
        password: str | None,
        *,
        will: tuple[str, str] | None = None,
        when_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._when_lost = when_lost
        self._answered = threading.Event()
        self._refusal: str | None = None
        self._why_lost: str | None = None
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"posture-{uuid.uuid4().hex[:12]}",
            reconnect_on_failure=False,
        )
        self._client.connect_timeout = _CONNECT_S
        if settings.user:
            if max(len(text.encode()) for text in (settings.user, password or "")) > _LONGEST:
                raise ValueError("mqtt.user or its password is too long")
            self._client.username_pw_set(settings.user, password)
        if settings.tls:
            self._client.tls_set_context(tls_context(settings))
        if will is not None:
            self._client.will_set(*will, qos=1, retain=True)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected

    @property
    def lost(self) -> bool:
        """Is it over?"""
        return self._why_lost is not None

    def open(self, place: Place) -> None:
        """Connect to one of the addresses of *place*. Raises Refused, Lost or another OSError."""
        for number, address in enumerate(place.addresses, 1):
            try:
                self._client.connect(address, self._settings.port, _KEEPALIVE_S)
                break
            except OSError:
                if number == len(place.addresses):
                    raise
        self._client.loop_start()
        if not self._answered.wait(_ANSWER_S):
            raise TimeoutError
        if self._refusal is not None:
            raise Refused(self._refusal)
        self._check()

    def send(self, topic: str, text: str, *, qos: int = 1) -> None:
        """Publish *text*, retained, and wait until it is out. Raises Lost."""
        self._check()
        sent = self._client.publish(topic, text, qos=qos, retain=True)
        try:
            sent.wait_for_publish(_ANSWER_S)
            out = sent.is_published()
        except (RuntimeError, ValueError) as error:
            raise Lost(self._why_lost or str(error)) from error
        self._check()
        if not out:
            raise TimeoutError

    def close(self) -> None:
        """Say goodbye, so that no will is published."""
        self._client.disconnect()
        self._client.loop_stop()
        # paho closes its own sockets when nothing holds the client any more; these two do.
        self._client.on_connect = self._client.on_disconnect = None

    def _check(self) -> None:
        if self._why_lost is not None:
            raise Lost(self._why_lost)

    def _connected(
        self,
        _client: Client,
        _userdata: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._refusal = str(reason) if reason.is_failure else None
        self._answered.set()

    def _disconnected(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._why_lost = str(reason)
        self._answered.set()
        self._when_lost()


class _ContextFor(ssl.SSLContext):
    """Checks a certificate against the name the user wrote, though an address is connected to."""

    name: str

    def wrap_socket(self, sock: socket.socket, *given: Any, **named: Any) -> ssl.SSLSocket:
        """As the base class, with the right name; a failed handshake leaves nothing open."""
        wrapped = super().wrap_socket(sock, *given, **{**named, "server_hostname": self.name})
        try:
            wrapped.settimeout(_CONNECT_S)
            wrapped.do_handshake()
        except OSError:
            wrapped.close()
            raise
        return wrapped


def tls_context(settings: MqttSettings) -> ssl.SSLContext:
    """What is trusted. Raises OSError (ssl.SSLError is one) for a file that cannot be used."""
    context = _ContextFor(ssl.PROTOCOL_TLS_CLIENT)
    context.name = settings.host
    if settings.ca_file:
        context.load_verify_locations(Path(settings.ca_file).expanduser())
    else:
        context.load_default_certs()
    return context
