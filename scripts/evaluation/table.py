"""The result as text, in one column of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evaluation.accuracy import Accuracy, Naming, Separation
from evaluation.goals import Goal, Parts
from evaluation.presence import Clips
from evaluation.rates import rate_name
from evaluation.reminders import InMode, Reminders
from evaluation.scoring import DISTANCE_PERCENT, PresenceErrors, Sample, Scores
from evaluation.sequences import AtRate, Delay, Sequences
from evaluation.stills import Stills
from evaluation.traces import Traces

_NONE = "–"
# What a group's row shows: measure → heading.
_IN_GROUPS = {
    DISTANCE_PERCENT: "dist %",
    "head_flexion_deg": "flex °",
    "head_roll_deg": "roll °",
    "forward_head_deg": "fwd °",
    "neck_lateral_deg": "neck °",
    "shoulder_tilt_deg": "shld °",
    "trunk_inclination_deg": "trnk °",
    "trunk_lateral_deg": "side °",
    "slump_cm": "slmp cm",
    "forward_lean_cm": "lean cm",
}
_PEOPLE = """\
People apart. Nothing is trained on the person who is measured: each is calibrated from their own
upright pictures only. But the program's fixed numbers were chosen while looking at these same
rendered people: a row is what one of them gets, and unseen people may get less. Over the people:"""


def render(parts: Parts, found: Sequence[Goal]) -> str:
    """The whole report."""
    lines: list[str] = []
    if parts.stills is not None:
        lines += _stills(parts.stills)
    if parts.sequences is not None:
        lines += _sequences(parts.sequences)
    if parts.reminders is not None:
        lines += _reminders(parts.reminders)
    if parts.traces is not None:
        lines += _traces(parts.traces)
    if parts.presence is not None:
        lines += _clips(parts.presence)
    if parts.stress is not None:
        lines += _title("The single pictures as worse cameras would have taken them")
        lines += _groups({"": parts.stress.scores})
    return "\n".join([*lines, *_goals(found)])


def worst(samples: Iterable[Sample], count: int) -> str:
    """The pictures with the largest error of each measure, and those named wrong."""
    samples = list(samples)
    lines = _title(f"The {count} worst pictures of each measure: told (true)")
    for name in _measures(samples):
        errors = sorted(
            (
                (abs(told - sample.truth.measures[name]), sample, told)
                for sample in samples
                if name in sample.truth.measures
                and (told := sample.reading.metrics.get(name)) is not None
            ),
            key=lambda item: -item[0],
        )
        for _, sample, told in errors[:count]:
            lines.append(
                f"{name:24}{sample.name:26}{told:8.1f} ({sample.truth.measures[name]:.1f})"
            )
    lines += _title("Named wrong: true, told")
    for sample in samples:
        true, told_label = sample.truth.label, sample.reading.label
        if true is not None and told_label is not true:
            lines.append(f"{sample.name:26}{true.value:20}{told_label.value}")
    return "\n".join(lines)


def _measures(samples: Sequence[Sample]) -> list[str]:
    return sorted({name for sample in samples for name in sample.truth.measures})


def _stills(stills: Stills) -> list[str]:
    lines = _title(f"Single pictures of rendered people: {stills.overall.pictures}")
    for name, why in stills.refused.items():
        lines.append(f"{name} could not be calibrated: {why}")
    lines += [*_scores(stills.overall), "", *_confusion(stills.overall.labels), ""]
    lines += _groups(stills.groups)
    lines += ["", *_spread(stills.groups.get("person", {}))]
    if stills.left_out is not None:
        lines.append(
            "label macro-F1 with thresholds chosen anew without the person: "
            f"{_number(stills.left_out.macro_f1, 3)}"
        )
    return lines


def _sequences(sequences: Sequences) -> list[str]:
    lines: list[str] = []
    for rate in sequences.rates:
        name = rate_name(rate.fps)
        lines += _title(f"Sequences of rendered people, {name}: {rate.scores.pictures} settled")
        lines += [*_scores(rate.scores), "", *_events(rate)]
    lines += _title("Do fewer pictures tell the same? Share of moments, away from changes")
    for agreement in sequences.agreement:
        lines.append(
            f"{rate_name(agreement.fps)}: label {_percent(agreement.labels)}, "
            f"levels {_percent(agreement.states)} ({agreement.moments} moments)"
        )
    return lines


def _events(rate: AtRate) -> list[str]:
    lines = [
        f"Changes told: {rate.owed - rate.missed} of {rate.owed}; wrong stretches: "
        f"{len(rate.extras)}",
        f"  after half of the move {_delay(rate.delay)}, "
        f"after all of it {_delay(rate.delay_arrived)}",
    ]
    for event in rate.events:
        late = event.told_s is None or event.told_s > rate.settle_s
        if late and not event.brief:
            told = "never" if event.told_s is None else f"after {event.told_s:.1f} s"
            lines.append(
                f"  {event.sequence} {event.at_s:6.1f} s {event.before} → {event.after}: {told}"
            )
    lines += [
        f"  {extra.sequence} {extra.from_s:6.1f}–{extra.to_s:.1f} s told {extra.told}, "
        f"true {extra.true}"
        for extra in rate.extras
    ]
    return lines


def _reminders(reminders: Reminders) -> list[str]:
    lines: list[str] = []
    for mode in reminders.modes:
        lines += _title(f"posture replay on the sequences, {mode.mode}: called for, told")
        lines += _reminders_in(mode)
        for played in reminders.played:
            if played.mode != mode.mode:
                continue
            shown = [
                *(
                    (pair.at_s, pair.what, f"{pair.delay_s:+.1f} s")
                    for pair in played.told
                    if pair.what.startswith("reminder ") or abs(pair.delay_s) > 2 * mode.stretch
                ),
                *((one.at_s, one.what, "never told") for one in played.missing),
                *((one.at_s, one.what, "not called for") for one in played.extra),
            ]
            lines += [
                f"  {played.sequence} {at_s:7.1f} s {what:24}{how}"
                for at_s, what, how in sorted(shown)
            ]
    return lines


def _reminders_in(mode: InMode) -> list[str]:
    return [
        f"Reminders: {mode.owed - mode.missed} of {mode.owed}, {mode.extra} not called for; off by "
        f"{_delay(mode.delay)}",
        f"Other events: {mode.events_owed - mode.events_missed} of {mode.events_owed}, "
        f"{mode.events_extra} not called for; off by {_delay(mode.events_delay)}",
    ]


def _delay(delay: Delay) -> str:
    return (
        f"median {_number(delay.median_s, 1)} s, 90 % {_number(delay.p90_s, 1)} s, "
        f"worst {_number(delay.worst_s, 1)} s"
    )


def _traces(traces: Traces) -> list[str]:
    lines = _title(f"Real people, upright or slouched: {traces.bursts} bursts")
    lines.append(
        f"{'score without calibration':52}{_auc(traces.stranger)}, "
        f"right of 50: {_percent(traces.right)}"
    )
    for name, each in traces.by_source.items():
        lines.append(f"{'  ' + name:52}{_auc(each)}")
    for name, fitted in traces.left_out.items():
        lines.append(
            f"{'  refitted without ' + name + ', tested on it':52}{_auc(fitted.separation)}, "
            f"right: {_percent(fitted.right)}"
        )
    for name, calibrated in traces.calibrated.items():
        lines.append(
            f"{'  calibrated within ' + name:52}AUC {_number(calibrated.auc_median, 3)} median, "
            f"{_number(calibrated.auc_lowest, 3)} lowest of {calibrated.neutrals} neutrals "
            f"({calibrated.refused} refused); without {_number(calibrated.uncalibrated_auc, 3)}"
        )
    return lines


def _clips(clips: Clips) -> list[str]:
    lines = _title("Real clips: who is there (pictures alone | held over time, away from changes)")
    lines.append(f"{'clip':36}{'in view':10}{'n':>5}{'present':>9}{'away':>6}{'unknown':>9}  |")
    for name, views in clips.clips.items():
        for kind, view in views.items():
            alone, held = _told(view.told), _told(view.held)
            lines.append(
                f"{name:36}{kind:10}{view.pictures:5}{alone}  |{view.held_pictures:5}{held}"
            )
    return lines


def _told(told: Mapping[str, int]) -> str:
    return f"{told['present']:9}{told['away']:6}{told['unknown']:9}"


def _goals(found: Sequence[Goal]) -> list[str]:
    lines = _title("Goals")
    for goal in found:
        bound = f"{'≤' if goal.most else '≥'} {goal.bound:g}{goal.unit}"
        measured = _number(goal.measured, 2 if goal.bound else 0)
        lines.append(
            f"{goal.name:64}{measured:>8}{goal.unit:4}{bound:>10}  "
            f"{'met' if goal.met else 'NOT MET':8}n {goal.n}"
        )
    return lines


def _scores(scores: Scores) -> list[str]:
    lines = [f"{'measure':28}{'MAE':>8}{'P95':>8}{'bias':>8}{'abstained':>11}{'n':>7}"]
    for name, each in scores.measures.items():
        lines.append(f"{name:28}{_errors(each)}")
    names = {
        "forward_head": "forward head ≥ 10° from ≤ 5°",
        "slump": "slump ≥ 2.5 cm from ≤ 1.5 cm",
        "slump_by_label": "slump, slouch from upright",
        "score": "score, poor from upright",
    }
    for name, title in names.items():
        lines.append(f"{title:36}{_auc(scores.separations[name])}")
    lines.append(_presence(scores.presence))
    lines.append(
        f"label: macro-F1 {_number(scores.labels.macro_f1, 3)}, "
        f"right {_percent(scores.labels.right)} of {scores.labels.n}"
    )
    return lines


def _errors(each: Accuracy) -> str:
    return (
        f"{_number(each.mae, 2):>8}{_number(each.p95, 2):>8}{_number(each.bias, 2):>8}"
        f"{_percent(each.abstention):>11}{each.n:7}"
    )


def _auc(each: Separation) -> str:
    return (
        f"AUC {_number(each.auc, 3)} ({each.positive} : {each.negative}, "
        f"{each.abstained} abstained)"
    )


def _presence(errors: PresenceErrors) -> str:
    return (
        f"presence: user there {errors.present}, told away {errors.told_away}, unknown "
        f"{errors.present_unknown}; not there {errors.absent}, told present "
        f"{errors.told_present}, unknown {errors.absent_unknown}"
    )


def _confusion(labels: Naming) -> list[str]:
    lines = [f"{'true label':20}{'F1':>6}  told"]
    for label, row in labels.confusion.items():
        told = ", ".join(
            f"{name} {count}" for name, count in sorted(row.items(), key=lambda item: -item[1])
        )
        lines.append(f"{label:20}{labels.f1[label]:6.2f}  {told}")
    return lines


def _groups(groups: Mapping[str, Mapping[str, Scores]]) -> list[str]:
    heads = "".join(f"{head:>8}" for head in _IN_GROUPS.values())
    lines = [f"{'mean error by group':20}{heads}{'F1':>7}{'pres.':>7}{'n':>6}"]
    for kind, members in groups.items():
        for name, scores in members.items():
            cells = "".join(
                f"{_number(scores.measures[measure].mae, 2):>8}" for measure in _IN_GROUPS
            )
            errors = scores.presence.told_away + scores.presence.told_present
            lines.append(
                f"{kind + ' ' + name:20}{cells}{_number(scores.labels.macro_f1, 2):>7}"
                f"{errors:7}{scores.pictures:6}"
            )
    return lines


def _spread(people: Mapping[str, Scores]) -> list[str]:
    lines = [*_PEOPLE.splitlines()]
    for measure in _IN_GROUPS:
        errors = {name: each.measures[measure].mae for name, each in people.items()}
        lines.append(_range(measure, {k: v for k, v in errors.items() if v is not None}, most=True))
    f1 = {name: each.labels.macro_f1 for name, each in people.items()}
    lines.append(
        _range("label macro-F1", {k: v for k, v in f1.items() if v is not None}, most=False)
    )
    return lines


def _range(title: str, values: Mapping[str, float], *, most: bool) -> str:
    if not values:
        return f"{title:28}{_NONE}"
    worst_name = (max if most else min)(values, key=lambda name: values[name])
    low, high = min(values.values()), max(values.values())
    return f"{title:28}worst {values[worst_name]:.2f} ({worst_name}), {low:.2f} to {high:.2f}"


def _title(text: str) -> list[str]:
    return ["", text, "-" * len(text)]


def _number(value: float | None, decimals: int) -> str:
    return _NONE if value is None else f"{value:.{decimals}f}"


def _percent(value: float | None) -> str:
    return _NONE if value is None else f"{100 * value:.1f} %"
