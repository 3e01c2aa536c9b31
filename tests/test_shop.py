"""A shop: where it lies, how it keeps in step with its file, and how it mends itself."""

from pathlib import Path

import pytest

from shopclerk.catalog.indexing import indexing_lock
from shopclerk.catalog.product import Product
from shopclerk.catalog.search import SearchRequest
from shopclerk.errors import SettingError, StorageError
from shopclerk.settings import load_settings
from shopclerk.shop import SAMPLE, Place, Shop, find_place, remember_current, sample_file
from tests.conftest import ShopMaker
from tests.fakes import FakeEye, HashEncoder
from tests.listings import write_catalog
from tests.pictured import picture_file, pictured_products

# -- where -------------------------------------------------------------------------------------------


def test_a_file_gets_a_folder_of_its_own(home: Path, catalog_file: Path) -> None:
    other = write_catalog(home / "sub" / catalog_file.name, [Product(id="1", title="x")])
    places = [find_place(load_settings(catalog=str(path))) for path in (catalog_file, other)]
    assert [place.source for place in places] == [catalog_file, other]
    assert places[0].folder != places[1].folder
    assert all(place.folder.is_relative_to(home / "catalogs") for place in places)


def test_a_relative_path_means_the_same_catalogue(catalog_file: Path) -> None:
    absolute = find_place(load_settings(catalog=str(catalog_file)))
    assert find_place(load_settings(catalog=catalog_file.name)).folder == absolute.folder


def test_a_catalogue_folder_has_no_file(shop: ShopMaker) -> None:
    folder = shop().place.folder
    assert find_place(load_settings(catalog=str(folder))) == Place(folder)


def test_the_sample_is_used_when_nothing_is_named() -> None:
    place = find_place(load_settings())
    assert (place.folder.name, place.source) == (SAMPLE, sample_file())


def test_the_catalogue_used_last_is_used_again(catalog_file: Path) -> None:
    place = find_place(load_settings(catalog=str(catalog_file)))
    remember_current(load_settings(), place)
    assert find_place(load_settings()) == place
    catalog_file.unlink()
    assert find_place(load_settings()).source == sample_file()


def test_an_unknown_catalogue_says_what_can_be_named() -> None:
    with pytest.raises(SettingError, match=r"no catalogue at 'nowhere\.csv'.*CSV.*'sample'"):
        Shop.open("nowhere.csv")


# -- in step with the file ---------------------------------------------------------------------------


def test_opening_indexes_once(shop: ShopMaker) -> None:
    first, second = shop(), Shop(shop().settings, encoder=HashEncoder())
    assert len(first.store) == 12
    assert second.refresh() is None
    assert second.store.generation == 1
    second.close()


def test_a_changed_file_is_read_again(shop: ShopMaker, products: list[Product]) -> None:
    opened = shop()
    assert opened.place.source
    write_catalog(opened.place.source, [*products[2:], Product(id="new", title="New thing")])
    report = opened.refresh()
    assert report
    assert (report.added, report.unchanged, report.deleted) == (1, 10, 2)
    assert len(opened.vectors) == len(opened.store) == 11


def test_a_run_cut_short_is_finished_on_refresh(shop: ShopMaker) -> None:
    opened = shop()
    opened.store.all_vectors_due()
    opened.vectors.delete([1, 2, 3])
    assert opened.refresh() is None
    assert (opened.store.due_count(), len(opened.vectors)) == (0, 12)


def test_another_encoder_makes_all_vectors_anew(shop: ShopMaker) -> None:
    class Other(HashEncoder):
        id = "other"

    shop().close()
    encoder = Other()
    opened = shop(encoder=encoder)
    assert encoder.encoded == len(opened.vectors) == 12


def test_a_file_can_be_mapped_and_added(shop: ShopMaker, tmp_path: Path) -> None:
    opened = shop()
    more = tmp_path / "more.csv"
    more.write_text("SKU,title\nx,Extra\n", encoding="utf-8")
    report = opened.index(more, columns={"id": "SKU"})
    assert (report.added, report.missing, len(opened.store)) == (1, 12, 13)


def test_a_folder_without_a_file_cannot_be_indexed(shop: ShopMaker) -> None:
    opened = Shop(
        load_settings(catalog=str(shop().place.folder), image_encoder="none"),
        encoder=HashEncoder(),
    )
    with pytest.raises(SettingError, match="has no file; name one"):
        opened.index()
    assert opened.refresh() is None
    assert opened.search("boots").total == 12
    opened.close()


