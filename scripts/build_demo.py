"""Cut the demo clip from a rendered sequence with known posture: `build_demo.py SEQUENCE.mp4`.

The sequence is seqA0 of the test data (a rendered person, CC0). Ranges are frames in it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import cv2

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "posture" / "demo"

# label, first frame, end frame
STORY = (
    ("upright", 0, 36),
    ("slouch", 90, 116),
    ("upright", 270, 296),
    ("too_close", 330, 350),
    ("upright", 450, 470),
    ("away", 495, 530),
    ("upright", 623, 660),
)
CALIBRATE_S = 10.0
DISTANCE_CM = 62.0
TIME_SCALE = 90


def main() -> int:
    """Write demo.mp4 and demo.json beside the package's code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sequence", type=Path)
    args = parser.parse_args()
    clip = cv2.VideoCapture(str(args.sequence))
    fps = clip.get(cv2.CAP_PROP_FPS)
    if not clip.isOpened() or fps <= 0:
        print(f"{args.sequence} cannot be read", file=sys.stderr)
        return 1
    size = (int(clip.get(cv2.CAP_PROP_FRAME_WIDTH)), int(clip.get(cv2.CAP_PROP_FRAME_HEIGHT)))
    OUT.mkdir(exist_ok=True)
    out = cv2.VideoWriter(str(OUT / "demo.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), fps, size)
    story = []
    written = 0
    for label, first, end in STORY:
        story.append({"label": label, "from_s": round(written / fps, 2)})
        clip.set(cv2.CAP_PROP_POS_FRAMES, first)
        for _ in range(first, end):
            ok, picture = clip.read()
            if not ok:
                print(f"{args.sequence} ends too early", file=sys.stderr)
                return 1
            out.write(picture)
            written += 1
    out.release()
    (OUT / "demo.json").write_text(
        json.dumps(
            {
                "about": "A rendered person (MakeHuman assets, CC0) at a desk; nobody real.",
                "calibrate_s": CALIBRATE_S,
                "distance_cm": DISTANCE_CM,
                "time_scale": TIME_SCALE,
                "story": story,
            },
            indent=2,
        )
        + "\n"
    )
    print(f"{written / fps:.0f} s, {(OUT / 'demo.mp4').stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
