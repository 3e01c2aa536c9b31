"""A shop for programs that run on an event loop: what takes time runs in a thread, and the loop goes on."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from shopclerk.shop import Shop

P = ParamSpec("P")
R = TypeVar("R")


def _in_thread(
    method: Callable[Concatenate[Shop, P], R],
) -> Callable[Concatenate["AsyncShop", P], Coroutine[Any, Any, R]]:
    @wraps(method)
    async def twin(self: "AsyncShop", /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.to_thread(method, self.shop, *args, **kwargs)

    return twin


class AsyncShop:
    """A shop whose methods are awaited; they take and return what those of `Shop` do.

    Use it as an async context manager, or call `close`.

    Args:
        shop: The shop; for what is not here.
    """

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    @classmethod
    async def open(cls, catalog: str | Path | None = None, **options: Any) -> Self:
        """Open a catalogue and bring it up to date with its file; see `Shop.open`."""
        return cls(await asyncio.to_thread(partial(Shop.open, catalog, **options)))

    search = _in_thread(Shop.search)
    ask = _in_thread(Shop.ask)
    list = _in_thread(Shop.list)
    rewrite = _in_thread(Shop.rewrite)
    tools = _in_thread(Shop.tools)
    close = _in_thread(Shop.close)

    async def __aenter__(self) -> Self:
        """Return the shop itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the shop."""
        await self.close()
