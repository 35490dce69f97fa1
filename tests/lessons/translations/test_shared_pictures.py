"""The pictures that a translation has from its original."""

from __future__ import annotations

from collections.abc import Callable

from lessons.model import Lesson
from lessons.translations.shared_pictures import share_pictures

Parse = Callable[[str], Lesson]


def test_a_borrowed_picture_belongs_to_the_same_paragraph(parse: Parse) -> None:
    original = parse("# Light\n\nOne. More.\n\nTwo. More.\n\n![b](media/a.png)\n\nThree.\n")
    assert original.slides[0].anchors == (2,)
    other = parse("# Licht\n\nEins.\n\nZwei.\n\nDrei.\n\n- Liste\n")
    slide = share_pictures(original, other).slides[0]
    assert slide.anchors == (3, 1)
    short = parse("# Licht\n\nNur eins.\n")
    (borrowed,) = share_pictures(original, short).slides[0].anchors
    assert borrowed == 0
