from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from moments import NOW, reading, reminder, status

from posture.core.effects import Activity
from posture.core.inputs import Session
from posture.status_document import Program, status_document

PROGRAM = Program(
    pid=42,
    version="1.2.3",
    since=NOW.shifted(-3600),
    data_dir="/home/me/.local/share/posture",
    source="0",
    profile="office",
    tray="sni",
    session=Session(locked=False, idle_s=2.5),
)


def test_the_whole_document() -> None:
    given = {
        "open_reminder": reminder(7),
        "reading": reading(at=NOW.shifted(-0.4)),
        "sitting_today_s": 11400.0,
        "upright_today_s": 1800.0,
        "upright_goal_s": 7200.0,
        "learned": {"head_flexion_deg": 1.1},
    }
    document = status_document(status(**given), PROGRAM, UTC)

    assert json.loads(json.dumps(document)) == {
        "at": "2026-02-02T02:40:00+00:00",
        "text": [
            "Sitting well",
            "62 cm from the screen",
            "Sitting for 42 min",
            "Next break in 18 min",
        ],
        "activity": "sitting",
        "presence": "present",
        "presence_reason": None,
        "posture": "upright",
        "sitting_s": 2520.0,
        "sitting_today_s": 11400.0,
        "standing_today_s": 0.0,
        "upright_today_s": 1800.0,
        "upright_goal_s": 7200.0,
        "budget": 1.0,
        "learned": {"head_flexion_deg": 1.1},
        "learned_text": [
            "After wrong alarms 10% laxer: head down (`posture undo` takes the last back)"
        ],
        "reading": {
            "presence": "present",
            "reason": None,
            "distance_cm": 62.4,
            "head_flexion_deg": None,
            "head_yaw_deg": None,
            "head_roll_deg": None,
            "forward_head_deg": None,
            "neck_lateral_deg": None,
            "shoulder_tilt_deg": None,
            "trunk_inclination_deg": None,
            "trunk_lateral_deg": None,
            "slump_cm": None,
            "forward_lean_cm": None,
            "shoulder_shrug_cm": None,
            "posture_score": 97.0,
            "looking_away": False,
            "standing": None,
            "states": {"forward_head_deg": "good"},
            "posture": "upright",
            "calibrated": True,
            "calibration_stale": None,
            "age_s": 0.4,
        },
        "silent": None,
        "silent_text": None,
        "silent_until": None,
        "camera": "open",
        "camera_reason": None,
        "next_reminders": [{"kind": "stand", "due_s": 1080.0}],
        "soon_due": [],
        "open_reminder": {
            "id": 7,
            "kind": "posture",
            "title": "Your head has come forward",
            "text": "It is 6 cm further forward than your neutral. Sit back and lift your chest.",
            "shown": "2026-02-02T02:40:00+00:00",
            "began": "2026-02-02T02:40:00+00:00",
        },
        "program": {
            "pid": 42,
            "version": "1.2.3",
            "since": "2026-02-02T01:40:00+00:00",
            "data_dir": "/home/me/.local/share/posture",
            "source": "0",
            "profile": "office",
            "tray": "sni",
            "tray_trouble": None,
            "notification_trouble": None,
            "publishing": [],
            "session": {
                "locked": False,
                "idle_s": 2.5,
                "full_screen": None,
                "camera_used_by": None,
                "on_battery": None,
                "asleep": None,
            },
        },
    }


def test_a_silence_is_told_as_code_and_in_words() -> None:
    document: dict[str, Any] = status_document(status(silent="meeting"), PROGRAM, UTC)

    assert (document["silent"], document["silent_text"]) == ("meeting", "Silent: a meeting")


def test_a_pause_tells_its_end() -> None:
    given = {"silent": "paused", "silent_until": NOW.shifted(900)}
    document: dict[str, Any] = status_document(status(**given), PROGRAM, UTC)

    assert document["silent_until"] == "2026-02-02T02:55:00+00:00"
    assert document["silent_text"] == "Paused until 02:55"


def test_what_is_not_known_is_null() -> None:
    document = status_document(status(reading=None, activity=Activity.UNKNOWN), PROGRAM, UTC)

    assert document["reading"] is None
    assert document["open_reminder"] is None
