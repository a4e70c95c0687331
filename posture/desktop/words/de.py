"""Deutsch."""

from __future__ import annotations

TABLE: dict[str, str] = {
    "app.name": "Posture",
    "label.upright": "Gute Haltung",
    "label.slouch": "Zusammengesunken",
    "label.forward_head": "Kopf vorgeschoben",
    "label.head_down": "Kopf gesenkt",
    "label.leaning_forward": "Vorgebeugt",
    "label.leaning_left": "Nach links geneigt",
    "label.leaning_right": "Nach rechts geneigt",
    "label.head_tilt_left": "Kopf nach links geneigt",
    "label.head_tilt_right": "Kopf nach rechts geneigt",
    "label.uneven_shoulders": "Schultern ungleich hoch",
    "label.too_close": "Zu nah am Bildschirm",
    "label.too_far": "Weit weg vom Bildschirm",
    "label.reclined": "Zurückgelehnt",
    "label.looking_away": "Blick abgewandt",
    "label.standing": "Im Stehen",
    "label.away": "Abwesend",
    "label.unknown": "Sie sind nicht gut zu sehen",
    "glance.starting": "Startet …",
    "glance.unknown_because": "Sie sind nicht gut zu sehen: {reason}",
    "glance.camera_lost": "Die Kamera liefert kein Bild",
    "glance.not_calibrated": "Noch nicht eingemessen",
    "glance.stale": "Bitte neu einmessen: {reason}",
    "glance.paused": "Pausiert",
    "glance.paused_until": "Pausiert bis {time}",
    "glance.silent": "Still: {reason}",
    "glance.distance": "{cm} cm zum Bildschirm",
    "glance.sitting": "Sie sitzen seit {duration}",
    "glance.standing_today": "Heute auf den Beinen: {duration}",
    "glance.break_in": "Nächste Pause in {duration}",
    "glance.break_now": "Zeit für eine Pause",
    "reason.dark": "es ist zu dunkel",
    "reason.someone_further_away": "jemand weiter hinten ist im Bild",
    "reason.no_picture": "gerade kommt kein Bild",
    "reason.input_without_a_face": "Sie tippen, aber Ihr Gesicht ist nicht im Bild",
    "reason.the_camera_or_the_desk_has_moved_since_calibration": (
        "die Kamera oder der Tisch hat sich bewegt"
    ),
    "reason.the_camera_zooms_or_follows_you_by_itself_auto_framing": (
        "die Kamera zoomt oder folgt Ihnen von selbst (Auto-Framing)"
    ),
    "reason.the_camera_s_picture_has_another_shape_than_when_calibrated": (
        "das Bild hat ein anderes Format als zuvor"
    ),
    "silent.paused": "pausiert",
    "silent.snoozed": "auf später verschoben",
    "silent.break": "Sie machen Pause",
    "silent.locked": "der Bildschirm ist gesperrt",
    "silent.asleep": "der Computer schläft",
    "silent.meeting": "eine Besprechung",
    "silent.battery": "die Batterie wird geschont",
    "silent.quiet_hours": "Ruhezeit",
    "silent.out_of_hours": "außerhalb der Arbeitszeit",
    "silent.day_off": "kein Arbeitstag",
    "silent.full_screen": "ein Programm im Vollbild",
    "silent.camera_lost": "die Kamera liefert kein Bild",
    "silent.low_confidence": "das Bild ist nicht deutlich genug",
    "silent.stale_calibration": "die Einmessung passt nicht mehr",
    "silent.just_delivered": "gerade erst erinnert",
    "silent.hourly_limit": "genug Erinnerungen für diese Stunde",
    "silent.natural_pause": "wartet auf eine Pause beim Tippen",
    "time.less_than_a_minute": "unter 1 min",
    "time.minutes": "{minutes} min",
    "time.hours": "{hours} h",
    "time.hours_minutes": "{hours} h {minutes} min",
    "menu.done": "Erledigt",
    "menu.snooze": "Später erinnern",
    "menu.wrong_alarm": "Das war ein Fehlalarm",
    "menu.undo_wrong_alarm": "Fehlalarm zurücknehmen",
    "menu.pause": "Pausieren",
    "menu.pause.tomorrow": "Bis morgen",
    "menu.pause.open": "Bis auf Weiteres",
    "menu.resume": "Fortsetzen",
    "menu.standing": "Ich stehe",
    "menu.break_now": "Jetzt Pause machen",
    "menu.recalibrate": "Neu einmessen …",
    "menu.profile": "Profil",
    "menu.preview": "Vorschau zeigen",
    "menu.report": "Bericht öffnen",
    "menu.settings": "Einstellungen",
    "menu.settings_file": "Einstellungsdatei öffnen",
    "menu.autostart": "Beim Anmelden starten",
    "menu.quit": "Beenden",
    "button.snooze": "Später",
    "button.done": "Erledigt",
    "button.standing": "Ich stehe",
    "button.sitting": "Ich sitze wieder",
    "button.wrong_alarm": "Fehlalarm",
    "button.break_now": "Jetzt Pause",
    "tray.no_display": (
        "Kein Symbol in der Leiste: Es gibt keine grafische Sitzung (weder DISPLAY noch "
        "WAYLAND_DISPLAY ist gesetzt). Es bleiben `posture status`, `posture pause` und die "
        "anderen Befehle."
    ),
    "tray.no_bus": (
        "Kein Symbol in der Leiste: Es gibt keinen Sitzungsbus ({why}). "
        "Bitte posture aus der Desktop-Sitzung starten, oder mit `dbus-run-session`."
    ),
    "tray.no_host": (
        "Noch kein Symbol in der Leiste: Dieser Desktop hat keinen Platz dafür. Unter GNOME hilft "
        "die Erweiterung „AppIndicator and KStatusNotifierItem Support“; das Symbol erscheint von "
        "selbst, sobald eine Leiste Symbole zeigt."
    ),
    "tray.old_host": (
        "Kein Symbol in der Leiste: Sie nimmt nur die ältere Art von Symbolen. "
        "Bitte python3-gi und gir1.2-gtk-3.0 installieren und posture neu starten."
    ),
    "tray.no_library": (
        "Kein Symbol in der Leiste: {why}. Es bleiben `posture status` und die anderen Befehle."
    ),
    "tray.switched_off": "Kein Symbol in der Leiste: Es ist ausgeschaltet.",
    "tray.session_ended": "die Desktop-Sitzung ist zu Ende",
    "notify.no_daemon": "kein Benachrichtigungsdienst antwortet ({why})",
    "notify.refused": "der Benachrichtigungsdienst hat abgelehnt ({why})",
    "notify.timeout": "der Benachrichtigungsdienst hat {seconds} s lang nicht geantwortet",
    "notify.not_provable": "dieses System nimmt keine Mitteilungen eines unsignierten Programms",
}
