"""Addresses of stores, and opening them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from trial_store import content, name

from narrate.errors import AddressError, SecretError
from narrate.pipeline.store.base import Store, StoreAddress
from narrate.pipeline.store.cached import CachedStore
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.opening import open_store, resolve


def use(store: Store) -> Path:
    with store.lock([name(1)]), store.writing([name(1)]) as (path,):
        path.write_bytes(content(name(1)))
    store.touch([name(1)])
    assert store.find_missing([name(1)]) == set()
    found = store.fetch(name(1))
    assert found and store.take_notes() == () and store.sweep() == 0
    return found


def test_a_folder_is_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    address = resolve("build/.store")
    assert address.url == str(tmp_path / "build" / ".store")
    store = open_store(address)
    assert isinstance(store, FolderStore) and store.address == address
    use(store)


def test_a_url_is_a_shared_store_with_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    monkeypatch.setenv("NARRATE_STORE_CACHE", str(tmp_path / "mine"))
    address = resolve((tmp_path / "share").as_uri() + "/")
    store = open_store(address)
    assert isinstance(store, CachedStore) and store.address == address
    assert use(store).is_relative_to(tmp_path / "mine" / address.secret_id)


def test_an_address_may_name_the_cache(tmp_path: Path) -> None:
    here = resolve("memory:///")
    store = open_store(StoreAddress(here.url, here.secret_id, str(tmp_path / "named")))
    assert use(store).is_relative_to(tmp_path / "named")


def test_a_store_is_opened_once() -> None:
    address = resolve("memory:///")
    assert open_store(address) is open_store(pickle.loads(pickle.dumps(address)))


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(AddressError):
        resolve("https://bucket.example")


def test_a_worker_with_another_secret_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = resolve(tmp_path / "store")
    monkeypatch.setenv("NARRATE_STORE_SECRET", "s" * 32)
    with pytest.raises(SecretError, match="another secret") as caught:
        open_store(address)
    assert "NARRATE_STORE_SECRET" in caught.value.remedy
    monkeypatch.delenv("NARRATE_STORE_SECRET")
    open_store(address)
