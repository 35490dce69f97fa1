"""Installs the tools into a folder, or adds what is missing there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = Path(__file__).with_name("package.json")
PICTURE_PACKAGES = Path(__file__).with_name("picture_packages.json")
_QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
PANDOC = "pypandoc-binary==1.17"
NEW_REMARK = "remark-git"
PARTS = ("src/remark",)  # of remark's repository


def set_up(into: Path, remark: Path | None = None) -> None:
    """Install the packages of package.json and pandoc into a folder.

    `remark` is a git folder of remark's repository (gnab/remark), whose version 0.15 is what decks
    load from its site; npm has only 0.14.
    """
    _install(PACKAGES, into)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--no-deps"]
    subprocess.run([*pip, "--target", into / "python", PANDOC], check=True)
    if remark is not None:
        _add_remark(into, remark)


def set_up_pictures(into: Path) -> None:
    """Install into a folder what pictures of slides need in addition: Slidev, fonts and icons."""
    _install(PICTURE_PACKAGES, into)


def _install(packages: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(packages, into / "package.json")
    subprocess.run(["npm", "install", *_QUIET], cwd=into, check=True)


def _add_remark(into: Path, repository: Path) -> None:
    root = into / NEW_REMARK
    shutil.rmtree(root, ignore_errors=True)
    (root / "node_modules").mkdir(parents=True)
    archive = ["git", f"--git-dir={repository}", "archive", "HEAD", *PARTS]
    packed = subprocess.run(archive, capture_output=True, check=True)
    subprocess.run(["tar", "-x"], input=packed.stdout, cwd=root, check=True)
    (root / "package.json").write_text('{"type": "commonjs"}\n', "utf-8")
    shutil.copytree(into / "node_modules" / "remark-marked", root / "node_modules" / "marked")
