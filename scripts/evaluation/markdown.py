"""The evaluation's summary as the tables of the documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markdown_table import table

from evaluation.rates import rate_name

Summary = Mapping[str, Any]

# Measure, unit, decimals, goal: of docs/accuracy.md and the README.
ROWS = (
    ("distance_percent", "viewing distance (35–100 cm, head within 25°)", " %", 1, "2 % / 5 %"),
    ("head_flexion_deg", "head flexion", "°", 1, "5°"),
    ("head_yaw_deg", "head yaw", "°", 1, "–"),
    ("head_roll_deg", "head roll", "°", 1, "2°"),
    ("shoulder_tilt_deg", "shoulder tilt", "°", 1, "2°"),
    ("trunk_lateral_deg", "lateral trunk lean", "°", 1, "2°"),
    ("neck_lateral_deg", "lateral neck flexion", "°", 1, "2°"),
    ("trunk_inclination_deg", "trunk inclination", "°", 1, "5°"),
    ("forward_head_deg", "forward head (loss of craniovertebral angle)", "°", 1, ""),
    ("slump_cm", "slump (loss of sitting height)", " cm", 1, ""),
    ("forward_lean_cm", "forward lean", " cm", 1, "2.5 cm"),
)
_SEPARATED = {
    "forward_head_deg": ("forward_head", "for ≥ 10° from ≤ 5°", 0.90),
    "slump_cm": ("slump", "for ≥ 2.5 cm from ≤ 1.5 cm", 0.85),
}
# Why a goal is missed; a missed goal without a reason here makes the documents stale.
_WHY = {
    "from the move's end, worst": (
        "one change of thirty: shoulders of which one sinks by little more than the measure's"
        " error are told late"
    ),
    "reminders, as recorded, patience of seconds: missed": (
        "in one sequence the eyes come to 49.4–51 cm, measured 50.0–51.5: within the error of"
        " distance the limit of 50 cm is not crossed"
    ),
    "reminders, as recorded, patience of seconds: off, 90 %": (
        "forward head is estimated too small (14.7° is read as 11.3°), so the budget drains at"
        " the slower rate of the warning"
    ),
    "reminders, ten times as long, default settings: off, 90 %": (
        "the same two: 49.4–51 cm against the limit of 50, and a forward head read too small"
    ),
}


def measured(summary: Summary) -> str:
    """Every measure with its error over the single pictures: the README's table."""
    overall = summary["stills"]["overall"]
    rows = []
    for name, told, unit, decimals, goal in ROWS:
        each = overall["measures"][name]
        wanted = goal
        if name in _SEPARATED:
            key, between, least = _SEPARATED[name]
            wanted = f"AUC {overall['separations'][key]['auc']:.2f} {between}, goal {least:.2f}"
        error, most = (f"{each[part]:.{decimals}f}{unit}" for part in ("mae", "p95"))
        rows.append((told, error, most, wanted))
    worst = min(group["f1"] for group in summary["stills"]["by"]["person"].values())
    left_out = f"0.90; with thresholds chosen anew without the person {_f1(summary)}"
    rows.append(
        (
            f"posture label ({len(overall['labels']['f1'])} classes)",
            f"macro-F1 {overall['labels']['macro_f1']:.2f}",
            f"worst person {worst:.2f}",
            left_out,
        )
    )
    aucs = " and ".join(
        f"{each['separation']['auc']:.3f}" for each in summary["traces"]["left_out"].values()
    )
    rows.append(
        (
            "real laptop webcams, upright or slouched, no calibration",
            f"AUC {aucs}",
            "one source left out",
            "0.97",
        )
    )
    return table(("measure", "mean error", "95 % within", "goal"), rows)


def goals(summary: Summary) -> str:
    """Every goal, met or not, and why not."""
    rows = []
    for goal in summary["goals"]:
        name = goal["name"].strip()
        number = "–" if goal["measured"] is None else f"{goal['measured']:.3g}{goal['unit']}"
        bound = f"{'≤' if goal['most'] else '≥'} {goal['bound']:g}{goal['unit']}"
        met = "met" if goal["met"] else f"**not met**: {_WHY[name]}"
        rows.append((name, number, bound, met))
    return table(("what", "measured", "goal", ""), rows)


