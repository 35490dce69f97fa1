from __future__ import annotations

import pickle

from foundation.problem import Place
from lessons.errors import MediaError


def test_an_error_names_its_place_and_survives_a_worker() -> None:
    error = MediaError("It is gone.", remedy="Bring it back.", place=Place("a.md", 3, 2))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is MediaError
    assert str(again) == str(error) == "a.md:3 (slide 2): It is gone. Bring it back."
