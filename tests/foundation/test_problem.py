from __future__ import annotations

import pickle

import pytest

from avatar.errors import AvatarError, ConsentError, PhotoError
from foundation.problem import Place, Problem, ProblemError, join_errors
from lessons.errors import CourseError, LessonError, ScriptError


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
        (Place("ä\n\x1b[31m\udcff.md", 3), r"ä\n\x1b[31m\udcff.md:3"),
    ],
)
def test_the_text_of_a_place_has_every_part_that_is_known(place: Place, text: str) -> None:
    assert str(place) == text


def test_missing_parts_of_a_place_are_taken_from_the_outer_place() -> None:
    assert Place(line=4).within(Place("a.md", 1, 2)) == Place("a.md", 4, 2)
    # A line of one file is no line of another.
    assert Place("b.png").within(Place("a.md", 4, 2)) == Place("b.png", None, 2)


def test_an_error_has_all_problems_and_its_text_has_one_line_for_each() -> None:
    problems = (Problem("One.", "Correct it.", Place("a.md", 1)), Problem("Two."))
    error = CourseError.of(problems)
    assert error.problems == problems and error.problem is problems[0]
    assert str(error) == "a.md:1: One. Correct it.\nTwo."
    error.within(Place("b.md"))
    assert [p.place for p in error.problems] == [Place("a.md", 1), Place("b.md")]


@pytest.mark.parametrize(
    "error",
    [
        CourseError.of([Problem("One."), Problem("Two.", "Correct it.", Place("a.md", 1))]),
        ConsentError("No.", remedy="Ask.", code="missing", place=Place("me.png")),
        PhotoError("Small.", remedy="Take a larger one.", measured=80.0, limit=300.0),
    ],
)
def test_an_error_keeps_its_attributes_when_it_is_pickled(error: ProblemError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error)
    assert vars(again) == vars(error)


def consent(message: str, code: str) -> ConsentError:
    return ConsentError(message, remedy="Ask.", code=code)


def test_joining_one_error_returns_it() -> None:
    error = consent("No.", "missing")
    assert join_errors([error]) is error


def test_joined_errors_have_every_problem_once() -> None:
    errors = [CourseError("One."), CourseError.of([Problem("One."), Problem("Two.")])]
    joined = join_errors(errors)
    assert [p.message for p in joined.problems] == ["One.", "Two."]
    assert len(errors[0].problems) == 1


@pytest.mark.parametrize(
    ("errors", "kind", "attributes"),
    [
        ([CourseError("One."), CourseError("Two.")], CourseError, {}),
        ([CourseError("One."), LessonError("Two.")], ScriptError, {}),
        ([consent("One.", "missing"), consent("Two.", "missing")], ConsentError,
         {"code": "missing"}),
        ([consent("One.", "missing"), consent("Two.", "expired")], ConsentError,
             {"code": "several"}),
        ([consent("One.", "missing"), PhotoError("Two.", remedy="Go.")], AvatarError, {}),
        ([PhotoError("One.", remedy="Go.", limit=3.0), PhotoError("Two.", remedy="Go.")],
         PhotoError, {"measured": None, "limit": None}),
        ([consent("One.", "missing"), CourseError("Two.")], ProblemError, {}),
    ],
)  # fmt: skip
def test_a_joined_error_is_of_the_nearest_class_and_keeps_the_attributes_that_are_equal(
    errors: list[ProblemError], kind: type[ProblemError], attributes: dict[str, object]
) -> None:
    joined = join_errors(errors)
    assert type(joined) is kind
    assert vars(joined) == {"problems": joined.problems, **attributes}
    assert [p.message for p in joined.problems] == ["One.", "Two."]
    again = pickle.loads(pickle.dumps(joined))
    assert type(again) is kind and vars(again) == vars(joined)