def groups(summary: Summary) -> str:
    """Errors by person, camera place and light."""
    return _by(
        {
            f"{by} {name}": scores
            for by, each in summary["stills"]["by"].items()
            for name, scores in each.items()
        }
    )


def stress(summary: Summary) -> str:
    """Errors of the same pictures as worse cameras would have taken them."""
    return _by(summary["stress"])


def _by(groups: Mapping[str, Mapping[str, Any]]) -> str:
    shown = [row for row in ROWS if row[0] != "head_yaw_deg"]
    heads = [told.split(" (")[0] for _, told, *_ in shown]
    rows = []
    for name, scores in groups.items():
        errors = [
            "–" if scores["mae"][key] is None else f"{scores['mae'][key]:.{decimals}f}{unit}"
            for key, _, unit, decimals, _ in shown
        ]
        away = f"{scores['presence']['told_away']} of {scores['presence']['present']}"
        rows.append((name, str(scores["pictures"]), *errors, f"{scores['f1']:.2f}", away))
    return table(("", "pictures", *heads, "label F1", "told away"), rows)


def labels(summary: Summary) -> str:
    """How often each label is right, and what else was told."""
    naming = summary["stills"]["overall"]["labels"]
    rows = []
    for label, f1 in naming["f1"].items():
        told = sorted(naming["confusion"].get(label, {}).items(), key=lambda pair: -pair[1])
        rows.append(
            (
                f"`{label}`",
                "–" if f1 is None else f"{f1:.2f}",
                ", ".join(f"{name} {n}" for name, n in told),
            )
        )
    return table(("true label", "F1", "told"), rows)


def rates(summary: Summary) -> str:
    """The same sequences at other picture rates."""
    agreement = {each["fps"]: each for each in summary["agreement"]}
    rows = []
    for rate in summary["sequences"]:
        same = agreement.get(rate["fps"])
        rows.append(
            (
                rate_name(rate["fps"]) + (" (3 a second)" if rate["fps"] is None else ""),
                f"{rate['f1']:.2f}",
                f"{rate['owed'] - rate['missed']} of {rate['owed']}",
                f"{rate['delay']['median_s']:.1f} s / {rate['delay']['p90_s']:.1f} s",
                f"{rate['delay_arrived']['p90_s']:.1f} s",
                "" if same is None else f"{100 * same['labels']:.1f} %",
                "" if same is None else f"{100 * same['states']:.1f} %",
            )
        )
    return table(
        (
            "pictures",
            "label F1",
            "changes told",
            "after half of the move, median / 90 %",
            "after all of it, 90 %",
            "same label",
            "same levels",
        ),
        rows,
    )


def real(summary: Summary) -> str:
    """The score on real people, without and with a calibration."""
    traces = summary["traces"]
    rows = []
    for name, source in traces["by_source"].items():
        own = traces["calibrated"][name]
        median = "–" if own["auc_median"] is None else f"{own['auc_median']:.2f}"
        lowest = "–" if own["auc_lowest"] is None else f"{own['auc_lowest']:.2f}"
        rows.append(
            (
                name,
                f"{source['negative']} / {source['positive']}",
                f"{source['auc']:.3f}",
                f"{traces['left_out'][name]['separation']['auc']:.3f}",
                f"{median} (lowest {lowest} of {own['neutrals']})",
            )
        )
    return table(
        (
            "source",
            "bursts upright / slouched",
            "AUC without calibration",
            "its numbers fitted without this source",
            "calibrated on three of its upright bursts",
        ),
        rows,
    )


def clips(summary: Summary) -> str:
    """Who was told to be in the real clips."""
    rows = []
    for clip, views in summary["presence"]["clips"].items():
        for view, each in views.items():
            held = each["held"]
            told = ", ".join(f"{name} {n}" for name, n in held.items() if n)
            rows.append((clip, view, str(each["held_pictures"]), told))
    return table(("clip", "in view", "pictures", "told"), rows)


def _f1(summary: Summary) -> str:
    return f"{summary['stills']['left_out_f1']:.2f}"
