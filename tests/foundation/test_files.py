from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from foundation.files import (
    NotRegularError,
    TooLargeError,
    bytes_digest,
    file_digest,
    read_bounded,
    replacing,
    replacing_path,
    write_whole,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, b"old")
    with pytest.raises(RuntimeError), replacing(path) as file:
        file.write(b"half of the n")
        raise RuntimeError
    assert path.read_bytes() == b"old" and names(tmp_path) == ["a.txt"]
    write_whole(path, b"new")
    assert path.read_bytes() == b"new" and names(tmp_path) == ["a.txt"]


def test_a_writer_that_takes_a_path_replaces_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with replacing_path(path) as written:
        written.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing_path(path) as written:
        written.write_bytes(b"half of the n")
        raise RuntimeError
    assert path.read_bytes() == b"old" and names(tmp_path) == ["a.txt"]
    with pytest.raises(FileNotFoundError), replacing_path(path):
        pass  # nothing was written
    assert path.read_bytes() == b"old"


def test_an_existing_file_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, b"first", overwrite=False)
    with pytest.raises(FileExistsError):
        write_whole(path, b"second", overwrite=False)
    assert path.read_bytes() == b"first" and names(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_private_file_is_created_private(tmp_path: Path) -> None:
    with replacing(tmp_path / "key", mode=0o600) as file:
        assert os.fstat(file.fileno()).st_mode & 0o777 == 0o600
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_reading_is_bounded_and_of_files_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_bounded(path, 5) == b"12345"
    with pytest.raises(TooLargeError):
        read_bounded(path, 4)
    with pytest.raises(NotRegularError):
        read_bounded(Path("/dev/null") if os.name == "posix" else tmp_path, 5)
    with pytest.raises(NotRegularError):
        read_bounded(tmp_path / "a\0b", 5)
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / "none", 5)


def test_digests_are_sha_256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"light")
    expected = hashlib.sha256(b"light").hexdigest()
    assert file_digest(tmp_path / "a") == bytes_digest(b"light") == expected
