"""A picture for the user's own eyes: small, in memory only."""

from __future__ import annotations

from posture.sense.frame import Frame

WIDEST_PX = 640
# Good enough to see oneself by; chosen.
_QUALITY = 80


def jpeg_of(frame: Frame) -> bytes | None:
    """Return *frame* as JPEG, at most 640 px wide; None if it cannot be made."""
    from posture.sense.opencv import cv2  # noqa: PLC0415 - a trace does without

    image = frame.image
    height, width = image.shape[:2]
    if width > WIDEST_PX:
        size = (WIDEST_PX, max(1, round(height * WIDEST_PX / width)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
    ok, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes() if ok else None
