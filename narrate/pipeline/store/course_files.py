"""Takes files of a course into a store, under the digests of their bytes."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from foundation.files import file_digest
from foundation.problem import Place
from narrate.errors import ChangedError
from narrate.pipeline.keys import KEY_LENGTH
from narrate.pipeline.step import Artefact

_PART = 1 << 20  # bytes that are read at once


def name_file(path: Path, consent: str = "") -> Artefact:
    """The artefact that a file of the course is: its key is the start of its SHA-256.

    `consent` is the id of the consent record if the file shows the presenter. Raises OSError.
    """
    return name_digest(file_digest(path), path.suffix, consent)


def name_digest(sha256: str, suffix: str, consent: str = "") -> Artefact:
    """The artefact that a file with this digest is, if its name has this suffix."""
    plain = suffix.lower()
    # Decoders look at a suffix; one that no decoder knows could be of any form.
    return Artefact(
        sha256[:KEY_LENGTH], plain if re.fullmatch(r"\.[a-z0-9]{1,12}", plain) else ".file", consent
    )


def copy_file(path: Path, target: Path, artefact: Artefact) -> tuple[int, str]:
    """Copy a file of the course to a new file, and give its size and its SHA-256.

    Raises ChangedError if they are not those of which the artefact was named, and OSError.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, target.open("xb") as copy:
        while part := source.read(_PART):
            digest.update(part)
            copy.write(part)
            size += len(part)
        copy.flush()
        os.fsync(copy.fileno())
    found = digest.hexdigest()
    if found[:KEY_LENGTH] != artefact.key:
        raise ChangedError(
            "This file was changed during the build.", remedy="Build again.", place=Place(str(path))
        )
    return size, found
