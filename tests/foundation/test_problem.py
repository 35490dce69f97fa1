from __future__ import annotations

import pickle

import pytest

from avatar.errors import ConsentError, PhotoError
from foundation.problem import Place, Problem, ProblemError
from lessons.errors import CourseError


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place("a.md"), "a.md"),
        (Place("a.md", 3), "a.md:3"),
        (Place("a.md", 3, 2), "a.md:3 (slide 2)"),
        (Place(slide=2), "slide 2"),
        (Place(line=7), "line 7"),
        (Place("a.md", slide=2), "a.md (slide 2)"),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(place: Place, text: str) -> None:
    assert str(place) == text


def test_what_is_not_known_of_a_place_is_taken_from_around_it() -> None:
    assert Place(line=4).within(Place("a.md", 1, 2)) == Place("a.md", 4, 2)
    # A line of one file is no line of another.
    assert Place("b.png").within(Place("a.md", 4, 2)) == Place("b.png", None, 2)


def test_an_error_carries_all_problems_and_is_told_line_by_line() -> None:
    problems = (Problem("One.", "Mend it.", Place("a.md", 1)), Problem("Two."))
    error = CourseError.of(problems)
    assert error.problems == problems and error.problem is problems[0]
    assert str(error) == "a.md:1: One. Mend it.\nTwo."
    error.within(Place("b.md"))
    assert [p.place for p in error.problems] == [Place("a.md", 1), Place("b.md")]


@pytest.mark.parametrize(
    "error",
    [
        CourseError.of([Problem("One."), Problem("Two.", "Mend it.", Place("a.md", 1))]),
        ConsentError("No.", remedy="Ask.", code="missing", place=Place("me.png")),
        PhotoError("Small.", remedy="Take a larger one.", measured=80.0, limit=300.0),
    ],
)
def test_an_error_survives_the_way_back_from_a_worker(error: ProblemError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error)
    assert vars(again) == vars(error)
