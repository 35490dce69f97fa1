"""Voices in files: where they are, whether they are complete, and how they are opened.

The files of an engine are in the folder of its name in the user's model folder, or in installed
packages.
"""

from __future__ import annotations

import mmap
import sys
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from foundation.files import file_digest
from foundation.json_text import read_object
from foundation.languages import normalize_tag
from foundation.problem import Place
from narrate.errors import ModelError
from narrate.models import model_folder
from narrate.speech.base import Voice, VoiceInfo, pick_voice, require_ready
from narrate.speech.onnx_inputs import read_output_names


class FileVoices(ABC):
    """An engine whose voices are files. A subclass lists, versions and opens them."""

    name: str

    @abstractmethod
    def voices(self) -> list[VoiceInfo]: ...

    @abstractmethod
    def _version(self, info: VoiceInfo) -> str: ...

    @abstractmethod
    def _open(self, info: VoiceInfo) -> Voice: ...

    def version(self, voice: str, language: str) -> str:
        return self._version(self._ready(voice, language))

    def open(self, voice: str, language: str) -> Voice:
        return self._open(self._ready(voice, language))

    def _ready(self, voice: str, language: str) -> VoiceInfo:
        info = pick_voice(self.voices(), self.name, voice, language)
        require_ready(info)
        return info


def make_language_tag(name: str) -> str:
    """A language tag from the name that a model's settings give: `en_us` to `en-US`. A name that is
    no tag keeps its letters."""
    try:
        return normalize_tag(name)
    except ValueError:
        return name.replace("_", "-")


def read_settings(
    path: Path, check: Callable[[dict[str, Any]], object], *, message: str, model: Path
) -> dict[str, Any]:
    """The JSON settings beside a model. `check` takes from them what must be there. Raises
    ModelError, of the file `model`, with `message` and the reason."""
    try:
        settings: dict[str, Any] = dict(read_object(path))
        int(settings["audio"]["sample_rate"])
        check(settings)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{message} ({type(error).__name__}).",
            remedy=f"Copy the file that came with the model: {path}",
            place=Place(str(model)),
        ) from error
    return settings


def find_files(kind: str, pattern: str, *packages: str) -> list[Path]:
    """Files in the user's folder `kind`, then in packages whose names match the patterns
    `packages`. Of files with one name the first is taken."""
    found = sorted((model_folder() / kind).glob(pattern))
    for package in packages:
        for place in sys.path:
            if Path(place).name == "site-packages":
                found += sorted(Path(place).glob(f"{package}/data/{pattern}"))
    return list({path.name: path for path in reversed(found)}.values())[::-1]


def digest_files(*paths: Path) -> str:
    """The first half of each file's SHA-256. A file is read again only if it has changed."""
    return " ".join(_digest(path, (s := path.stat()).st_mtime_ns, s.st_size) for path in paths)


@lru_cache
def _digest(path: Path, changed: int, size: int) -> str:
    return file_digest(path)[:32]


def describe_releases(*packages: str) -> str:
    """`package version, …`, for cache keys."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} none")
    return ", ".join(found)


def find_damage(path: Path) -> str:
    """What is wrong with an ONNX or a PyTorch file; empty if nothing is found. It reads the file's
    structure and not its weights, so damage may show only when the model is opened."""
    try:
        stat = path.stat()
        return _describe_damage(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        return error.strerror or str(error)


@lru_cache
def _describe_damage(path: Path, changed: int, size: int) -> str:
    if not size:
        return "it is empty"
    with path.open("rb") as file:
        if path.suffix == ".pth":
            # PyTorch's format is a zip archive since 1.6, and its directory is at the end.
            cut = file.read(2) == b"PK" and not zipfile.is_zipfile(path)
            return "it is cut short" if cut else ""
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        return "" if read_output_names(data) else "it is not a model"
    except ValueError as error:
        return str(error)


def open_session(model: bytes, path: Path, *, expected: str, remedy: str) -> Any:
    """A session of ONNX Runtime on one thread of the CPU. Raises ModelError, which says that the
    file at `path` is not `expected`."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # more threads change the bytes
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no other common base
        reason = str(error).strip().splitlines()[-1][:200]
        raise ModelError(
            f"This is not {expected} ({reason}).", remedy=remedy, place=Place(str(path))
        ) from error


def run_session(session: Any, wanted: Sequence[str] | None, feed: Mapping[str, Any]) -> list[Any]:
    """Compute the tensors named `wanted` and nothing that they do not need, or all outputs."""
    import onnxruntime as ort

    options = ort.RunOptions()
    if wanted is not None:
        options.only_execute_path_to_fetches = True
    found: list[Any] = session.run(wanted, dict(feed), options)
    return found
