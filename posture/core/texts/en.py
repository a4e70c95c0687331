"""English."""

# How numbers, lengths of time and how often are written.
WORDS = {
    "decimal_sign": ".",
    "second.one": "1 second",
    "second.many": "{n} seconds",
    "minute.one": "1 minute",
    "minute.many": "{n} minutes",
    "hour.one": "1 hour",
    "hour.many": "{n} hours",
    "times.none": "less than once",
    "times.one": "once",
    "times.many": "{n} times",
}

TABLE = {
    # posture: what is off, by how much against the user's own neutral, and what to do
    "posture.forward_head_cm.title": "Your head has moved forward",
    "posture.forward_head_cm.text": "Your head is {size} cm further forward than your neutral. "
    "Draw your chin back gently and let the backrest carry you.",
    "posture.forward_head_deg.title": "Your head has moved forward",
    "posture.forward_head_deg.text": "Your neck is bent {size}° further forward than your "
    "neutral. Draw your chin back gently and let the backrest carry you.",
    "posture.slump_cm.title": "You have sunk down",
    "posture.slump_cm.text": "You sit {size} cm lower than your neutral. Slide back in the chair "
    "and grow tall, as if the crown of your head were lifted.",
    "posture.trunk_inclination_deg.title": "You are leaning forward",
    "posture.trunk_inclination_deg.text": "Your back leans {size}° further forward than your "
    "neutral. Slide back until the backrest carries you.",
    "posture.forward_lean_cm.title": "You are leaning forward",
    "posture.forward_lean_cm.text": "You are {size} cm nearer to the screen than your neutral. "
    "Slide back until the backrest carries you.",
    "posture.head_flexion_deg.title": "Your head is bowed",
    "posture.head_flexion_deg.text": "Your head is bowed {size}° further than your neutral. "
    "Raise what you are looking at, or look up for a while.",
    "posture.head_extension_deg.title": "Your chin is raised",
    "posture.head_extension_deg.text": "Your chin is {size}° higher than your neutral. Lower the "
    "screen a little, or sit taller.",
    "posture.neck_lateral_left.title": "Your neck is bent to the left",
    "posture.neck_lateral_left.text": "Your neck is bent {size}° further to the left than your "
    "neutral. Let both shoulders sink and bring your head back over them.",
    "posture.neck_lateral_right.title": "Your neck is bent to the right",
    "posture.neck_lateral_right.text": "Your neck is bent {size}° further to the right than your "
    "neutral. Let both shoulders sink and bring your head back over them.",
    "posture.trunk_lateral_left.title": "You are leaning to the left",
    "posture.trunk_lateral_left.text": "You lean {size}° further to the left than your neutral. "
    "Put your weight on both sides of the seat again.",
    "posture.trunk_lateral_right.title": "You are leaning to the right",
    "posture.trunk_lateral_right.text": "You lean {size}° further to the right than your neutral. "
    "Put your weight on both sides of the seat again.",
    "posture.shoulder_tilt_left.title": "Your left shoulder hangs",
    "posture.shoulder_tilt_left.text": "Your left shoulder hangs {size}° lower than in your "
    "neutral. Rest both forearms at the same height.",
    "posture.shoulder_tilt_right.title": "Your right shoulder hangs",
    "posture.shoulder_tilt_right.text": "Your right shoulder hangs {size}° lower than in your "
    "neutral. Rest both forearms at the same height.",
    "posture.shoulder_shrug_cm.title": "Your shoulders are raised",
    "posture.shoulder_shrug_cm.text": "Your shoulders are {size} cm higher than your neutral. "
    "Breathe out and let them sink.",
    # the other reminders
    "too_close.title": "Close to the screen",
    "too_close.text": "Your eyes are {size} cm from the screen. Move back to {goal} cm or more, "
    "and enlarge the text if you need to.",
    "stand.title": "Stand up for a moment",
    "stand.text": "You have been sitting for {sat:length}. Stand up, walk a few steps and drink "
    "some water.",
    "stand_again.title": "Still sitting",
    "stand_again.text": "It is {sat:length} now. A few steps and a glass of water would do you "
    "good.",
    "stand_rhythm.title": "Stand up for a while",
    "stand_rhythm.text": "You have been sitting for {sat:length}. Work on your feet for "
    "{standing:length} now.",
    "standing_long.title": "A long time on your feet",
    "standing_long.text": "You have been standing for {stood:length}. Walk a few steps, or sit "
    "down for a while.",
    "standing_move.title": "Move a little",
    "standing_move.text": "You have been standing for {stood:length}. Walk about for "
    "{moving:length}, then sit down.",
    "look_away.title": "Rest your eyes",
    "look_away.text": "Your eyes have been on the screen for {near:length}. Look at something far "
    "away for {rest:length}: outside, if there is a window.",
    "move.title": "Shift a little",
    "move.text": "You have hardly moved for {still:length}. Stretch, lean back, change how you "
    "sit: any change is good.",
    "lunch.title": "Time for lunch",
    "lunch.text": "How about lunch away from the desk: outside in the daylight, a short walk, a "
    "chat with someone?",
    # the day's sitting: hardly, partly or as wanted on the feet so far
    "daily_hardly.title": "{sat:hours} of sitting today",
    "daily_hardly.text": "You have hardly been on your feet so far. A walk, a call taken standing "
    "or an errand would help.",
    "daily_partly.title": "{sat:hours} of sitting today",
    "daily_partly.text": "You have been on your feet for {upright:length} so far (goal: "
    "{goal:length}). A walk, a call taken standing or an errand would help.",
    "daily_met.title": "{sat:hours} of sitting today",
    "daily_met.text": "You have also been on your feet for {upright:length}, which is good. A walk "
    "would round the day off.",
    "daily_last.title": "{sat:hours} of sitting today",
    "daily_last.text": "That is a long day in a chair. Is there anything that cannot wait until "
    "tomorrow?",
    # tips, each from what was measured
    "tip.screen_low.title": "Tip: raise the screen",
    "tip.screen_low.text": "This week you held your head {size}° lower than your neutral on "
    "average. If that is for the screen, raise it until its top edge is about level with your "
    "eyes.",
    "tip.screen_high.title": "Tip: lower the screen",
    "tip.screen_high.text": "This week you held your chin {size}° higher than your neutral on "
    "average. If that is for the screen, lower it until its top edge is about level with your "
    "eyes.",
    "tip.screen_near.title": "Tip: push the screen back",
    "tip.screen_near.text": "This week your eyes were {size} cm from the screen on average. "
    "{goal} cm or more is easier on them; enlarge the text if it gets too small.",
    "tip.chair.title": "Tip: look at your chair",
    "tip.chair.text": "You sat slumped for {size}% of the time this week. A backrest that reaches "
    "the small of your back, and feet flat on the floor, help you to stay up.",
    "tip.bag.title": "Tip: change sides",
    "tip.bag.text": "This week one shoulder hung {size}° lower than in your neutral on average. If "
    "you carry a bag, change sides or use both shoulders.",
    "tip.stress.title": "Tip: breathe out",
    "tip.stress.text": "Your shoulders were raised for {size}% of the time this week. A slow "
    "breath before each call, and a short walk after it, let them sink.",
    "tip.breaks.title": "Tip: shorter stretches",
    "tip.breaks.text": "This week you sat for {size:length} at a time on average. Tie a short walk "
    "to something you do anyway: a call, a coffee, a finished task.",
    "tip.shifts.title": "Tip: fidget more",
    "tip.shifts.text": "This week you changed how you sit {size:times} an hour. More is better: "
    "lean back to read, forward to write, stretch your legs.",
    "tip.blinks.title": "Tip: blink",
    "tip.blinks.text": "You blinked {size:times} a minute at the screen. Close your eyes fully now "
    "and then; a glass of water nearby helps too.",
}
