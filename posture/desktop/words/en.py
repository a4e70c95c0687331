"""English."""

from __future__ import annotations

TABLE: dict[str, str] = {
    "app.name": "Posture",
    # How the user sits, in the tray.
    "label.upright": "Sitting well",
    "label.slouch": "Slouching",
    "label.forward_head": "Head forward",
    "label.head_down": "Head down",
    "label.leaning_forward": "Leaning forward",
    "label.leaning_left": "Leaning left",
    "label.leaning_right": "Leaning right",
    "label.head_tilt_left": "Head tilted left",
    "label.head_tilt_right": "Head tilted right",
    "label.uneven_shoulders": "Shoulders uneven",
    "label.too_close": "Too close to the screen",
    "label.too_far": "Far from the screen",
    "label.reclined": "Leaning back",
    "label.looking_away": "Looking away",
    "label.standing": "Standing",
    "label.away": "Away",
    "label.unknown": "Cannot see you well",
    "glance.starting": "Starting…",
    "glance.unknown_because": "Cannot see you well: {reason}",
    "glance.camera_lost": "The camera gives no picture",
    "glance.not_calibrated": "Not calibrated yet",
    "glance.stale": "Please recalibrate: {reason}",
    "glance.paused": "Paused",
    "glance.paused_until": "Paused until {time}",
    "glance.silent": "Silent: {reason}",
    "glance.distance": "{cm} cm from the screen",
    "glance.sitting": "Sitting for {duration}",
    "glance.standing_today": "On your feet today: {duration}",
    "glance.break_in": "Next break in {duration}",
    "glance.break_now": "Time for a break",
    # Why the user cannot be judged, or the calibration no longer fits.
    "reason.dark": "it is too dark",
    "reason.someone_further_away": "someone further away is in the picture",
    "reason.no_picture": "there is no picture at the moment",
    "reason.input_without_a_face": "you are typing, but your face is not in the picture",
    "reason.the_camera_or_the_desk_has_moved_since_calibration": "the camera or the desk has moved",
    "reason.the_camera_zooms_or_follows_you_by_itself_auto_framing": (
        "the camera zooms or follows you by itself (auto-framing)"
    ),
    "reason.the_camera_s_picture_has_another_shape_than_when_calibrated": (
        "the picture has another shape than before"
    ),
    # Why nothing is said at the moment.
    "silent.paused": "paused",
    "silent.snoozed": "snoozed",
    "silent.break": "you are taking a break",
    "silent.locked": "the screen is locked",
    "silent.asleep": "the computer sleeps",
    "silent.meeting": "a meeting",
    "silent.battery": "saving the battery",
    "silent.quiet_hours": "quiet hours",
    "silent.out_of_hours": "outside working hours",
    "silent.day_off": "not a working day",
    "silent.full_screen": "a full-screen program",
    "silent.camera_lost": "the camera gives no picture",
    "silent.low_confidence": "the picture is not clear enough",
    "silent.stale_calibration": "the calibration no longer fits",
    "silent.just_delivered": "a reminder was shown just now",
    "silent.hourly_limit": "enough reminders for this hour",
    "silent.natural_pause": "waiting for a pause in your typing",
    # Lengths of time.
    "time.less_than_a_minute": "less than a minute",
    "time.minutes": "{minutes} min",
    "time.hours": "{hours} h",
    "time.hours_minutes": "{hours} h {minutes} min",
    # The menu.
    "menu.done": "Done",
    "menu.snooze": "Snooze",
    "menu.wrong_alarm": "That was a wrong alarm",
    "menu.undo_wrong_alarm": "Take the wrong alarm back",
    "menu.pause": "Pause",
    "menu.pause.tomorrow": "Until tomorrow",
    "menu.pause.open": "Until I resume",
    "menu.resume": "Resume",
    "menu.standing": "I'm standing",
    "menu.break_now": "Take a break now",
    "menu.recalibrate": "Recalibrate…",
    "menu.profile": "Profile",
    "menu.preview": "Show preview",
    "menu.report": "Open report",
    "menu.settings": "Settings",
    "menu.settings_file": "Open the settings file",
    "menu.autostart": "Start at login",
    "menu.quit": "Quit",
    # Buttons of a notification.
    "button.snooze": "Snooze",
    "button.done": "Done",
    "button.standing": "I'm standing",
    "button.sitting": "I'm sitting again",
    "button.wrong_alarm": "Wrong alarm",
    "button.break_now": "Break now",
    # Why there is no tray icon.
    "tray.no_display": (
        "No tray icon: there is no graphical session (neither DISPLAY nor WAYLAND_DISPLAY is set). "
        "Use `posture status`, `posture pause` and the other commands instead."
    ),
    "tray.no_bus": (
        "No tray icon: there is no session bus ({why}). "
        "Start posture from the desktop session, or with `dbus-run-session`."
    ),
    "tray.no_host": (
        "No tray icon yet: this desktop has no place for one. On GNOME add the extension "
        "“AppIndicator and KStatusNotifierItem Support”; the icon appears by itself as soon as a "
        "panel shows tray icons."
    ),
    "tray.old_host": (
        "No tray icon: the panel takes only the older kind of icon. "
        "Install python3-gi and gir1.2-gtk-3.0, then start posture again."
    ),
    "tray.no_library": "No tray icon: {why}. Use `posture status` and the other commands instead.",
    "tray.switched_off": "No tray icon: it was switched off.",
    "tray.session_ended": "the desktop session ended",
    # Why a reminder was not shown.
    "notify.no_daemon": "no notification service answers ({why})",
    "notify.refused": "the notification service refused it ({why})",
    "notify.timeout": "the notification service did not answer within {seconds} s",
    "notify.not_provable": "this system takes no notifications from an unsigned program",
}
