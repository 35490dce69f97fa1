"""Property tests draw the same examples everywhere: a change is judged by what it changes.

HYPOTHESIS_PROFILE=hunt draws new ones, to look for what nobody has thought of.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# No deadline: how long an example takes says more of the machine than of the code.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("hunt", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session", autouse=True)
def data_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test uses or makes the secret and the shared store of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name in ("NARRATE_STORE_SECRET", "NARRATE_STORE_SECRET_FILE"):
            patch.delenv(name, raising=False)
        yield
