"""Problems: what is wrong, where, and what to do about it. Errors and findings carry them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Self

from foundation.unfit_characters import escape_unfit


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as far as that is known.

    `path` is a file, relative to the course folder if it is in it; `line` counts from 1; `slide` is
    the number of a slide in its lesson; `key` is a setting, such as `video.rate`.
    """

    path: str = ""
    line: int | None = None
    slide: int | None = None
    key: str = ""

    def within(self, outer: Place) -> Place:
        """This place, completed from `outer` where something is not known."""
        if self.path and outer.path != self.path:
            return replace(self, slide=self.slide if self.slide is not None else outer.slide)
        return Place(
            self.path or outer.path,
            self.line if self.line is not None else outer.line,
            self.slide if self.slide is not None else outer.slide,
            self.key or outer.key,
        )

    def __str__(self) -> str:
        """The place as `file:line (slide n)`; empty if nothing is known."""
        text = escape_unfit(self.path).replace("\n", "\\n")
        if self.path and self.line is not None:
            text += f":{self.line}"
        elif self.line is not None:
            text = f"line {self.line}"
        if self.slide is not None:
            text += f" (slide {self.slide})" if text else f"slide {self.slide}"
        return text


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Problem:
    """`message` is a sentence that says what is wrong; `remedy` says what to do."""

    message: str
    remedy: str = ""
    place: Place = NOWHERE

    def within(self, outer: Place) -> Problem:
        """This problem, with its place completed from `outer`."""
        return replace(self, place=self.place.within(outer))

    def __str__(self) -> str:
        place = str(self.place)
        return f"{place + ': ' if place else ''}{self.message} {self.remedy}".rstrip()


class ProblemError(Exception):
    """The root of all packages' errors.

    It carries one problem, or all that were found in one run; `problem` is the first of `problems`.
    An error keeps all its attributes when it is sent between processes.
    """

    problems: tuple[Problem, ...]

    def __init__(self, message: str, *, remedy: str = "", place: Place = NOWHERE) -> None:
        super().__init__(message)
        self.problems = (Problem(message, remedy, place),)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> Self:
        """One error for several problems; there must be at least one.

        This class must not require other arguments than `ProblemError` does.
        """
        found = tuple(problems)
        error = cls(found[0].message, remedy=found[0].remedy, place=found[0].place)
        error.problems = found
        return error

    @property
    def problem(self) -> Problem:
        return self.problems[0]

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def remedy(self) -> str:
        return self.problem.remedy

    @property
    def place(self) -> Place:
        return self.problem.place

    def within(self, outer: Place) -> Self:
        """This error, with the places of its problems completed from `outer`."""
        self.problems = tuple(problem.within(outer) for problem in self.problems)
        return self

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


@contextmanager
def collect_errors(errors: list[ProblemError]) -> Iterator[None]:
    """Add an error to the list and continue, so that all problems are found in one run."""
    try:
        yield
    except ProblemError as error:
        errors.append(error)


def join_errors(errors: Sequence[ProblemError]) -> ProblemError:
    """One error with the problems of all. There must be at least one error.

    A single error is returned itself. Errors of one class whose other attributes are equal make an
    error of that class with those attributes. Others make one of the nearest class that they share
    and that can be made of problems alone.
    """
    first = errors[0]
    if len(errors) == 1:
        return first
    problems = tuple(dict.fromkeys(problem for error in errors for problem in error.problems))
    if all(type(e) is type(first) and _attributes(e) == _attributes(first) for e in errors):
        return _rebuild(type(first), first.args, {**_attributes(first), "problems": problems})
    for kind in type(first).__mro__:
        if issubclass(kind, ProblemError) and all(isinstance(error, kind) for error in errors):
            with suppress(TypeError):  # its constructor requires other arguments
                return kind.of(problems)
    return ProblemError.of(problems)


def _attributes(error: ProblemError) -> dict[str, object]:
    """The attributes of an error, without its problems and notes."""
    return {k: v for k, v in vars(error).items() if k not in ("problems", "__notes__")}


def _rebuild(
    kind: type[ProblemError], args: tuple[object, ...], attributes: dict[str, object]
) -> ProblemError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(attributes)
    return error
