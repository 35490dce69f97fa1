"""Opens the store at an address, once in each process."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from narrate.errors import SecretError
from narrate.pipeline.store.base import Store, StoreAddress
from narrate.pipeline.store.secret import read_secret

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # of two letters at least: C:\ is a disk

_open: dict[StoreAddress, Store] = {}
_opening = threading.Lock()


def resolve(place: str | Path) -> StoreAddress:
    """The address of the store in a folder or at a URL, sealed by the secret that is in use here.

    Raises AddressError and SecretError.
    """
    url = str(place)
    if _SCHEME.match(url):
        from narrate.pipeline.store.object_calls import require_address

        require_address(url)
        url = url.rstrip("/") if not url.endswith("://") else url
    else:
        url = str(Path(place).absolute())
    return StoreAddress(url, read_secret().id)


def open_store(address: StoreAddress) -> Store:
    """The store at an address. Raises StoreError, as SecretError if this process has another secret
    than the one that the address names."""
    with _opening:
        if address not in _open:
            _open[address] = _open_new(address)
        return _open[address]


def _open_new(address: StoreAddress) -> Store:
    from narrate.pipeline.store.folder import FolderStore

    secret = read_secret()
    if address.secret_id and secret.id != address.secret_id:
        raise SecretError(
            "This process has another secret for the store than the build that it works for.",
            remedy="Give all machines of a build the same NARRATE_STORE_SECRET, or the same file "
            "by NARRATE_STORE_SECRET_FILE.",
        )
    if not _SCHEME.match(address.url):
        return FolderStore(Path(address.url), secret)
    from narrate.pipeline.store.cached import CachedStore, cache_folder, cache_size
    from narrate.pipeline.store.objects import ObjectStore

    objects = ObjectStore(address.url, secret)
    # What one secret sealed does not count under another: they would only replace each other's.
    folder = (Path(address.cache) if address.cache else cache_folder()) / secret.id
    return CachedStore(objects, FolderStore(folder, secret), bound=cache_size())
