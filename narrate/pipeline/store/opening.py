"""Opens the store at an address, once in each process."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from narrate.errors import SecretError
from narrate.pipeline.store.base import Store, StoreAddress
from narrate.pipeline.store.secret import read_secret

if TYPE_CHECKING:
    from narrate.pipeline.store.retention import Artefacts

_PATIENCE = 30.0  # seconds; somebody waits at a terminal
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # of two letters at least: C:\ is a disk

_open: dict[StoreAddress, Store] = {}
_opening = threading.Lock()


def is_url(place: str) -> bool:
    """Whether a store's place is the address of an object store rather than a folder's path."""
    return _SCHEME.match(place) is not None


def resolve(place: str | Path) -> StoreAddress:
    """The address of the store in a folder or at a URL, sealed by the secret that is in use here.

    Raises AddressError and SecretError.
    """
    url = str(place)
    if is_url(url):
        from narrate.pipeline.store.object_calls import require_address

        require_address(url)
        parts = urlsplit(url)
        url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
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
    if not is_url(address.url):
        return FolderStore(Path(address.url), secret)
    from narrate.pipeline.store.cached import CachedStore, cache_folder, cache_size
    from narrate.pipeline.store.objects import ObjectStore

    objects = ObjectStore(address.url, secret)
    # What one secret sealed does not count under another: they would only replace each other's.
    folder = (Path(address.cache) if address.cache else cache_folder()) / secret.id
    return CachedStore(objects, FolderStore(folder, secret), bound=cache_size())


def open_artefacts(url: str) -> Artefacts:
    """The artefacts of the store at an address or in a folder, for those who look after it. Raises
    StoreError."""
    from narrate.pipeline.store.folder import FolderStore
    from narrate.pipeline.store.retention import FolderArtefacts, SharedArtefacts

    secret = read_secret()
    if not is_url(url):
        return FolderArtefacts(FolderStore(Path(url), secret))
    from narrate.pipeline.store.objects import ObjectStore

    return SharedArtefacts(ObjectStore(url, secret, patience=_PATIENCE))
