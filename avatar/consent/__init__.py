"""Consent: the record beside a photo, the keys that are trusted, and the gate to the animation."""

from avatar.consent.disclosure import make_disclosure, make_metadata
from avatar.consent.gate import ApprovedPortrait, approve, require
from avatar.consent.grant import Revoked, Terms, grant, revoke
from avatar.consent.record import BASES, Basis, Record, Scope, Signer, Statement, record_path
from avatar.consent.revocation import Revocation
from avatar.consent.signing_keys import PublicKey, SigningKey, create_key, key_path, load_key
from avatar.consent.trust import Trust, add_keys, course_keys_path, load_trust, trust_path
from avatar.consent.verification import check

__all__ = [
    "BASES",
    "ApprovedPortrait",
    "Basis",
    "PublicKey",
    "Record",
    "Revocation",
    "Revoked",
    "Scope",
    "Signer",
    "SigningKey",
    "Statement",
    "Terms",
    "Trust",
    "add_keys",
    "approve",
    "check",
    "course_keys_path",
    "create_key",
    "grant",
    "key_path",
    "load_key",
    "load_trust",
    "make_disclosure",
    "make_metadata",
    "record_path",
    "require",
    "revoke",
    "trust_path",
]
