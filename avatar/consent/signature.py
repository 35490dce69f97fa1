"""Detached JSON Web Signatures (RFC 7515, appendix F) with EdDSA on Ed25519 (RFC 8037).

The protected header is exactly `alg`, `kid` and `typ`. `typ` says what is signed, so that a
signature for one thing says nothing about another. Keys come from the trust file alone; anything
else that a header offers (`jwk`, `jku`, `x5c`, `crit`, another `alg`) is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from avatar.consent.canonical import Json, NotStrictError, parse, write_canonical
from avatar.consent.signing_keys import PublicKey, SigningKey, b64decode

if TYPE_CHECKING:
    from joserfc.jws import JWSRegistry

Kind = Literal["narrate-consent", "narrate-revocation"]
LONGEST = 600  # characters; ours take about 210


class NotSignedError(Exception):
    """The signature is not valid for this content."""


class NotTrustedError(Exception):
    """The content is signed by a key that is not trusted; `kid` is that key's thumbprint."""

    def __init__(self, kid: str) -> None:
        super().__init__(kid)
        self.kid = kid


def sign(value: Json, kind: Kind, key: SigningKey) -> str:
    """`header..signature` over the value's canonical JSON. The same value gives the same text."""
    from joserfc import jws
    from joserfc.jwk import OKPKey

    private = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": key.public.x, "d": key.d})
    header = {"alg": "EdDSA", "kid": key.public.kid, "typ": kind}
    token = jws.serialize_compact(
        header, write_canonical(value), private, registry=_make_registry()
    )
    return jws.detach_content(token)


def verify(token: str, value: Json, kind: Kind, keys: Iterable[PublicKey]) -> PublicKey:
    """Return the trusted key that signed the value. Raises NotSignedError or NotTrustedError."""
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey

    try:
        kid = _read_kid(token, kind)
        payload = write_canonical(value)
    except NotStrictError as error:
        raise NotSignedError(str(error)) from None
    key = next((key for key in keys if key.kid == kid), None)
    if key is None:
        raise NotTrustedError(kid)
    public = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": key.x})
    try:
        jws.deserialize_compact(token, public, registry=_make_registry(), payload=payload)
    except (JoseError, ValueError):
        raise NotSignedError("the signature belongs to different content") from None
    return key


def _read_kid(token: str, kind: Kind) -> str:
    """The key's thumbprint, after everything but the mathematics of the token has been checked."""
    if len(token) > LONGEST or not token.isascii() or token.count(".") != 2:
        raise NotStrictError("the signature is not a compact JWS")
    encoded, content, signature = token.split(".")
    if content:
        raise NotStrictError("the signature has content of its own")
    header = parse(b64decode(encoded, "the signature's header"))
    if not isinstance(header, dict):
        raise NotStrictError("the signature's header is not an object")
    if header.get("alg") != "EdDSA":
        raise NotStrictError("the signature's algorithm is not EdDSA")
    if set(header) != {"alg", "kid", "typ"}:
        raise NotStrictError("the signature's header must hold exactly alg, kid and typ")
    if header["typ"] != kind:
        raise NotStrictError("the signature was made for something else")
    kid = header["kid"]
    if not isinstance(kid, str) or len(b64decode(kid, "the signature's kid")) != 32:
        raise NotStrictError("the signature's kid is not a thumbprint")
    if len(b64decode(signature, "the signature")) != 64:
        raise NotStrictError("the signature is not 64 bytes")
    return kid


@cache
def _make_registry() -> JWSRegistry:
    """joserfc's registry, with EdDSA as its only algorithm.

    joserfc warns about the name EdDSA since RFC 9864, because it stands for two curves. Here the
    key, which can only be Ed25519, fixes the curve.
    """
    from joserfc.errors import UnsupportedAlgorithmError
    from joserfc.jws import JWSRegistry

    class Registry(JWSRegistry):
        def get_alg(self, name: str) -> Any:
            if name != "EdDSA":
                raise UnsupportedAlgorithmError(f"Algorithm of '{name}' is not supported")
            return JWSRegistry.algorithms[name]

    return Registry()
