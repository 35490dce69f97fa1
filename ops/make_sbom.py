#!/usr/bin/env python3
"""Write a software bill of materials in CycloneDX JSON, from the lock files.

    python ops/make_sbom.py [--extra cluster] [--out narrate.cdx.json]

It lists every release that may be installed, on any system, with the SHA-256 of all of its files,
where it is needed, and what requires it. Licences are those that the packages installed beside this
script state, so run it where the lock is installed; it needs cyclonedx-python-lib (in the extra
`test`). With SOURCE_DATE_EPOCH, the same locks and licences give the same bytes.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import tomllib
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.spdx import is_expression
from lock_files import CORE, Locked, list_extras, read_locks
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
MARKER = "narrate:needed-where"
"""The property with the marker of a release that not every system needs."""
_LONGEST_LICENCE = 80  # characters: more is a licence's whole text in the place of its name


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--extra", action="append", default=[], choices=list_extras())
    options.add_argument("--out", type=Path, default=Path("narrate.cdx.json"))
    asked = options.parse_args(arguments)
    bom = make_bom(read_locks([CORE, *asked.extra]), asked.extra)
    asked.out.write_text(JsonV1Dot6(bom).output_as_string(indent=2) + "\n", "utf-8")
    unknown = [c.name for c in bom.components if not c.licenses]
    if unknown:
        print(f"No licence is known of: {', '.join(sorted(unknown))}.", file=sys.stderr)
    return 0


def make_bom(releases: Sequence[Locked], extras: Iterable[str] = ()) -> Bom:
    """The bill of materials of narrate with these releases."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    own = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        description=project["description"],
        purl=PackageURL("pypi", name=project["name"], version=project["version"]),
        bom_ref=f"{project['name']}=={project['version']}",
        licenses=[LicenseFactory().make_from_string(project["license"])],
    )
    bom = Bom()
    bom.metadata.component = own
    components = {release: make_component(release) for release in releases}
    for component in components.values():
        bom.components.add(component)
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    direct = {canonicalize_name(Requirement(requirement).name) for requirement in wanted}
    bom.register_dependency(own, [c for r, c in components.items() if r.name in direct])
    for component in components.values():
        needs = [c for r, c in components.items() if component.name in r.via]
        bom.register_dependency(component, needs)
    text = "\n".join(f"{r.name}=={r.version} {r.hashes}" for r in releases)
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_OID, f"{own.bom_ref}\n{text}")
    seconds = float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    bom.metadata.timestamp = datetime.fromtimestamp(seconds, UTC)
    return bom


def make_component(release: Locked) -> Component:
    """A component with the hashes of the release's files, and its licence if it is installed."""
    purl = PackageURL("pypi", name=release.name, version=release.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(purl.to_string()),
        comment="the files of this release, for all systems",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in release.hashes],
    )
    marker = [Property(name=MARKER, value=release.marker)] if release.marker else []
    return Component(
        name=release.name,
        version=release.version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=f"{release.name}=={release.version}",
        external_references=[files],
        properties=marker,
        licenses=find_licences(release.name),
    )


def find_licences(name: str) -> list[License]:
    """The licence that an installed package states, whatever its release; none if it states none or
    is not installed."""
    try:
        stated = read_licence(metadata(name))
    except PackageNotFoundError:
        return []
    return [LicenseFactory().make_from_string(stated)] if stated else []


def read_licence(stated: PackageMetadata) -> str:
    """The licence in a package's metadata: its expression, its classifiers, or its name."""
    if expression := _read(stated, "License-Expression"):
        return expression
    classifiers = stated.get_all("Classifier") or []
    names = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: ")]
    plain = _read(stated, "License").strip()
    if (plain and is_expression(plain)) or not names:
        return plain if "\n" not in plain and len(plain) <= _LONGEST_LICENCE else ""
    return " and ".join(name for name in names if name != "OSI Approved") or plain


def _read(stated: PackageMetadata, field: str) -> str:
    return str(stated[field]) if field in stated else ""


if __name__ == "__main__":
    sys.exit(main())
