"""Ed25519 keys as JSON Web Keys (RFC 8037), named by their thumbprint (RFC 7638)."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from avatar.consent import writing
from avatar.consent.canonical import Json, NotStrictError, parse, write_canonical, write_pretty
from avatar.consent.fields import Fields, check_text
from avatar.errors import ConsentError
from foundation.files import read_bounded
from foundation.problem import Place

KEY_NAME = "signing-key.json"
LARGEST_KEY = 4_096  # bytes; a JWK of Ed25519 takes about 250

# Points whose order divides 8 (RFC 7748, section 7, on small-order inputs): under such a "key" one
# signature fits every content. Their y is 0, 1 or -1, also written with p added, or one of the two
# of order 8; the sign bit of x is left out.
_P = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset({0, 1, _P - 1, _P, _P + 1, _ORDER_8, _P - _ORDER_8})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`x` is the 32-byte public key in base64url; `name` tells people whose key it is."""

    x: str
    name: str = ""

    @property
    def kid(self) -> str:
        """RFC 7638: SHA-256 of the required members in canonical JSON, base64url."""
        return b64encode(hashlib.sha256(write_canonical(_public(self.x))).digest())


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. `d` is its 32-byte seed in base64url and is never shown."""

    public: PublicKey
    d: str = field(repr=False)


def b64encode(data: bytes) -> str:
    """base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64decode(text: str, what: str) -> bytes:
    """Accept only the one spelling: spare bits that are set, padding and line breaks are
    NotStrictError."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise NotStrictError(f"{what} is not base64url") from None
    if b64encode(data) != text:
        raise NotStrictError(f"{what} is not the canonical spelling of base64url")
    return data


def public_from_json(value: Json, place: str) -> PublicKey:
    """Read a JWK of a trust file.

    Raises NotStrictError for a private key, another kind of key, or a wrong thumbprint.
    """
    fields = Fields(value, place)
    if isinstance(value, dict) and "d" in value:
        raise NotStrictError(f"{place!r} holds a private key, which does not belong here")
    if fields.text("kty") != "OKP" or fields.text("crv") != "Ed25519":
        raise NotStrictError(f"{place!r} is not an Ed25519 key")
    x, kid = fields.text("x"), fields.text("kid")
    name = fields.text_or_none("name") or ""
    fields.end()
    point = b64decode(x, f"'{place}.x'")
    if len(point) != 32:
        raise NotStrictError(f"'{place}.x' is not 32 bytes")
    if int.from_bytes(point, "little") % 2**255 in _SMALL_ORDER:
        raise NotStrictError(f"'{place}.x' is a key with which anybody can sign")
    key = PublicKey(x, name)
    if key.kid != kid:
        raise NotStrictError(f"'{place}.kid' is not the key's thumbprint")
    return key


def public_as_json(key: PublicKey) -> dict[str, Json]:
    value: dict[str, Json] = {**_public(key.x), "kid": key.kid}
    return {**value, "name": key.name} if key.name else value


def _public(x: str) -> dict[str, Json]:
    return {"kty": "OKP", "crv": "Ed25519", "x": x}


def config_folder() -> Path:
    """The user's own settings folder."""
    import platformdirs

    return Path(platformdirs.user_config_dir("narrate", appauthor=False))


def key_path() -> Path:
    """The user's private key: in the folder NARRATE_KEYS, otherwise in the settings folder."""
    folder = os.environ.get("NARRATE_KEYS")
    return (Path(folder) if folder else config_folder()) / KEY_NAME


def create_key(path: Path, *, name: str = "") -> SigningKey:
    """Write a new private key to a new file that only its owner can read (mode 0600).

    Raises ConsentError: exists (a key is never overwritten), unwritable, invalid (the name).
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        check_text(name or "-", "name")
    except NotStrictError as error:
        raise ConsentError(
            f"The key's name cannot be used: {error}.", remedy="Give another name.", code="invalid"
        ) from None
    private = Ed25519PrivateKey.generate()
    x = b64encode(private.public_key().public_bytes_raw())
    key = SigningKey(PublicKey(x, name), b64encode(private.private_bytes_raw()))
    data = write_pretty({**public_as_json(key.public), "d": key.d})
    try:
        writing.write(path, data, mode=0o600, overwrite=False)
    except FileExistsError:
        raise ConsentError(
            "There is already a key, and everything that it signed would be lost with it.",
            remedy="Use that key, or name another file with --key.",
            code="exists",
            place=Place(str(path)),
        ) from None
    return key


def load_key(path: Path | None = None) -> SigningKey:
    """Read the private key in a file, by default the user's.

    Raises ConsentError: missing, unreadable.
    """
    path = key_path() if path is None else path
    try:
        value = parse(read_bounded(path, LARGEST_KEY, private=True))
        fields = Fields(value, "key")
        d = fields.text("d")
        if len(b64decode(d, "'key.d'")) != 32:
            raise NotStrictError("'key.d' is not 32 bytes")
        members = {k: v for k, v in value.items() if k != "d"} if isinstance(value, dict) else {}
        key = SigningKey(public_from_json(members, "key"), d)
        if _find_public(d) != key.public.x:
            raise NotStrictError("'key.x' is not the public half of 'key.d'")
        return key
    except FileNotFoundError:
        raise ConsentError(
            "There is no signing key.",
            remedy="Create one with `narrate consent key --course COURSE`.",
            code="missing",
            place=Place(str(path)),
        ) from None
    except PermissionError as error:
        raise ConsentError(
            f"The signing key cannot be used: {error.strerror}.",
            remedy="If nobody can have copied it, restrict it to yourself with `chmod 600`.",
            code="unreadable",
            place=Place(str(path)),
        ) from None
    except (OSError, NotStrictError) as error:
        why = str(error) if isinstance(error, NotStrictError) else error.strerror or "no access"
        raise ConsentError(
            f"The file is not a signing key: {why}.",
            remedy="Create one with `narrate consent key --key FILE`.",
            code="unreadable",
            place=Place(str(path)),
        ) from None


def _find_public(d: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(b64decode(d, "'key.d'"))
    return b64encode(private.public_key().public_bytes_raw())
