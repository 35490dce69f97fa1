"""The signature: what is valid, and the known ways of forging a JWS."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from consent_world import World, make_world

from avatar.consent.canonical import Json, NotStrictError, write_canonical
from avatar.consent.signature import NotSignedError, NotTrustedError, sign, verify
from avatar.consent.signing_keys import SigningKey, b64decode, b64encode


def test_the_signature_is_a_detached_jws_that_others_can_check(world: World) -> None:
    """Checks the signature with the primitives alone, without our code or joserfc."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    def decode(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    document = world.document()
    header, middle, signature = document["signature"].split(".")
    assert middle == ""
    assert json.loads(decode(header)) == {
        "alg": "EdDSA", "kid": world.key.public.kid, "typ": "narrate-consent",
    }  # fmt: skip
    payload = json.dumps(
        document["record"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
    encoded = base64.urlsafe_b64encode(payload).rstrip(b"=")
    public = Ed25519PublicKey.from_public_bytes(decode(world.key.public.x))
    public.verify(decode(signature), header.encode() + b"." + encoded)


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    from avatar.consent.signing_keys import PublicKey

    key = PublicKey("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")  # appendix A.2 and A.3
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_does_not_show_its_secret(world: World) -> None:
    key: SigningKey = world.key
    assert key.d not in repr(key) and key.d not in world.record.read_text()


def header(token: str) -> dict[str, Any]:
    text = token.split(".")[0]
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return value


def forged(world: World, changes: dict[str, Any], *, drop: tuple[str, ...] = ()) -> None:
    """Another header, signed with the trusted key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    document = world.document()
    fields = {**header(document["signature"]), **changes}
    fields = {name: value for name, value in fields.items() if name not in drop}
    encoded = b64encode(json.dumps(fields).encode())
    payload = b64encode(write_canonical(document["record"]))
    d = world.key.d
    private = Ed25519PrivateKey.from_private_bytes(
        base64.urlsafe_b64decode(d + "=" * (-len(d) % 4))
    )
    document["signature"] = f"{encoded}..{b64encode(private.sign(f'{encoded}.{payload}'.encode()))}"
    world.write(document)


def test_the_forger_can_make_valid_signatures(world: World) -> None:
    forged(world, {})
    world.approve()


@pytest.mark.parametrize(
    ("changes", "drop", "expected"),
    [
        ({"alg": "none"}, (), "altered"),
        ({"alg": "HS256"}, (), "altered"),
        ({"alg": "ES256"}, (), "altered"),
        ({"alg": "Ed25519"}, (), "altered"),
        ({"alg": "eddsa"}, (), "altered"),
        ({"alg": None}, (), "altered"),
        ({"alg": ["EdDSA"]}, (), "altered"),
        ({}, ("alg",), "altered"),
        ({}, ("kid",), "altered"),
        ({}, ("typ",), "altered"),
        ({"typ": "narrate-revocation"}, (), "altered"),
        ({"kid": b64encode(bytes(32))}, (), "untrusted"),
        ({"kid": "short"}, (), "altered"),
        ({"kid": {}}, (), "altered"),
        ({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}}, (), "altered"),
        ({"jku": "https://example.org/keys.json"}, (), "altered"),
        ({"x5c": []}, (), "altered"),
        ({"crit": ["exp"], "exp": 1}, (), "altered"),
        ({"b64": False, "crit": ["b64"]}, (), "altered"),
    ],
)
def test_other_headers_are_refused(
    world: World, changes: dict[str, Any], drop: tuple[str, ...], expected: str
) -> None:
    forged(world, changes, drop=drop)
    assert world.code() == expected


def test_an_embedded_key_is_ignored(world: World, tmp_path: Path) -> None:
    """The attacker's own key in the header, with a valid signature by that key."""
    stranger = make_world(tmp_path / "stranger").key
    mallory = World(world.root, world.photo, stranger)
    mallory.grant(subject="Mallory")
    assert world.code() == "untrusted"
    forged(mallory, {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": stranger.public.x}})
    assert world.code() == "altered"
    # The trusted key's name over the stranger's signature.
    forged(mallory, {"kid": world.key.public.kid})
    assert world.code() == "altered"


def test_the_public_key_cannot_serve_as_a_shared_secret(world: World) -> None:
    document = world.document()
    encoded = b64encode(json.dumps({"alg": "HS256", "kid": world.key.public.kid}).encode())
    signed = f"{encoded}.{b64encode(write_canonical(document['record']))}".encode()
    for secret in (world.key.public.x.encode(), base64.urlsafe_b64decode(
            world.key.public.x + "=")):  # fmt: skip
        mac = hmac.new(secret, signed, hashlib.sha256).digest()
        world.write({**document, "signature": f"{encoded}..{b64encode(mac)}"})
        assert world.code() == "altered"


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: ".".join(token.split(".")[:2]) + ".",
        lambda token: token.replace("..", "."),
        lambda token: token.replace("..", ".e30."),
        lambda token: token + ".",
        lambda token: token + "=",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token[:-2] + token[-2:].swapcase(),
        lambda token: token[:-4],
        lambda token: token + "A" * 4000,
        lambda token: token.replace("-", "+").replace("_", "/") + "/",
        lambda token: None,
        lambda token: {"signature": token},
        lambda token: [token],
        lambda token: token.replace(".", "\u2024"),
    ],
)
def test_malformed_tokens_are_refused(world: World, change: Any) -> None:
    document = world.document()
    world.write({**document, "signature": change(document["signature"])})
    assert world.code() == "altered"


def test_spare_bits_of_base64_are_refused(world: World) -> None:
    document = world.document()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = document["signature"]
    last = alphabet.index(token[-1])
    world.write({**document, "signature": token[:-1] + alphabet[last | 1]})
    assert last % 16 == 0 and world.code() == "altered"


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "A A", "AA\n", "+/", "AA=A", "é"])
def test_base64_has_one_spelling(text: str) -> None:
    assert b64decode("AA", "it") == b"\0"
    with pytest.raises(NotStrictError):
        b64decode(text, "it")


def test_a_missing_signature_is_refused(world: World) -> None:
    world.write({"record": world.document()["record"]})
    assert world.code() == "altered"


def test_the_signature_of_a_revocation_does_not_sign_consent(world: World) -> None:
    world.sign_anew(world.document()["record"], kind="narrate-revocation")
    assert world.code() == "altered"


def test_verify_says_which_key(world: World) -> None:
    value: Json = {"a": 1}
    token = sign(value, "narrate-consent", world.key)
    public = world.key.public
    assert verify(token, value, "narrate-consent", [public]) == public
    with pytest.raises(NotSignedError):
        verify(token, {"a": 2}, "narrate-consent", [public])
    with pytest.raises(NotTrustedError):
        verify(token, value, "narrate-consent", [])
