"""The bill of materials is valid CycloneDX and lists what is locked."""

from __future__ import annotations

import json
from email.message import Message
from importlib.metadata import PackageMetadata
from pathlib import Path
from typing import cast

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from lock_files import CORE, read_locks
from make_sbom import main, read_licence


@pytest.fixture
def sbom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    path = tmp_path / "sbom.json"
    assert main(["--extra", "cluster", "--out", str(path)]) == 0
    return path


def test_it_is_valid_and_complete(sbom: Path) -> None:
    text = sbom.read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    document = json.loads(text)
    releases = read_locks([CORE, "cluster"])
    found = {(c["name"], c["version"]): c for c in document["components"]}
    assert found.keys() == {(r.name, r.version) for r in releases}
    for release in releases:
        (files,) = found[release.name, release.version]["externalReferences"]
        assert {h["content"] for h in files["hashes"]} == set(release.hashes)
    needs = {d["ref"]: d.get("dependsOn", []) for d in document["dependencies"]}
    own = next(names for ref, names in needs.items() if ref.startswith("narrate-lectures=="))
    assert any(ref.startswith("ray==") for ref in own)
    ray = next(names for ref, names in needs.items() if ref.startswith("ray=="))
    assert any(ref.startswith("msgpack==") for ref in ray)


def test_the_same_locks_give_the_same_bytes(sbom: Path) -> None:
    again = sbom.with_name("again.json")
    main(["--extra", "cluster", "--out", str(again)])
    assert again.read_bytes() == sbom.read_bytes()


@pytest.mark.parametrize(
    ("stated", "licence"),
    [
        ({"License-Expression": "MIT OR BSD-3-Clause"}, "MIT OR BSD-3-Clause"),
        ({"License": "Apache-2.0"}, "Apache-2.0"),
        ({"License": "The terms are\nlong", "Classifier": "License :: OSI Approved :: X"}, "X"),
        ({"Classifier": "License :: OSI Approved :: MIT License"}, "MIT License"),
        ({"License": "The terms are\nlong"}, ""),
        ({}, ""),
    ],
)
def test_a_licence_is_found_where_packages_state_it(stated: dict[str, str], licence: str) -> None:
    message = Message()
    for name, value in stated.items():
        message[name] = value
    assert read_licence(cast(PackageMetadata, message)) == licence
