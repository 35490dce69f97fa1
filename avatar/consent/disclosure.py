"""What viewers and programs are told about an approved portrait."""

from __future__ import annotations

from typing import Final

from avatar.consent.gate import ApprovedPortrait
from avatar.consent.record import Basis, Record

# IPTC digital source type: a photograph that an algorithm animates is a composite.
SOURCE_TYPE: Final = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
)
LONGEST = 90  # characters: one line at a readable size under a 1920 pixel picture
_SHOWN: Final[dict[Basis, str]] = {
    "own-consent": "Synthetic presenter, animated from a photograph with consent",
    "public-domain-artwork": "Synthetic presenter, animated from a public-domain artwork",
    "synthetic-person": "Synthetic presenter, animated from a picture of no real person",
}


def make_disclosure(allowed: ApprovedPortrait | Record) -> str:
    """The one line that a viewer sees. It names the record by its first eight characters."""
    record = _find_record(allowed)
    return f"{_SHOWN[record.basis]} · record {record.code}"


def make_metadata(allowed: ApprovedPortrait | Record) -> dict[str, str]:
    """Tags for the video's container.

    Every player shows `comment`, which says everything in words. The other tags are for programs,
    and need `movflags=use_metadata_tags` in MP4. The person is not named: whoever may know the name
    has the record.
    """
    record = _find_record(allowed)
    return {
        "comment": f"{_SHOWN[record.basis]}. Consent record {record.id}.",
        "consent_record": record.id,
        "consent_basis": record.basis,
        "consent_photo_sha256": record.photo_sha256,
        "synthetic": "true",
        "digital_source_type": SOURCE_TYPE,
    }


def describe_record(record: Record) -> list[tuple[str, str]]:
    """The record as names and values, in the order in which people ask for them."""
    scope, signer = record.scope, record.signer
    commercial = {None: None, True: "allowed", False: "not allowed"}[scope.commercial]
    lines: list[tuple[str, str | None]] = [
        ("record", record.id),
        ("subject", record.subject),
        ("controller", record.controller),
        ("basis", record.basis),
        ("statement", f"{record.statement.text} [{record.statement.language}]"),
        ("courses", "all" if scope.courses == ("*",) else ", ".join(scope.courses)),
        ("audience", scope.audience),
        ("commercial", commercial),
        ("valid", f"{record.valid_from} to {record.valid_until} (UTC, both days included)"),
        ("signed by", f"{signer.name}, {signer.role}; {signer.verified}"),
        ("issued", record.issued.isoformat(sep=" ")),
        ("to withdraw", record.withdraw),
        ("photo", f"SHA-256 {record.photo_sha256}"),
    ]
    return [(name, value) for name, value in lines if value is not None]


def _find_record(allowed: ApprovedPortrait | Record) -> Record:
    return allowed if isinstance(allowed, Record) else allowed.record
