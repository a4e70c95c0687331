from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from posture.desktop.canvas import GREEN, INK, PAPER, SHEET, Canvas

SIZES = [(1120, 700), (640, 480), (1280, 720), (480, 300), (2560, 1600), (700, 1200), (1, 1)]


@pytest.mark.parametrize("size", SIZES)
def test_everything_can_be_drawn_at_every_size(size: tuple[int, int]) -> None:
    canvas = Canvas(size)

    canvas.write((40, 40), "Größe", 32, bold=True)
    canvas.paragraph((40, 80), "one two three four", 60)
    canvas.card((10, 10, 200, 100), 18, GREEN, INK)
    canvas.ring((300, 300), 90, 8, GREEN, 0.3)
    canvas.stroke([(0, 0), SHEET], 3, INK)
    canvas.picture((100, 100, 420, 340), Image.new("RGB", (64, 48)), 18)
    canvas.clickable((0, 0, 10, 10), "enter")

    assert canvas.image.size == size


def test_no_size_is_an_error() -> None:
    with pytest.raises(ValueError, match="positive"):
        Canvas((0, 480))


def test_the_sheet_stays_in_the_middle_of_a_wide_window() -> None:
    canvas = Canvas((2000, 700))
    canvas.card((0, 0, *SHEET), 0, INK)

    columns = np.nonzero((np.asarray(canvas.image)[350] == INK).all(axis=1))[0]
    assert (columns[0], columns[-1]) == (440, 1559)


def test_a_ring_shows_its_share_clockwise_from_the_top() -> None:
    canvas = Canvas((1120, 700))
    canvas.ring((500, 300), 100, 10, GREEN, 0.25)

    def painted(x: int, y: int) -> bool:
        return canvas.image.getpixel((x, y)) == GREEN

    assert painted(500 + 70, 300 - 71)
    assert not painted(500 + 70, 300 + 71)
    assert not painted(500 - 70, 300 + 71)
    assert not painted(500 - 70, 300 - 71)


def test_a_number_keeps_its_unit_on_its_line() -> None:
    canvas = Canvas((1120, 700))

    lines = canvas.broken("The picture says about 69 cm, give or take a quarter.", 190, 17)

    assert len(lines) > 2
    assert sum("69\N{NO-BREAK SPACE}cm" in line for line in lines) == 1


def test_edges_are_smooth() -> None:
    canvas = Canvas((1120, 700))
    canvas.disc((500, 300), 40.3, INK)

    shades = set(np.asarray(canvas.image.convert("L"))[300].tolist())
    assert len(shades) > 2


def test_paragraphs_keep_to_their_width() -> None:
    canvas = Canvas((1120, 700))
    text = "Sit where you work and see that your face and both shoulders are in the picture."

    below = canvas.paragraph((100, 100), text, 200)

    *lines, whole = canvas.texts
    assert whole == text
    assert " ".join(lines) == text
    assert all(canvas.width(line, 20) <= 200 for line in lines)
    assert below == pytest.approx(100 + len(lines) * 20 * 1.42)
    ink = np.nonzero((np.asarray(canvas.image) != PAPER).any(axis=2))
    assert ink[1].max() < 302


def test_clicks_are_found_in_pixels() -> None:
    canvas = Canvas((560, 350))
    canvas.clickable((100, 200, 300, 400), "enter")

    assert canvas.targets[0].box == (50, 100, 150, 200)


@pytest.mark.parametrize("letter", "äöüßÄÖÜé“„”…°→·×")
def test_the_font_has_what_the_texts_need(letter: str) -> None:
    def drawn(text: str) -> bytes:
        canvas = Canvas((1120, 700))
        canvas.write((500, 300), text, 60)
        return canvas.image.tobytes()

    assert drawn(letter) != drawn("\uffff")
