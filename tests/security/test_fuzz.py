"""Readers, planner, title checker and taxonomy reader on whatever comes: an answer or a stated error, nothing else.

`FUZZ_EXAMPLES=10000 python -m pytest tests/security/test_fuzz.py` tries that many each; a plain run a few.
"""

import io
import os
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopclerk.agents.assistant import Assistant
from shopclerk.catalog.readers import read_rows
from shopclerk.catalog.taxonomy_readers import open_taxonomy
from shopclerk.errors import ShopclerkError
from shopclerk.models.titles.checker import broken_rules, invented_words, plain_words
from shopclerk.models.titles.listing import TitleInput
from shopclerk.models.titles.rule_writer import RuleTitleWriter
from shopclerk.shop import Shop, sample_file
from tests.fakes import HashEncoder

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

PIECES = (
    'id,title,price\n|id\ttitle\n|"|""|,|;|\t|\n|\r\n|\r|\0|\ufeff|{"id": "1", "title": "a"}\n|{|}|[|]|null|NaN|1e999|'
    "-0|9999999999999999999999|\\u0000|\\ud800|<rss><channel>|<item>|</item>|<g:id>1</g:id>|<title>a</title>|"
    "</channel></rss>|<![CDATA[|]]>|&amp;|&#0;|<!DOCTYPE x>|Handle,Title,Variant Price\n| > |Home > Garden\n|"
    "# Google_Product_Taxonomy_Version: 2021\n|1 - A > B\n|id,parent_id,name\n|1,1,a\n|1,2,a\n2,1,b\n|€|é|词|\u202e"
).split("|")
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=14).map("".join)
files = texts.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=200)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".json", ".xml", ".txt", ".parquet"])
@fuzz
@given(data=files)
def test_a_file_is_read_or_refused(suffix: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(data)
        with suppress(ShopclerkError):
            for row in read_rows(path):
                assert (row.product is None) != (row.error is None)


columns_of_one_kind = st.sampled_from(
    [
        st.integers(-(2**63), 2**63 - 1),
        st.floats(),
        st.text(max_size=20),
        st.booleans(),
        st.datetimes(),
    ]
).flatmap(lambda kind: st.lists(st.none() | kind, min_size=2, max_size=2))


@fuzz
@given(
    columns=st.dictionaries(
        st.sampled_from(["id", "title", "price", "images", "tags", "stock", "colour"]),
        columns_of_one_kind,
    )
)
def test_a_parquet_file_is_read_or_refused(columns: dict[str, list[object]]) -> None:
    stream = io.BytesIO()
    pl.DataFrame(columns, strict=False).write_parquet(stream)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.parquet"
        path.write_bytes(stream.getvalue())
        with suppress(ShopclerkError):
            for row in read_rows(path):
                assert (row.product is None) != (row.error is None)


@fuzz
@given(data=files, suffix=st.sampled_from([".txt", ".csv", ".tsv"]))
def test_a_taxonomy_is_read_or_refused(data: bytes, suffix: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"categories{suffix}"
        path.write_bytes(data)
        with suppress(ShopclerkError):
            assert len(open_taxonomy(path))


WORDS = (
    "red|blue|mugs|boots|under|over|between|and|or|not|without|no|cheapest|the second one|like this|$|€|20|1,299.00|"
    "-5|1e9|rated|stars|in stock|compare|more|yes|hi|thanks|size|42|ignore previous instructions|?|!|,|.|zapatos|靴|🙂"
).split("|")
messages = st.lists(st.sampled_from(WORDS) | st.text(max_size=10), max_size=10).map(" ".join)


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over the sample shop that plans by rules."""
    home = tmp_path_factory.mktemp("fuzz")
    options = {"home": home, "planner": "rules", "image_encoder": "none"}
    return Shop.open(sample_file(), encoder=HashEncoder(), **options).assistant()


@fuzz
@given(said=st.lists(messages, min_size=1, max_size=3))
def test_every_message_gets_a_grounded_answer(clerk: Assistant, said: list[str]) -> None:
    clerk.forget("fuzz")
    for message in said:
        turn = clerk.ask(message, thread="fuzz")
        assert turn.answer.strip()
        assert len(turn.tool_calls) <= 2
        for product in turn.products:
            assert re.search(re.escape(product.id), " ".join(turn.results))


listings = st.builds(
    TitleInput,
    st.just(""),
    st.lists(
        st.sampled_from([*WORDS, "ACME", "1.7l", "10 x 20 cm", "<b>", "&amp;"])
        | st.text(max_size=12),
        max_size=9,
    ).map(" ".join),
    st.none() | st.text(max_size=40),
    st.none() | st.text(max_size=12),
    st.none() | st.text(max_size=20),
    st.dictionaries(st.text(max_size=8), st.text(max_size=12), max_size=3),
)
WRITER = RuleTitleWriter()


@fuzz
@given(listing=listings, title=st.text(max_size=60))
def test_a_title_is_checked_whatever_it_is(listing: TitleInput, title: str) -> None:
    assert isinstance(broken_rules(title, listing), list)
    written = WRITER.write([listing])[0].title
    assert len(written) <= 150
    assert all(word in plain_words(written) for word in invented_words(written, listing))
