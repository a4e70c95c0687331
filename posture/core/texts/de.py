"""German."""

# Wie Zahlen, Zeiten und Häufigkeiten geschrieben werden.
WORDS = {
    "decimal_sign": ",",
    "second.one": "1 Sekunde",
    "second.many": "{n} Sekunden",
    "minute.one": "1 Minute",
    "minute.many": "{n} Minuten",
    "hour.one": "1 Stunde",
    "hour.many": "{n} Stunden",
    "times.none": "weniger als einmal",
    "times.one": "einmal",
    "times.many": "{n}-mal",
}

TABLE = {
    "posture.forward_head_cm.title": "Dein Kopf ist nach vorn gerückt",
    "posture.forward_head_cm.text": "Dein Kopf ist {size} cm weiter vorn als in deiner "
    "Grundhaltung. Zieh das Kinn sanft zurück und lass dich von der Lehne tragen.",
    "posture.forward_head_deg.title": "Dein Kopf ist nach vorn gerückt",
    "posture.forward_head_deg.text": "Dein Nacken ist {size}° weiter nach vorn gebeugt als in "
    "deiner Grundhaltung. Zieh das Kinn sanft zurück und lass dich von der Lehne tragen.",
    "posture.slump_cm.title": "Du bist in dich gesunken",
    "posture.slump_cm.text": "Du sitzt {size} cm tiefer als in deiner Grundhaltung. Rutsch im "
    "Stuhl zurück und werde groß, als zöge dich jemand am Scheitel.",
    "posture.trunk_inclination_deg.title": "Du lehnst dich nach vorn",
    "posture.trunk_inclination_deg.text": "Dein Rücken neigt sich {size}° weiter nach vorn als in "
    "deiner Grundhaltung. Rutsch zurück, bis die Lehne dich trägt.",
    "posture.forward_lean_cm.title": "Du lehnst dich nach vorn",
    "posture.forward_lean_cm.text": "Du bist {size} cm näher am Bildschirm als in deiner "
    "Grundhaltung. Rutsch zurück, bis die Lehne dich trägt.",
    "posture.head_flexion_deg.title": "Dein Kopf ist gesenkt",
    "posture.head_flexion_deg.text": "Dein Kopf ist {size}° weiter gesenkt als in deiner "
    "Grundhaltung. Heb an, worauf du schaust, oder schau eine Weile auf.",
    "posture.head_extension_deg.title": "Dein Kinn ist angehoben",
    "posture.head_extension_deg.text": "Dein Kinn ist {size}° höher als in deiner Grundhaltung. "
    "Stell den Bildschirm etwas tiefer oder setz dich aufrechter hin.",
    "posture.neck_lateral_left.title": "Dein Nacken ist nach links gebeugt",
    "posture.neck_lateral_left.text": "Dein Nacken ist {size}° weiter nach links gebeugt als in "
    "deiner Grundhaltung. Lass beide Schultern sinken und bring den Kopf wieder über sie.",
    "posture.neck_lateral_right.title": "Dein Nacken ist nach rechts gebeugt",
    "posture.neck_lateral_right.text": "Dein Nacken ist {size}° weiter nach rechts gebeugt als in "
    "deiner Grundhaltung. Lass beide Schultern sinken und bring den Kopf wieder über sie.",
    "posture.trunk_lateral_left.title": "Du lehnst dich nach links",
    "posture.trunk_lateral_left.text": "Du lehnst {size}° weiter nach links als in deiner "
    "Grundhaltung. Setz dich wieder auf beide Seiten des Sitzes.",
    "posture.trunk_lateral_right.title": "Du lehnst dich nach rechts",
    "posture.trunk_lateral_right.text": "Du lehnst {size}° weiter nach rechts als in deiner "
    "Grundhaltung. Setz dich wieder auf beide Seiten des Sitzes.",
    "posture.shoulder_tilt_left.title": "Deine linke Schulter hängt",
    "posture.shoulder_tilt_left.text": "Deine linke Schulter hängt {size}° tiefer als in deiner "
    "Grundhaltung. Leg beide Unterarme gleich hoch auf.",
    "posture.shoulder_tilt_right.title": "Deine rechte Schulter hängt",
    "posture.shoulder_tilt_right.text": "Deine rechte Schulter hängt {size}° tiefer als in deiner "
    "Grundhaltung. Leg beide Unterarme gleich hoch auf.",
    "posture.shoulder_shrug_cm.title": "Deine Schultern sind hochgezogen",
    "posture.shoulder_shrug_cm.text": "Deine Schultern sind {size} cm höher als in deiner "
    "Grundhaltung. Atme aus und lass sie sinken.",
    "too_close.title": "Nah am Bildschirm",
    "too_close.text": "Deine Augen sind {size} cm vom Bildschirm entfernt. Rück auf {goal} cm "
    "oder mehr zurück und vergrößere die Schrift, wenn nötig.",
    "stand.title": "Steh kurz auf",
    "stand.text": "Du sitzt seit {sat:length}. Steh auf, geh ein paar Schritte und trink etwas "
    "Wasser.",
    "stand_again.title": "Du sitzt noch immer",
    "stand_again.text": "Jetzt sind es {sat:length}. Ein paar Schritte und ein Glas Wasser täten "
    "dir gut.",
    "stand_rhythm.title": "Steh eine Weile",
    "stand_rhythm.text": "Du sitzt seit {sat:length}. Arbeite jetzt {standing:length} im Stehen.",
    "standing_long.title": "Lange auf den Beinen",
    "standing_long.text": "Du stehst seit {stood:length}. Geh ein paar Schritte oder setz dich "
    "eine Weile.",
    "standing_move.title": "Beweg dich ein wenig",
    "standing_move.text": "Du stehst seit {stood:length}. Geh {moving:length} umher und setz dich "
    "dann.",
    "look_away.title": "Ruh deine Augen aus",
    "look_away.text": "Deine Augen sind seit {near:length} am Bildschirm. Schau {rest:length} lang "
    "in die Ferne: nach draußen, wenn es ein Fenster gibt.",
    "move.title": "Beweg dich ein wenig",
    "move.text": "Du hast dich seit {still:length} kaum bewegt. Streck dich, lehn dich zurück, "
    "setz dich anders hin: Jeder Wechsel ist gut.",
    "lunch.title": "Zeit für die Mittagspause",
    "lunch.text": "Wie wäre es mit einer Pause weg vom Schreibtisch: draußen im Tageslicht, ein "
    "kurzer Spaziergang, ein Gespräch mit jemandem?",
    "daily_hardly.title": "Heute {sat:hours} gesessen",
    "daily_hardly.text": "Auf den Beinen warst du bisher kaum. Ein Spaziergang, ein Telefonat im "
    "Stehen oder eine Besorgung würde helfen.",
    "daily_partly.title": "Heute {sat:hours} gesessen",
    "daily_partly.text": "Auf den Beinen warst du bisher {upright:length} (Ziel: {goal:length}). "
    "Ein Spaziergang, ein Telefonat im Stehen oder eine Besorgung würde helfen.",
    "daily_met.title": "Heute {sat:hours} gesessen",
    "daily_met.text": "Du warst auch {upright:length} auf den Beinen, das ist gut. Ein Spaziergang "
    "würde den Tag abrunden.",
    "daily_last.title": "Heute {sat:hours} gesessen",
    "daily_last.text": "Das ist ein langer Tag im Stuhl. Gibt es etwas, das nicht bis morgen "
    "warten kann?",
    "tip.screen_low.title": "Tipp: Bildschirm höher stellen",
    "tip.screen_low.text": "Diese Woche hast du den Kopf im Schnitt {size}° tiefer gehalten als in "
    "deiner Grundhaltung. Liegt es am Bildschirm, stell ihn höher, bis seine Oberkante etwa auf "
    "Augenhöhe ist.",
    "tip.screen_high.title": "Tipp: Bildschirm tiefer stellen",
    "tip.screen_high.text": "Diese Woche hast du das Kinn im Schnitt {size}° höher gehalten als in "
    "deiner Grundhaltung. Liegt es am Bildschirm, stell ihn tiefer, bis seine Oberkante etwa auf "
    "Augenhöhe ist.",
    "tip.screen_near.title": "Tipp: Bildschirm wegrücken",
    "tip.screen_near.text": "Diese Woche waren deine Augen im Schnitt {size} cm vom Bildschirm "
    "entfernt. {goal} cm oder mehr sind angenehmer; vergrößere die Schrift, wenn sie zu klein "
    "wird.",
    "tip.chair.title": "Tipp: Schau dir deinen Stuhl an",
    "tip.chair.text": "Du hast diese Woche {size} % der Zeit zusammengesunken gesessen. Eine "
    "Lehne, die bis ins Kreuz reicht, und beide Füße am Boden helfen dir, oben zu bleiben.",
    "tip.bag.title": "Tipp: Seite wechseln",
    "tip.bag.text": "Diese Woche hing eine Schulter im Schnitt {size}° tiefer als in deiner "
    "Grundhaltung. Wenn du eine Tasche trägst, wechsle die Seite oder nimm beide Schultern.",
    "tip.stress.title": "Tipp: Ausatmen",
    "tip.stress.text": "Deine Schultern waren diese Woche {size} % der Zeit hochgezogen. Ein "
    "ruhiger Atemzug vor jedem Gespräch und ein paar Schritte danach lassen sie sinken.",
    "tip.breaks.title": "Tipp: Kürzer am Stück",
    "tip.breaks.text": "Diese Woche hast du im Schnitt {size:length} am Stück gesessen. Verbinde "
    "ein paar Schritte mit etwas, das du ohnehin tust: Anruf, Kaffee, erledigte Aufgabe.",
    "tip.shifts.title": "Tipp: Mehr Bewegung im Sitzen",
    "tip.shifts.text": "Diese Woche hast du {size:times} in der Stunde anders gesessen. Mehr "
    "ist besser: zum Lesen zurücklehnen, zum Schreiben vor, die Beine strecken.",
    "tip.blinks.title": "Tipp: Blinzeln",
    "tip.blinks.text": "Du hast am Bildschirm {size:times} in der Minute geblinzelt. Schließ "
    "die Augen ab und zu ganz; auch ein Glas Wasser in Reichweite hilft.",
}
