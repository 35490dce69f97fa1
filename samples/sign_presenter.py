"""Sign the painted presenter's consent record: `python -m samples.sign_presenter`.

The record is bound to the picture's bytes, so it is made again whenever the picture is painted
again. It is signed with a key that is made for it and thrown away: the public half goes into the
course's own `presenter/keys.json`, the private half exists in a temporary folder until the end.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import date
from pathlib import Path

from avatar.consent import (
    Scope,
    Signer,
    Statement,
    Terms,
    add_keys,
    course_keys_path,
    create_key,
    grant,
)

COURSE = Path(__file__).parent / "course"
COURSE_ID = "light-and-sight"

STATEMENT = (
    "This portrait was painted by the program in samples/presenter. It starts from round solids "
    "and curves that were set by hand, and uses no photograph, no scan and no picture of anybody. "
    "It shows nobody who lives or has lived; a likeness would be chance. It may be animated in the "
    "sample course."
)


def sign(course: Path = COURSE) -> None:
    """Replace the course's record and its file of trusted keys."""
    photo = course / "presenter" / "presenter.png"
    with tempfile.TemporaryDirectory() as folder:
        key = create_key(Path(folder) / "key.json", name="narrate sample course")
        terms = Terms(
            subject="Painted presenter (nobody who lives)",
            basis="synthetic-person",
            statement=Statement(STATEMENT),
            scope=Scope((COURSE_ID,), audience="anyone", commercial=True),
            valid_from=date(2025, 1, 1),
            valid_until=date(2046, 12, 31),
            signer=Signer(
                name="The narrate authors",
                role="authors of the program that painted it",
                verified="The program paints the same picture again from nothing.",
            ),
        )
        grant(photo, terms, key=key, force=True)
    keys = course_keys_path(course)
    keys.unlink(missing_ok=True)
    add_keys(keys, (key.public,))


def main() -> None:
    parser = argparse.ArgumentParser(description="Sign the painted presenter's consent record.")
    parser.add_argument("--course", type=Path, default=COURSE)
    sign(parser.parse_args().course)


if __name__ == "__main__":
    main()
