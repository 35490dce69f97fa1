"""Where models are: by path, among installed packages, in the user's model folder.

Nothing here touches the network but `fetch`, which only `narrate models fetch` calls.
"""

from __future__ import annotations

import os
from pathlib import Path


def model_folder() -> Path:
    """The user's model folder; the environment's NARRATE_MODELS sets another."""
    named = os.environ.get("NARRATE_MODELS")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("narrate", appauthor=False) / "models"


def find_model_file(*parts: str) -> Path | None:
    """A file of the user's model folder, if it is there."""
    path = model_folder().joinpath(*parts)
    return path if path.is_file() else None
