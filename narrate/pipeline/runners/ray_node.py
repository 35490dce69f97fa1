"""What runs on the nodes of a Ray cluster.

`ray.py` sends these by their text and not by their name, so that a node without this program can
say so. They import what they use, and use nothing of this module but its constants.
"""

from __future__ import annotations

from typing import Any

DONE = "done"
MISSING = "missing"
_PROGRESS_EVERY = 1.0  # seconds; with a thousand workers, one process takes in all reports


def work(id: str, packed: bytes, packed_store: bytes, news: Any) -> tuple[str, Any]:
    """Do a task in a worker: DONE with its failure or None, as bytes, or MISSING with a reason."""
    import pickle
    import platform

    try:
        from narrate.pipeline.runners.base import Moved, Started
        from narrate.pipeline.runners.worker import do_packed

        open_store = pickle.loads(packed_store)
    except ImportError as error:
        return MISSING, f"{platform.node()} has no {error.name}"
    news.put.remote(pickle.dumps(Started(id)))

    def progress(share: float) -> None:
        news.put.remote(pickle.dumps(Moved(id, share)))

    return DONE, do_packed(packed, open_store, progress, every=_PROGRESS_EVERY)


class News:
    """An actor that keeps what workers report until the driver takes it."""

    def __init__(self) -> None:
        import asyncio

        self._news: list[bytes] = []
        self._come = asyncio.Event()

    async def put(self, packed: bytes) -> None:
        self._news.append(packed)
        self._come.set()

    async def take(self) -> list[bytes]:
        """All news since the last time; waits until there are some."""
        await self._come.wait()
        self._come.clear()
        news, self._news = self._news, []
        return news
