"""A shop on an event loop does what the shop does, and the loop goes on meanwhile."""

import asyncio
import inspect
from pathlib import Path

from shopclerk import AsyncShop, Shop
from tests.conftest import ShopMaker
from tests.fakes import HashEncoder
from tests.listings import write_catalog


def test_what_is_awaited_is_what_the_shop_returns(shop: ShopMaker) -> None:
    opened = shop(planner="rules")

    async def use() -> None:
        twin = AsyncShop(opened)
        assert await twin.search("boots", limit=2) == opened.search("boots", limit=2)
        assert (await twin.rewrite("RED SHOES!!!")).title == opened.rewrite("RED SHOES!!!").title
        assert [tool.name for tool in await twin.tools()] == [t.name for t in opened.tools()]
        assert (await twin.ask("hiking boots", thread="a")).products

    asyncio.run(use())


def test_many_ask_at_once_and_each_gets_its_own_answer(shop: ShopMaker) -> None:
    opened = shop(planner="rules")
    wishes = ["hiking boots", "a jacket", "mugs", "a backpack", "running shoes"] * 3
    alone = {
        wish: opened.ask(wish, thread=f"alone {number}").answer
        for number, wish in enumerate(wishes)
    }

    async def use() -> list[str]:
        twin = AsyncShop(opened)
        turns = [twin.ask(wish, thread=f"{number}") for number, wish in enumerate(wishes)]
        return [turn.answer for turn in await asyncio.gather(*turns)]

    assert asyncio.run(use()) == [alone[wish] for wish in wishes]


def test_it_opens_and_closes(tmp_path: Path, shop: ShopMaker) -> None:
    path = write_catalog(tmp_path / "other.jsonl", list(shop().store.products()))
    options = {"encoder": HashEncoder(), "home": tmp_path, "image_encoder": "none"}

    async def use() -> int:
        async with await AsyncShop.open(path, **options) as opened:
            return (await opened.search("boots")).total

    assert asyncio.run(use()) == 12


def test_its_methods_are_those_of_a_shop() -> None:
    public = [name for name in vars(AsyncShop) if name[0] != "_" and name != "open"]
    assert public
    for name in public:
        twin, method = getattr(AsyncShop, name), getattr(Shop, name)
        assert inspect.signature(twin) == inspect.signature(method)
        assert twin.__doc__ == method.__doc__
