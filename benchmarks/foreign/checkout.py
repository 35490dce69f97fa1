"""Makes a folder of every repository that benchmarks/foreign.toml names, as its author has it.

    python -m benchmarks.foreign.checkout --into FOLDER [--mirror PATTERN] [--single FOLDER]

PATTERN is where local git directories are, with `{owner}` and `{name}` in it; without it, or where
there is none, the commit is fetched from GitHub. `--single` is a folder with copies of the files
that have commits of their own, in FOLDER/OWNER+NAME/PATH. What is there already is kept.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from .corpus import CORPUS, Repository, read_corpus

CACHE = Path.home() / ".cache" / "narrate-foreign"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--into", type=Path, default=CACHE)
    parser.add_argument("--mirror", default="")
    parser.add_argument("--single", type=Path)
    parser.add_argument("--list", type=Path, default=CORPUS)
    arguments = parser.parse_args()
    missing = 0
    for repository in read_corpus(arguments.list):
        problem = check_out(repository, arguments.into, arguments.mirror, arguments.single)
        missing += bool(problem)
        print(f"{repository.name}: {problem or 'ok'}", flush=True)
    return int(missing > 0)


def check_out(repository: Repository, into: Path, mirror: str, single: Path | None) -> str:
    """Make the folder of one repository. Returns what is wrong; empty if nothing is."""
    target, stamp = into / repository.folder, into / f"{repository.folder}.commit"
    wanted = "\n".join([repository.commit, *repository.folders, *repository.commits.values()])
    if not (stamp.is_file() and stamp.read_text("utf-8") == wanted):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        try:
            _fill(target, repository, mirror, single)
        except (OSError, subprocess.CalledProcessError) as error:
            return f"not checked out: {error}"
        stamp.write_text(wanted, "utf-8")
    absent = [path for path in repository.lessons if not (target / path).is_file()]
    return f"not there: {', '.join(absent)}" if absent else ""


def _fill(target: Path, repository: Repository, mirror: str, single: Path | None) -> None:
    if repository.commits and single and (single / repository.folder).is_dir():
        shutil.copytree(single / repository.folder, target, dirs_exist_ok=True)
        return
    owner, _, name = repository.name.partition("/")
    local = Path(mirror.format(owner=owner, name=name)) if mirror else None
    with tempfile.TemporaryDirectory() as scratch:
        git = local / ".git" if local and (local / ".git").is_dir() else local
        if git is None or not git.is_dir():
            git = _fetch(repository, Path(scratch))
        if not repository.commits:
            _extract(git, repository.commit, repository.folders, target)
        for path, commit in repository.commits.items():
            _extract(git, commit, (path,), target)


def _fetch(repository: Repository, scratch: Path) -> Path:
    """A git directory with the commits of a repository, from the network."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(scratch)], check=True)
    url = f"https://github.com/{repository.name}.git"
    commits = [*repository.commits.values()] or [repository.commit]
    git = ["git", f"--git-dir={scratch}"]
    subprocess.run([*git, "fetch", "--quiet", "--depth=1", url, *commits], check=True)
    return scratch


def _extract(git: Path, commit: str, paths: tuple[str, ...], target: Path) -> None:
    """Write a commit's files. Files that the git directory lacks (a copy may leave out the largest)
    and links that lead out of the folder are left out."""
    command = ["git", f"--git-dir={git}"]
    listing = [*command, "ls-tree", "-r", "-z", commit, "--", *paths]
    rows = subprocess.run(listing, check=True, capture_output=True).stdout.decode().split("\0")
    entries = [row.partition("\t") for row in rows if " blob " in row]
    names = "".join(f"{head.split()[2]}\n" for head, _, _ in entries).encode()
    batch = [*command, "cat-file", "--batch"]
    content = subprocess.run(batch, input=names, check=True, capture_output=True).stdout
    at, home = 0, target.resolve()
    for head, _, path in entries:
        end = content.index(b"\n", at)
        answer, at = content[at:end].split(), end + 1
        if answer[-1] == b"missing":
            continue
        size = int(answer[-1])
        data, at = content[at : at + size], at + size + 1
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not head.startswith("120000"):
            place.write_bytes(data)
        elif (place.parent / data.decode()).resolve().is_relative_to(home):
            place.symlink_to(data.decode())


if __name__ == "__main__":
    raise SystemExit(main())
