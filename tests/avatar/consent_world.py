"""A course with a photo, a signing key and trust, all inside one folder, for the consent tests."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from avatar.consent import (
    ApprovedPortrait,
    Record,
    Scope,
    Signer,
    SigningKey,
    Statement,
    Terms,
    add_keys,
    approve,
    course_keys_path,
    create_key,
    grant,
    load_trust,
    record_path,
)
from avatar.consent.canonical import Json
from avatar.consent.signature import Kind, sign
from avatar.errors import ConsentError

NOW = datetime(2030, 6, 15, 12, 0, tzinfo=UTC)
COURSE = "optics-101"


def picture_bytes(seed: int = 0, kind: str = "PNG", size: tuple[int, int] = (24, 16)) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


@dataclass
class World:
    root: Path
    photo: Path
    key: SigningKey

    @property
    def record(self) -> Path:
        return record_path(self.photo)

    def grant(self, **changes: Any) -> Record:
        """Write the usual record, with changes to its terms or to the arguments of `grant`."""
        values: dict[str, Any] = {
            "subject": "Ada Example",
            "basis": "own-consent",
            "courses": [COURSE, "optics-102"],
            "statement": "You may animate this photograph of me.\nUntil the end of 2031.",
            "valid_from": date(2030, 1, 1),
            "valid_until": date(2031, 12, 31),
            "signer": Signer("Ada Example", "the person in the picture", "a video call"),
            "key": self.key,
            "now": NOW,
            "record_id": "ab12cd34-0000-4000-8000-000000000001",
            "force": True,
            **changes,
        }
        names = ("key", "now", "record_id", "force", "record")
        arguments = {name: values.pop(name) for name in names if name in values}
        courses = tuple(values.pop("courses"))
        scope = Scope(courses, values.pop("audience", None), values.pop("commercial", None))
        statement = Statement(values.pop("statement"), values.pop("language", "en"))
        return grant(self.photo, Terms(scope=scope, statement=statement, **values), **arguments)

    def approve(self, **changes: Any) -> ApprovedPortrait:
        values: dict[str, Any] = {"course": COURSE, "now": NOW}
        if "trust" not in changes:
            values["trust"] = load_trust(self.root)
        return approve(self.photo, self.record, **{**values, **changes})

    def refusal(self) -> ConsentError:
        with pytest.raises(ConsentError) as caught:
            self.approve()
        assert caught.value.remedy
        return caught.value

    def code(self) -> str | None:
        """The code of the gate's refusal; None if it does not refuse."""
        try:
            self.approve()
        except ConsentError as error:
            return error.code
        return None

    def document(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.record.read_bytes())
        return value

    def write(self, document: object) -> None:
        self.record.write_text(json.dumps(document), encoding="utf-8")

    def sign_anew(
        self,
        record: Json,
        key: SigningKey | None = None,
        kind: Kind = "narrate-consent",
    ) -> None:
        """Write a record as someone who holds the key could, whatever it says."""
        token = sign(record, kind, key or self.key)
        self.write({"record": record, "signature": token})


def isolate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Redirect the folder of the user's own keys and trust to an empty one, and return it."""
    monkeypatch.delenv("NARRATE_TRUST", raising=False)
    monkeypatch.delenv("NARRATE_KEYS", raising=False)
    for module in ("signing_keys", "trust"):
        monkeypatch.setattr(f"avatar.consent.{module}.config_folder", lambda: folder / "config")
    return folder / "config"


def make_world(folder: Path) -> World:
    photo = folder / "course" / "presenter" / "ada.png"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(picture_bytes())
    key = create_key(folder / "keys" / "signing-key.json", name="Ada")
    add_keys(course_keys_path(folder / "course"), (key.public,))
    world = World(folder / "course", photo, key)
    world.grant()
    return world
