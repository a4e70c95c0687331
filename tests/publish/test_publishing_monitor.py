"""A whole monitor that publishes, and one that by default does not."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path

from brokers import Ear, broker, free_port, until
from monitor_process import Home, monitoring, write_desk
from test_activitywatch_bridge import serving


def test_a_monitor_publishes_what_it_was_asked_to(tmp_path: Path) -> None:
    desk = write_desk(tmp_path / "desk.jsonl", 150)
    home = Home(tmp_path)
    mqtt, watch = free_port(), free_port()
    config = tmp_path / "settings.toml"
    config.write_text(
        f"[mqtt]\nenabled = true\nport = {mqtt}\ninterval_s = 1\n"
        f"[activitywatch]\nenabled = true\nport = {watch}\n"
    )
    with broker(tmp_path, mqtt), Ear(mqtt) as ear, serving(watch) as server:
        with monitoring(home, desk, "--config", str(config)) as monitor:
            monitor.hears("Publishing posture")
            until(
                lambda: '"presence": "present"' in ear.retained.get("posture/state", ""), "presence"
            )
            until(lambda: home.status()["sitting_s"] >= 2, "two seconds of sitting")
            said = " ".join(home.status()["program"]["publishing"])
            assert f"localhost:{mqtt}" in said
            assert f"127.0.0.1:{watch}" in said
            assert monitor.end(signal.SIGTERM) == (0, "")
        assert ear.retained["posture/availability"] == "offline"
        assert json.loads(ear.retained["posture/state"])["distance_cm"] > 30
        (bucket,) = [name for name in server.buckets if "activity" in name]
        assert server.buckets[bucket]["events"]
        assert server.refused == []


def internet_sockets(pid: int) -> list[str]:
    """The internet sockets the process has open, by /proc (Linux)."""
    held = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            held.add(handle.readlink().name.removeprefix("socket:[").rstrip("]"))
    lines = [
        line.split()
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    return [line[1] for line in lines if line[9] in held]


def test_only_who_asks_for_it_has_a_connection(tmp_path: Path) -> None:
    desk = write_desk(tmp_path / "desk.jsonl", 150)
    config = tmp_path / "settings.toml"
    port = free_port()
    config.write_text(f"[mqtt]\nenabled = true\nport = {port}\n")
    open_sockets = []
    with broker(tmp_path, port):
        for number, more in enumerate(((), ("--config", str(config)))):
            (tmp_path / str(number)).mkdir()
            home = Home(tmp_path / str(number))
            with monitoring(home, desk, *more) as monitor:
                monitor.hears("Publishing posture" if more else "you are here")
                said = home.status()["program"]["publishing"]
                open_sockets.append((len(said), len(internet_sockets(monitor.process.pid))))
                if more:
                    # Switched off, it is over at once: its sockets, and what the broker kept.
                    config.write_text(f"[mqtt]\nport = {port}\n")
                    monitor.hears("what it kept is deleted")
                    until(lambda: not internet_sockets(monitor.process.pid), "the end")
                    assert home.status()["program"]["publishing"] == []
                assert monitor.end(signal.SIGTERM)[0] == 0
    assert open_sockets[0] == (0, 0)
    assert min(open_sockets[1]) > 0


# socket and ssl are loaded by asyncio, for the desktop's bus.
NETWORK = ("paho", "http.client", "posture.publish.local_network", "posture.publish.mqtt",
           "posture.publish.activitywatch")  # fmt: skip


def test_by_default_no_network_library_is_even_loaded() -> None:
    code = (
        "import sys\n"
        "import posture.assembly\n"
        "from posture.clock import SystemClock\n"
        "from posture.publish.publishers import publishers\n"
        "from posture.settings import ActivityWatchSettings, MqttSettings, Settings\n"
        "on = ActivityWatchSettings(enabled=True), MqttSettings(enabled=True)\n"
        "for chosen in (Settings(), Settings(activitywatch=on[0]), Settings(mqtt=on[1])):\n"
        "    made = publishers(chosen, 'en', print, SystemClock())\n"
        f"    print(len(made), *[name for name in {NETWORK} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    default, activitywatch, mqtt = done.stdout.splitlines()
    assert default == "0"
    assert activitywatch == "1 http.client posture.publish.activitywatch"
    assert mqtt == " ".join(["1", *NETWORK])


def test_without_the_extra_it_says_what_to_install() -> None:
    """The monitor goes on, and the doctor knows, too."""
    code = (
        "import sys\n"
        "sys.modules['paho'] = None\n"
        "from posture.clock import SystemClock\n"
        "from posture.publish.publishers import publishers\n"
        "from posture.publish.trial import trials\n"
        "from posture.settings import MqttSettings, Settings\n"
        "on = Settings(mqtt=MqttSettings(enabled=True))\n"
        "print(len(publishers(on, 'en', print, SystemClock())))\n"
        "print(trials(on)[0].do)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "mqtt.enabled needs paho-mqtt: pip install 'posture[mqtt]'.",
        "0",
        "pip install 'posture[mqtt]'",
    ]
