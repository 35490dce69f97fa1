"""Seals: who made an artefact, of which bytes, and under which consent record.

A seal is a small JSON object. Its HMAC is over the artefact's name as well, so that a seal does not
fit another artefact. Whoever lacks the secret can neither make nor alter one; the worst that they
can do is to damage it, and then the artefact is made anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

from foundation.json_text import parse_object
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.secret import Secret

LARGEST_SEAL = 2048  # bytes; one with a long consent id has some 300
_PURPOSE = "artefact"


class Fault(Enum):
    """Why an artefact that lies in a store does not count, as said of one and of many."""

    UNREADABLE = ("has a seal that cannot be read", "have seals that cannot be read")
    FOREIGN = (
        "was sealed by another secret, or altered",
        "were sealed by another secret, or altered",
    )
    CONSENT = ("was made under another consent record", "were made under another consent record")
    INCOMPLETE = ("lacks its seal or its bytes", "lack their seals or their bytes")
    DAMAGED = ("has other bytes than were sealed", "have other bytes than were sealed")

    @property
    def of_one(self) -> str:
        return self.value[0]

    @property
    def of_many(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Seal:
    """`size` (in bytes) and `sha256` are of the artefact's file; `consent` is the id of the record
    under which it was made, or empty."""

    size: int
    sha256: str
    consent: str
    mac: str

    def encode(self) -> bytes:
        fields = {
            "bytes": self.size,
            "consent": self.consent,
            "mac": self.mac,
            "sha256": self.sha256,
        }
        return json.dumps(fields, separators=(",", ":")).encode()

    def is_by(self, secret: Secret, name: str) -> bool:
        """Whether this secret sealed the artefact of this name so."""
        return secret.confirms(self.mac, _PURPOSE, name, self.consent, self.size, self.sha256)

    def find_fault(self, secret: Secret, artefact: Artefact) -> Fault | None:
        """Why the seal does not count for an artefact, if it does not."""
        if not self.is_by(secret, artefact.name):
            return Fault.FOREIGN
        return None if self.consent == artefact.consent else Fault.CONSENT


def make_seal(secret: Secret, artefact: Artefact, size: int, sha256: str) -> Seal:
    """The seal of an artefact with these bytes."""
    mac = secret.authenticate(_PURPOSE, artefact.name, artefact.consent, size, sha256)
    return Seal(size, sha256, artefact.consent, mac)


def parse_seal(data: bytes) -> Seal:
    """The seal in a file. Raises ValueError for anything else."""
    if len(data) > LARGEST_SEAL:
        raise ValueError("it is too large")
    raw = parse_object(data)
    size, texts = raw.get("bytes"), [raw.get(name) for name in ("sha256", "consent", "mac")]
    if type(size) is not int or not 0 <= size < 1 << 63:
        raise ValueError("it has no size")
    sha256, consent, mac = (text if isinstance(text, str) else None for text in texts)
    if sha256 is None or consent is None or mac is None:
        raise ValueError("it is incomplete")
    return Seal(size, sha256, consent, mac)