# -- mending -----------------------------------------------------------------------------------------


def test_verify_finds_strays_and_losses(shop: ShopMaker) -> None:
    opened = shop()
    assert opened.verify() == 0
    opened.vectors.upsert([77], HashEncoder().encode(["stray"]))
    opened.vectors.delete([3])
    assert opened.verify() == 2
    opened.refresh()
    assert set(opened.vectors.rows()) == set(range(1, 13))


def test_rebuild(shop: ShopMaker) -> None:
    opened = shop()
    assert opened.rebuild() == 12
    assert opened.search("hiking boots").hits[0].semantic is not None


def test_a_rebuild_leaves_an_index_alone_that_another_process_fills(shop: ShopMaker) -> None:
    opened = shop()
    with indexing_lock(opened.place.folder), pytest.raises(StorageError, match="Another process"):
        opened.rebuild()
    assert len(opened.vectors) == 12


# -- use ---------------------------------------------------------------------------------------------


def test_search_takes_words_or_a_request(shop: ShopMaker) -> None:
    opened = shop()
    assert opened.search("boots", limit=2) == opened.search(SearchRequest("boots", limit=2))


def test_a_shop_is_a_context_manager(shop: ShopMaker) -> None:
    with shop() as opened:
        assert opened.search("boots").hits
    opened.close()


def test_the_sample_opens() -> None:
    with Shop.open(SAMPLE, encoder=HashEncoder(), image_encoder="none") as opened:
        assert len(opened.store) > 200
        assert opened.search("running shoes for women").hits


def test_ask_keeps_a_conversation_by_its_thread(shop: ShopMaker) -> None:
    opened = shop(planner="rules")
    first = opened.ask("hiking boots", thread="anna")
    assert first.products
    again = opened.ask("the cheapest of these", thread="anna")
    assert {product.id for product in again.products} <= {product.id for product in first.products}


def test_ask_knows_what_was_indexed_since(shop: ShopMaker, tmp_path: Path) -> None:
    opened = shop(planner="rules")
    opened.ask("boots")
    more = tmp_path / "more.csv"
    more.write_text("id,title,category\nx,Copper Alembic,Alembics\n", encoding="utf-8")
    opened.index(more)
    assert [product.id for product in opened.ask("alembics").products] == ["x"]


def test_list_makes_a_listing(shop: ShopMaker) -> None:
    listing = shop().list("BEST waterproof hiking boots!!! size 42", price=59.9, brand="Fjellvik")
    product = listing.product()
    assert product.price == 59.9
    assert product.brand == "Fjellvik"
    assert "boots" in product.title.casefold()
    assert "!" not in product.title
    assert listing.made["title"].by


def test_list_wants_words_or_a_picture(shop: ShopMaker) -> None:
    with pytest.raises(SettingError, match="needs words or a picture"):
        shop().list()


def test_rewrite_keeps_the_facts(shop: ShopMaker) -> None:
    title = shop().rewrite("!!SALE!! acme KETTLE 1.7l steel", brand="Acme").title
    assert "SALE" not in title.upper()
    assert all(fact in title for fact in ("Acme", "1.7"))


def test_tools_are_those_of_the_catalogue_and_of_listings(shop: ShopMaker) -> None:
    tools = {tool.name: tool for tool in shop().tools()}
    assert sorted(tools) == [
        "check_listing",
        "compare_products",
        "extract_attributes",
        "find_duplicates",
        "find_similar",
        "get_product",
        "link_product",
        "map_category",
        "normalize_text",
        "search_catalog",
        "suggest_tags",
        "write_title",
    ]
    assert "products fit" in tools["search_catalog"].invoke({"query": "hiking boots"})


def test_a_picture_is_shown_to_the_tools(shop: ShopMaker, tmp_path: Path) -> None:
    opened = shop(pictured_products(tmp_path), eye=FakeEye())
    name = opened.show(picture_file(tmp_path, "blue"))
    tools = {tool.name: tool for tool in opened.tools()}
    assert "[blue-ball]" in tools["find_similar"].invoke({"image": name})
    assert {"describe_image", "locate_in_image"} <= tools.keys()


def test_a_picture_needs_something_that_looks(shop: ShopMaker, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="image_encoder is 'none'"):
        shop().show(picture_file(tmp_path, "red"))
