"""The secret that seals: where it comes from, and what is refused."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import pytest
from trial_store import OURS, THEIRS, finish, start

from narrate.errors import SecretError
from narrate.pipeline.store.secret import BYTES, read_secret, secret_path

posix = pytest.mark.skipif(sys.platform == "win32", reason="files have no modes there")


def test_a_user_has_one_secret_that_stays() -> None:
    first = read_secret()
    assert read_secret() == first and len(first.value) == BYTES
    assert secret_path().read_bytes() == first.value


@posix
def test_nobody_else_can_read_it() -> None:
    usual = os.umask(0)
    try:
        read_secret()
    finally:
        os.umask(usual)
    assert secret_path().stat().st_mode & 0o777 == 0o600


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_one_that_others_can_reach_is_refused(mode: int) -> None:
    read_secret()
    secret_path().chmod(mode)
    with pytest.raises(SecretError, match="others than its owner") as caught:
        read_secret()
    assert "chmod 600" in caught.value.remedy
    secret_path().chmod(0o600)
    read_secret()


@pytest.mark.parametrize("data", [b"", b"x" * 31, b"x" * 33, b"x" * 5000])
def test_a_damaged_one_is_refused_and_not_replaced(data: bytes) -> None:
    read_secret()
    secret_path().write_bytes(data)
    with pytest.raises(SecretError) as caught:
        read_secret()
    assert "Delete it" in caught.value.remedy
    assert secret_path().read_bytes() == data


def test_a_folder_in_its_place_is_refused() -> None:
    secret_path().mkdir(parents=True)
    with pytest.raises(SecretError):
        read_secret()


def test_a_place_where_it_cannot_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SecretError, match="cannot be kept here") as caught:
        read_secret()
    assert "NARRATE_STORE_SECRET" in caught.value.remedy


def test_processes_that_begin_at_once_have_one_secret(tmp_path: Path) -> None:
    program = """
import os, pathlib, sys
from narrate.pipeline.store.secret import read_secret
for number in range(40):
    pathlib.Path(f"{sys.argv[1]}-{number}-{sys.argv[2]}").touch()
    while not pathlib.Path(f"{sys.argv[1]}-{number}-{1 - int(sys.argv[2])}").exists():
        pass
    os.environ["XDG_DATA_HOME"] = f"{sys.argv[1]}-data{number}"
    print(read_secret().id)
"""
    processes = [start(program, tmp_path / "turn", number) for number in range(2)]
    first, second = (finish(process).split() for process in processes)
    assert first == second and len(set(first)) == 40


def test_the_organisations_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = read_secret()
    monkeypatch.setenv("NARRATE_STORE_SECRET", "c" * 32)
    shared = read_secret()
    assert shared != own
    file = tmp_path / "secret"
    file.write_text("c" * 32 + "\n")
    file.chmod(0o600)
    monkeypatch.setenv("NARRATE_STORE_SECRET", "")
    monkeypatch.setenv("NARRATE_STORE_SECRET_FILE", str(file))
    assert read_secret() == shared


def test_a_short_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARRATE_STORE_SECRET", " " * 20 + "c" * 31 + "\n")
    with pytest.raises(SecretError, match="31 characters") as caught:
        read_secret()
    assert "c" * 31 not in str(caught.value)


def test_two_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARRATE_STORE_SECRET", "c" * 32)
    monkeypatch.setenv("NARRATE_STORE_SECRET_FILE", "somewhere")
    with pytest.raises(SecretError, match="Both"):
        read_secret()


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NARRATE_STORE_SECRET_FILE", str(tmp_path / "nothing"))
    with pytest.raises(SecretError, match="cannot be read") as caught:
        read_secret()
    assert "NARRATE_STORE_SECRET_FILE" in caught.value.remedy


def test_its_fingerprint_tells_secrets_apart_and_not_the_secret() -> None:
    assert OURS.id != THEIRS.id
    assert len(OURS.id) == 16
    assert OURS.value.hex() not in OURS.id and repr(OURS.value) not in repr(OURS)


def test_it_is_not_sent_to_another_process() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(OURS)


def test_the_same_facts_for_another_purpose_have_another_mac() -> None:
    mac = OURS.authenticate("one", "ab", "c")
    assert OURS.confirms(mac, "one", "ab", "c")
    assert not OURS.confirms(mac, "two", "ab", "c")
    assert not OURS.confirms(mac, "one", "a", "bc")
    assert not THEIRS.confirms(mac, "one", "ab", "c")
    assert not OURS.confirms("\udc80ä", "one", "ab", "c")
