"""Deutsch."""

from __future__ import annotations

TABLE: dict[str, str] = {
    "app.name": "Posture",
    # The applications menu.
    "launcher.comment": "Erinnert selten und freundlich: gut sitzen, aufstehen, die Augen ausruhen",
    "launcher.keywords": "Haltung;Ergonomie;Pause;Augen;Sitzen;Gesundheit;",
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
    "label.unknown": "Du bist nicht gut zu sehen",
    "glance.starting": "Startet …",
    "glance.unknown_because": "Du bist nicht gut zu sehen: {reason}",
    "glance.camera_lost": "Die Kamera liefert kein Bild",
    "camera.absent": "Es ist keine Kamera da. Schließ eine an: Sie wird von selbst gefunden.",
    "camera.busy": "Ein anderes Programm benutzt die Kamera. Es geht weiter, sobald sie frei ist.",
    "camera.denied": (
        "Dieser Benutzer darf die Kamera nicht nutzen. `posture doctor` sagt, was zu tun ist."
    ),
    "camera.unplugged": (
        "Die Kamera wurde abgezogen. Steck sie wieder an: Sie wird von selbst gefunden."
    ),
    "camera.stalled": (
        "Die Kamera sendet kein Bild. Wenn das anhält, zieh sie ab und steck sie wieder an."
    ),
    "camera.black": "Das Bild der Kamera ist schwarz. Öffne ihre Abdeckung oder mach Licht.",
    "camera.frozen": (
        "Das Bild der Kamera steht. Wenn das anhält, zieh sie ab und steck sie wieder an."
    ),
    "camera.crashed": "Der Teil, der die Kamera beobachtet, ist abgestürzt. Er wird neu gestartet.",
    "camera.hung": "Der Teil, der die Kamera beobachtet, hing. Er wird neu gestartet.",
    "camera.failed": "Der Teil, der die Kamera beobachtet, scheiterte. Er wird neu gestartet.",
    "camera.back": "Die Kamera funktioniert wieder.",
    "glance.not_calibrated": "Noch nicht eingemessen",
    "glance.stale": "Bitte neu einmessen: {reason}",
    "glance.paused": "Pausiert",
    "glance.paused_until": "Pausiert bis {time}",
    "glance.snoozed_until": "Verschoben bis {time}",
    "glance.break_until": "Pause vom Sitzen bis {time}",
    "glance.silent": "Still: {reason}",
    "glance.distance": "{cm} cm zum Bildschirm",
    "glance.sitting": "Du sitzt seit {duration}",
    "glance.standing_today": "Heute auf den Beinen: {duration}",
    "glance.break_in": "Nächste Pause in {duration}",
    "glance.break_now": "Zeit für eine Pause",
    "reason.dark": "es ist zu dunkel",
    "reason.someone_further_away": "jemand weiter hinten ist im Bild",
    "reason.no_picture": "gerade kommt kein Bild",
    "reason.input_without_a_face": "du tippst, aber dein Gesicht ist nicht im Bild",
    "reason.the_camera_or_the_desk_has_moved_since_calibration": (
        "die Kamera oder der Tisch hat sich bewegt"
    ),
    "reason.the_camera_zooms_or_follows_you_by_itself_auto_framing": (
        "die Kamera zoomt oder folgt dir von selbst (Auto-Framing)"
    ),
    "reason.what_the_camera_sees_is_unlike_what_was_calibrated": (
        "die Kamera sieht anderes als beim Einmessen"
    ),
    "reason.the_camera_s_picture_has_another_shape_than_when_calibrated": (
        "das Bild hat ein anderes Format als zuvor"
    ),
    "silent.paused": "pausiert",
    "silent.snoozed": "auf später verschoben",
    "silent.break": "du machst Pause",
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
    # Was Fehlalarme geändert haben; die Zeilen im Terminal.
    "status.learned": (
        "Nach Fehlalarmen {percent} % nachsichtiger: {what} (`posture undo` nimmt den letzten "
        "zurück)"
    ),
    # Was aus einer Antwort an der Befehlszeile wurde.
    "answer.wrong_alarm.done": (
        "Vermerkt: ein Fehlalarm. {what}: jetzt {percent} % großzügiger als eingestellt; "
        "`posture undo` nimmt es zurück."
    ),
    "answer.wrong_alarm.no_laxer": (
        "Vermerkt: ein Fehlalarm ({kind}). Keine Schwelle wurde großzügiger."
    ),
    "answer.wrong_alarm.no_reminder": "Es gibt keine Erinnerung, die ein Fehlalarm sein könnte.",
    "answer.undo_wrong_alarm.done": (
        "Zurückgenommen. {what}: jetzt {percent} % großzügiger als eingestellt."
    ),
    "answer.undo_wrong_alarm.done.as_set": "Zurückgenommen. Wieder wie eingestellt: {what}.",
    "answer.undo_wrong_alarm.nothing": "Es gibt keinen Fehlalarm zurückzunehmen.",
    "answer.resume.nothing": "Es war nicht pausiert.",
    "answer.snooze.everything": "Keine Erinnerung ist zu sehen: alle sind aufgeschoben.",
    "banded.near_cm": "Nähe zum Bildschirm",
    "banded.head_flexion_deg": "Kopf gesenkt",
    "banded.head_extension_deg": "Kinn angehoben",
    "banded.forward_head_deg": "Kopf vorgeschoben",
    "banded.forward_lean_cm": "Nähern an den Bildschirm",
    "banded.trunk_inclination_deg": "Rumpf vorgebeugt",
    "banded.slump_cm": "Zusammensinken",
    "banded.neck_lateral_deg": "Nacken seitlich gebeugt",
    "banded.shoulder_tilt_deg": "Schultern ungleich hoch",
    "banded.trunk_lateral_deg": "Rumpf seitlich geneigt",
    "banded.shoulder_shrug_cm": "Schultern hochgezogen",
    "fate.heeded": "befolgt",
    "fate.expired": "nicht befolgt",
    "fate.undelivered": "konnte nicht gezeigt werden",
    "fate.snoozed": "verschoben",
    "fate.wrong_alarm": "Fehlalarm, vermerkt",
    "why.restarted": "das Programm wurde neu gestartet",
    "why.not seen": "was daraus wurde, war nicht zu sehen",
    "why.no answer": "die Arbeitsumgebung gab keine Antwort",
    "kind.posture": "Haltung",
    "kind.too_close": "zu nah",
    "kind.stand": "aufstehen",
    "kind.look_away": "in die Ferne schauen",
    "kind.move": "bewegen",
    "kind.lunch": "Mittagspause",
    "kind.daily": "Sitzen des Tages",
    "kind.standing_long": "lange im Stehen",
    "kind.tip": "Tipp",
    "line.after": "{what} nach {time}",
    "line.seconds": "{n} s",
    "line.present": "du bist da",
    "line.away": "du bist um {time} gegangen",
    "line.unknown": "du bist nicht zu sehen",
    "line.score": "Wert {n}",
    "line.sitting": "sitzt seit {time}",
    "line.next": "{kind} in {time}",
    "time.less_than_a_minute": "unter 1 min",
    "time.minutes": "{minutes} min",
    "time.hours": "{hours} h",
    "time.hours_minutes": "{hours} h {minutes} min",
    "menu.today": "Heute: {sitting} gesessen, {upright} auf den Beinen",
    "menu.today_of": "Heute: {sitting} gesessen, {upright} von {goal} auf den Beinen",
    "menu.undelivered": "Eine Erinnerung wurde nicht gezeigt: {why}",
    "menu.preset": "Erinnerungen",
    "menu.preset.gentle": "Sanft",
    "menu.preset.standard": "Normal",
    "menu.preset.strict": "Streng",
    "menu.preset.20-8-2": "20-8-2: sitzen, stehen, gehen",
    "menu.settings_unusable": "Die Einstellungen bleiben, wie sie waren: {why}",
    "menu.at_next_start": "Das gilt ab dem nächsten Start: {names}",
    "menu.nudge": "Ans Aufstehen erinnern nach",
    "menu.switch.posture.enabled": "An die Haltung erinnern",
    "menu.switch.eyes.enabled": "Pausen für die Augen",
    "menu.switch.notifications.sound": "Mit Ton",
    "menu.refused": "Das ließ sich nicht ändern: {why}",
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
        "WAYLAND_DISPLAY ist gesetzt)."
    ),
    "tray.no_display_do": "Es bleiben `posture status`, `posture pause` und die anderen Befehle.",
    "tray.no_bus": "Kein Symbol in der Leiste: Es gibt keinen Sitzungsbus ({why}).",
    "tray.no_bus_do": (
        "Bitte posture aus der Desktop-Sitzung starten, oder mit `dbus-run-session`."
    ),
    "tray.no_host": "Noch kein Symbol in der Leiste: Dieser Desktop hat keinen Platz dafür.",
    "tray.no_host_do": (
        "Unter GNOME hilft die Erweiterung „AppIndicator and KStatusNotifierItem Support“; das "
        "Symbol erscheint von selbst, sobald eine Leiste Symbole zeigt."
    ),
    "tray.old_host": "Kein Symbol in der Leiste: Sie nimmt nur die ältere Art von Symbolen.",
    "tray.old_host_do": (
        "Bitte python3-gi und gir1.2-gtk-3.0 installieren und posture neu starten."
    ),
    "tray.no_library": "Kein Symbol in der Leiste: {why}.",
    "tray.no_library_do": "Es bleiben `posture status`, `posture pause` und die anderen Befehle.",
    "tray.switched_off": "Kein Symbol in der Leiste: Es ist ausgeschaltet.",
    "tray.switched_off_do": "Damit eins erscheint: posture config set tray.enabled true",
    "tray.session_ended": "die Desktop-Sitzung ist zu Ende",
    "notify.none_yet": (
        "Noch keine Benachrichtigungen ({why}): Erinnerungen erscheinen hier, bis ein Dienst "
        "antwortet."
    ),
    "notify.no_daemon": "kein Benachrichtigungsdienst antwortet ({why})",
    "notify.refused": "der Benachrichtigungsdienst hat abgelehnt ({why})",
    "notify.timeout": "der Benachrichtigungsdienst hat {seconds} s lang nicht geantwortet",
    "notify.not_provable": "dieses System nimmt keine Mitteilungen eines unsignierten Programms",
}
