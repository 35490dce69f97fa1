"""What a translation must have in common with its original, and what tells that it is behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.checks.script import check_course
from lessons.course.reading import read_course
from lessons.model import Course, Finding, Picture
from lessons.translations.facts import find_facts
from lessons.translations.lag import _find_longest_rise
from lessons.translations.pairs import pair_slides
from lessons.translations.record import RECORD_FILE, write_record

ENGLISH = """\
# Light

Light is a wave. Blue light has a wavelength of about 450 nm, and red light one of 700 nm.

## Air

The air scatters blue light most. That is why the sky is blue on each clear day of the year.

- Blue is scattered most.
- Red is scattered least.

## A formula

$$E = h \\nu$$

It has been known since 1905, and it is written in each book about light and about atoms.
"""
FRENCH = """\
# La lumière

La lumière est une onde. La lumière bleue a une longueur d'onde de 450 nm, la rouge, de 700 nm.

## L'air

L'air diffuse surtout le bleu. Voilà pourquoi le ciel est bleu tous les jours de beau temps.

- Le bleu est le plus diffusé.
- Le rouge est le moins diffusé.

## Une formule

$$E = h \\nu$$

On la connaît depuis 1905, et elle se trouve dans chaque livre sur la lumière et les atomes.
"""


def read(root: Path, english: str = ENGLISH, french: str = FRENCH) -> tuple[Course, list[Finding]]:
    (root / "01.md").write_text(english, "utf-8")
    (root / "01.fr.md").write_text(french, "utf-8")
    course, findings = read_course(root)
    return course, [f for f in findings if f.rule.startswith("translation")]


def test_a_right_translation_has_no_finding(tmp_path: Path) -> None:
    course, findings = read(tmp_path)
    assert findings == []
    assert [lesson.id for lesson in course.lessons] == ["01", "01.fr"]
    assert course.lessons[1].original == "01" and course.lessons[1].mark == ".fr"
    assert course.lessons[1].settings.language == "fr"


@pytest.mark.parametrize(
    ("old", "new", "rule", "slide", "told"),
    [
        ("1905", "1906", "translation-differs", 3, "1905 is missing"),
        ("- Le rouge est le moins diffusé.\n", "", "translation-differs", 2, "1 list item"),
        ("E = h \\\\nu", "E = h \\\\lambda", "translation-differs", 3, "a formula differs"),
        ("$$E = h \\nu$$\n", "", "translation-differs", 3, "0 of 1 formula"),
        (FRENCH[FRENCH.index("## L'air") : FRENCH.index("## Une")], "",
         "translation-incomplete", 1, "'Air'"),
        ("## Une formule", "## Encore\n\nUn mot de plus, que personne n'a écrit.\n\n## Une formule",
         "translation-incomplete", 3, "'Encore'"),
        ("L'air diffuse surtout le bleu.", "The air scatters blue light most.",
         "translation-untranslated", 2, "still that of"),
        ("La lumière est une onde. La lumière bleue a une longueur d'onde de 450 nm, la rouge, de "
         "700 nm.", "450 nm, 700 nm.", "translation-short", 1, "says much less"),
    ],
)  # fmt: skip
def test_what_lags_is_found(
    tmp_path: Path, old: str, new: str, rule: str, slide: int, told: str
) -> None:
    old, new = old.replace("\\\\", "\\"), new.replace("\\\\", "\\")
    assert old in FRENCH
    _, findings = read(tmp_path, french=FRENCH.replace(old, new))
    assert [(f.rule, f.place.slide) for f in findings] == [(rule, slide)]
    (finding,) = findings
    assert told in finding.message and finding.message.startswith("French (fr): ")
    assert finding.place.path == "01.fr.md" and finding.remedy


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("1,234.5 m", "1 234,5 m"), ("1,234.5 m", "1\u202f234,5 m"), ("1:30 pm", "13:30"),
        ("12:30", "12 h 30"), ("8:30", "8時30分"), ("from 2 pm", "dès 14 h"),
        ("in 1905", "१९०५ में"), ("42°", "４２度"), ("two", "2"),
    ],
)  # fmt: skip
def test_numbers_are_the_same_however_a_language_writes_them(
    tmp_path: Path, english: str, french: str
) -> None:
    course, _ = read(tmp_path, f"# A\n\nIt is {english}.\n", f"# B\n\nC'est {french}.\n")
    one, other = (find_facts(lesson.slides[0]).numbers for lesson in course.lessons)
    assert one == other


def test_of_other_numbers_of_slides_the_most_alike_ones_are_paired(tmp_path: Path) -> None:
    cut = FRENCH[: FRENCH.index("## L'air")] + FRENCH[FRENCH.index("## Une") :]
    course, _ = read(tmp_path, french=cut)
    original, french = course.lessons
    pairs = pair_slides(original.slides, french.slides)
    assert [(p.original and p.original.number, p.translation and p.translation.number)
            for p in pairs] == [(1, 1), (2, None), (3, 2)]  # fmt: skip


def test_what_was_confirmed_is_behind_once_the_original_changes(tmp_path: Path) -> None:
    course, _ = read(tmp_path)
    write_record(course.root, [(course.lessons[0], course.lessons[1])])
    assert read(tmp_path)[1] == []
    _, findings = read(tmp_path, ENGLISH.replace("Light is a wave.", "Light is a field."))
    assert [(f.rule, f.place.slide) for f in findings] == [("translation-outdated", 1)]
    assert "too" not in findings[0].message
    # The translation was changed as well, so somebody may only have to confirm it.
    _, findings = read(
        tmp_path,
        ENGLISH.replace("Light is a wave.", "Light is a field."),
        FRENCH.replace("est une onde", "est un champ"),
    )
    assert "This slide was changed too" in findings[0].message
    # Lines and slides that only move are not behind.
    moved = ENGLISH.replace("# Light\n", "\n\n# Light\n")
    assert read(tmp_path, moved)[1] == []


def test_slides_that_were_swapped_are_behind(tmp_path: Path) -> None:
    def swap(text: str) -> str:
        first, second, third = text.split("\n## ")
        return f"{first}\n## {third.rstrip()}\n\n## {second}\n"

    course, _ = read(tmp_path)
    write_record(course.root, [(course.lessons[0], course.lessons[1])])
    # Without formulas and numbers, nothing but the record tells them apart.
    course, findings = read(tmp_path, swap(ENGLISH))
    (moved,) = [f for f in findings if f.rule == "translation-outdated"]
    assert "translates slide" in moved.message and "another place" in moved.message
    assert read(tmp_path, swap(ENGLISH), swap(FRENCH))[1] == []


def test_of_slides_in_another_order_as_few_as_can_be_have_moved() -> None:
    assert _find_longest_rise([]) == frozenset()
    assert _find_longest_rise([1, 2, 3]) == {0, 1, 2}
    assert _find_longest_rise([2, 3, 4, 1, 5]) == {0, 1, 2, 4}
    assert len(_find_longest_rise([3, 2, 1])) == 1


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"format": "narrate-translations"}', "[" * 5000,
        '{"format": "narrate-translations", "version": 1, "lessons": {"a": {"slides": [1]}}}',
    ],
)  # fmt: skip
def test_a_damaged_record_is_a_finding(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD_FILE).write_text(text)
    _, findings = read(tmp_path)
    assert [f.rule for f in findings] == ["translation-record"]


def test_a_record_that_leads_out_of_the_course_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "course"
    root.mkdir()
    outside = tmp_path / "outside.json"
    outside.write_text('{"format": "narrate-translations", "version": 1, "lessons": {}}')
    (root / RECORD_FILE).symlink_to(outside)
    assert [f.rule for f in read(root)[1]] == ["translation-record"]


def test_pictures_that_are_left_out_are_the_originals(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    english = ENGLISH.replace("## Air\n", "## Air\n\n![The air.](a.png)\n")
    course, findings = read(tmp_path, english)
    (picture,) = [v for v in course.lessons[1].slides[1].visuals if isinstance(v, Picture)]
    assert (picture.path, picture.alt) == ("a.png", "")  # the description is in another language
    assert findings == []
    (told,) = [f for f in check_course(course, ()) if f.rule == "picture-alt"]
    assert told.place.path == "01.fr.md" and "it stands in '01.md'" in told.message
    assert "described in French (fr)" in told.remedy
    own = FRENCH.replace("## L'air\n", "## L'air\n\n![L'air.](a.png)\n")
    course, _ = read(tmp_path, english, own)
    (picture,) = [v for v in course.lessons[1].slides[1].visuals if isinstance(v, Picture)]
    assert picture.alt == "L'air."
