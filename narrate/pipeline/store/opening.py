"""Opens the store at an address, once in each process."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from narrate.errors import AddressError, SecretError
from narrate.pipeline.store.base import Store, StoreAddress
from narrate.pipeline.store.secret import read_secret

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # of two letters at least: C:\ is a disk

_open: dict[StoreAddress, Store] = {}
_opening = threading.Lock()


def resolve(place: str | Path) -> StoreAddress:
    """The address of the store in a folder or at a URL, sealed by the secret that is in use here.

    Raises SecretError.
    """
    url = str(place)
    if not _SCHEME.match(url):
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
    if _SCHEME.match(address.url):
        raise AddressError("Object stores are not there yet.", remedy="Name a folder.")
    return FolderStore(Path(address.url), secret)
