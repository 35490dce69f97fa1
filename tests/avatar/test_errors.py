from __future__ import annotations

import pickle

import pytest

from avatar.errors import AvatarError, ConsentError, MeasureError, PhotoError, RigError
from foundation.problem import Place, Problem, join_errors

PROBLEMS = (Problem("One.", "Do this.", Place("a.json", 3)), Problem("Two."))


@pytest.mark.parametrize("kind", [AvatarError, ConsentError, PhotoError, RigError, MeasureError])
def test_every_error_can_hold_several_problems(kind: type[AvatarError]) -> None:
    error = kind.of(PROBLEMS)
    assert type(error) is kind and error.problems == PROBLEMS
    assert pickle.loads(pickle.dumps(error)).problems == PROBLEMS


def test_a_consent_error_for_several_problems_has_a_code() -> None:
    assert ConsentError.of(PROBLEMS).code == "several"
    assert ConsentError.of(PROBLEMS, code="revoked").code == "revoked"


def test_consent_errors_can_be_joined() -> None:
    errors = [ConsentError(p.message, remedy=p.remedy, code="missing") for p in PROBLEMS]
    joined = join_errors(errors)
    assert isinstance(joined, ConsentError)
    assert [problem.message for problem in joined.problems] == ["One.", "Two."]
