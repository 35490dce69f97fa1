"""Text that has been rewritten, and where it comes from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from foundation.problem import Place
from lessons.markdown.source import Edit, Source, join_sources

TEXT = "one two three\nfour five\nsix\n"


def origins(source: Source) -> str:
    """The characters of the file from which those of the text come, in its order."""
    return "".join(source.file.text[source.find_offset(at)] for at in range(len(source)))


def test_a_file_is_its_own_origin() -> None:
    source = Source.of("a.md", TEXT)
    assert source.is_file and origins(source) == TEXT
    assert source.edit([]) is source


def test_what_stays_keeps_its_origin() -> None:
    source = Source.of("a.md", TEXT).edit([Edit(4, 8), Edit(14, 18, ("4",))])
    assert source.text == "one three\n4 five\nsix\n"
    assert origins(source) == "one three\nf five\nsix\n"
    assert not source.is_file
    assert source.find_line(source.text.index("six")) == 3


def test_a_part_that_moves_takes_its_origin_along() -> None:
    source = Source.of("a.md", TEXT)
    moved = source.edit([Edit(0, 4), Edit(13, 13, (" ", source[0:3]))])
    assert moved.text == "two three one\nfour five\nsix\n"
    assert moved.find_offset(moved.text.index("one")) == 0
    again = moved.edit([Edit(0, 4)])
    assert again.find_offset(again.text.index("one")) == 0
    assert again.find_offset(again.text.index("three")) == 8


def test_of_two_edits_at_the_same_place_the_later_one_is_left_out() -> None:
    source = Source.of("a.md", TEXT).edit([Edit(0, 7, ("x",)), Edit(4, 9, ("y",))])
    assert source.text == "x three\nfour five\nsix\n"


def test_insertions_at_one_place_keep_their_order() -> None:
    source = Source.of("a.md", "ab").edit([Edit(1, 1, ("1",)), Edit(1, 1, ("2",))])
    assert source.text == "a12b"


def test_another_file_is_named_in_places_and_stands_at_its_line_for_the_rest() -> None:
    source = Source.of("a.md", TEXT)
    other = Source.of("parts/b.md", "first\nsecond\n").edit([Edit(0, 6)])
    whole = source.edit([Edit(14, 24, (source.insert_file(other, 14),))])
    assert whole.text == "one two three\nsecond\nsix\n"
    at = whole.text.index("cond")
    assert whole.find_place(at) == Place("parts/b.md", 2)
    assert whole.find_line(at) == 2 and whole.find_offset(at) == 14
    assert whole.find_place(whole.text.index("six")) == Place("a.md", 3)


def test_sources_in_a_row() -> None:
    source = Source.of("a.md", TEXT)
    row = join_sources([source[14:18], " and ", source[0:3]], source, at=5)
    assert row.text == "four and one"
    assert [row.find_offset(at) for at in (0, 4, 9)] == [14, 5, 0]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.text("xy", max_size=3))))
def test_whatever_is_edited_the_rest_is_where_it_was(changes: list[tuple[int, int, str]]) -> None:
    text = "".join(chr(ord("A") + n) for n in range(46))  # every character only once
    source = Source.of("a.md", text)
    for start, length, new in changes:
        end = min(start + length, len(source))
        source = source.edit([Edit(min(start, end), end, (new,))])
    for at, char in enumerate(source.text):
        if char not in "xy":
            assert source.find_offset(at) == text.index(char)
        assert 0 <= source.find_offset(at) <= len(text)


@given(st.integers(0, 27), st.integers(0, 27))
def test_a_slice_is_the_text_with_its_origins(start: int, end: int) -> None:
    source = Source.of("a.md", TEXT).edit([Edit(4, 8, ("2",))])
    part = source[start:end]
    assert part.text == source.text[start:end]
    expected = [source.find_offset(at) for at in range(start, min(end, len(source)))]
    assert [part.find_offset(at) for at in range(len(part))] == expected


def test_a_stretch_ends_behind_its_own_last_character() -> None:
    source = Source.of("a.md", "one{.x} two").edit([Edit(3, 7)])
    assert source.text == "one two"
    assert (source.find_end(3), source.find_offset(3)) == (3, 7)
