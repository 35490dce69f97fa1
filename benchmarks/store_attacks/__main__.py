"""Runs the attacks. See the package."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from . import __doc__ as about
from .attacks import ATTACKS, control, judge
from .lab import Lab, own_environment


def main() -> int:
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("names", nargs="*")
    names = parser.parse_args().names or list(ATTACKS)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, own_environment(Path(folder)):
        first = Lab.set_up(Path(folder) / "first")
        kept = Path(folder) / "kept"
        shutil.copytree(first.root, kept, symlinks=True)
        for number, name in enumerate(["control", *names]):
            root = Path(folder) / f"lab-{number}"
            _copy(kept, root)
            lab = Lab(root, dict(first.good))
            try:
                os.environ["XDG_CONFIG_HOME"] = str(root / "config")
                if name == "control":
                    control(lab)
                    told = "what is ours is served at each of the stages"
                else:
                    told = judge(lab, name)
            except AssertionError as error:
                failed += 1
                told = f"SERVED: {error}"
            print(f"{name}: {told}", flush=True)
            shutil.rmtree(root)
    print(f"{len(names)} attacks, {failed} failures")
    return 1 if failed else 0


def _copy(kept: Path, root: Path) -> None:
    """A copy of a lab, with the times of its files."""
    shutil.copytree(kept, root, symlinks=True, copy_function=shutil.copy2)


if __name__ == "__main__":
    sys.exit(main())
