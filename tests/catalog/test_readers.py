"""Product files of every format, whole and broken."""

import csv
import gzip
import io
import json
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopclerk.catalog import tables
from shopclerk.catalog.product import Product
from shopclerk.catalog.readers import Row, read_rows
from shopclerk.catalog.tables import FORMATS
from shopclerk.errors import SettingError, UnreadableFileError

BOOTS = Product(id="1", title="Boots", price=9.5, tags=("a", "b"))
SHOES = Product(id="2", title="Shoes, red")
CSV = 'id,title,price,tags\n1,Boots,9.5,a|b\n2,"Shoes, red",,\n'
JSONL = (
    '{"id": "1", "title": "Boots", "price": 9.5, "tags": ["a", "b"]}\n\n'
    '{"id": 2, "title": "Shoes, red"}'
)

texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), min_size=1, max_size=30
).filter(lambda text: text == text.strip() and text[0] not in "[{")
names = st.text("abcXYZ äß\"';|,0", min_size=1, max_size=8).filter(lambda t: t == t.strip())
products = st.builds(
    Product,
    id=texts,
    title=texts,
    description=st.none() | texts,
    brand=st.none() | texts,
    price=st.none() | st.integers(0, 10**9).map(lambda cents: cents / 100),
    currency=st.sampled_from(["USD", "EUR", "JPY"]),
    rating=st.none() | st.floats(0, 5),
    stock=st.none() | st.integers(0, 10**6),
    images=st.lists(texts, max_size=3).map(tuple),
    attributes=st.dictionaries(names, texts | st.lists(texts, min_size=1, max_size=2).map(tuple)),
    tags=st.lists(texts, max_size=3).map(tuple),
)
catalogs = st.lists(products, max_size=5, unique_by=lambda product: product.id)
anywhere = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ids(rows: list[Row]) -> list[str]:
    return [row.product.id for row in rows if row.product]


def rejected(rows: list[Row]) -> dict[int, str]:
    return {row.line: row.error for row in rows if row.error}


def as_csv(catalog: list[Product], delimiter: str = ",") -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, list(Product.model_fields), delimiter=delimiter)
    table.writeheader()
    for product in catalog:
        data = product.model_dump(mode="json")
        cells = {k: json.dumps(v) if isinstance(v, list | dict) else v for k, v in data.items()}
        table.writerow(cells)
    return out.getvalue()


SAME = {
    "csv": ("c.csv", CSV.encode()),
    "capitals in the extension": ("C.CSV", CSV.encode()),
    "bom": ("c.csv", CSV.encode("utf-8-sig")),
    "utf-16": ("c.csv", CSV.encode("utf-16")),
    "utf-16 big endian": ("c.csv", b"\xfe\xff" + CSV.encode("utf-16-be")),
    "windows lines": ("c.csv", CSV.replace("\n", "\r\n").encode()),
    "old mac lines": ("c.csv", CSV.replace("\n", "\r").encode()),
    "no last newline": ("c.csv", CSV.rstrip().encode()),
    "blank lines": ("c.csv", CSV.replace("\n", "\n\n,,,\n").encode()),
    "semicolons": ("c.csv", b"id;title;price;tags\n1;Boots;9,5;a|b\n2;Shoes, red;;\n"),
    "tabs in csv": ("c.csv", b"id\ttitle\tprice\ttags\n1\tBoots\t9.5\ta,b\n2\tShoes, red\t\t\n"),
    "tsv": ("c.tsv", b"id\ttitle\tprice\ttags\n1\tBoots\t9.5\ta,b\n2\tShoes, red\t\t\n"),
    "blank after the delimiter": (
        "c.csv",
        b'id, title, price, tags\n1, "Boots", 9.5, a|b\n2, "Shoes, red",,\n',
    ),
    "synonyms": ("c.csv", CSV.replace("id,title", "SKU,Product Name").encode()),
    "jsonl": ("c.jsonl", JSONL.encode()),
    "ndjson with a bom": ("c.ndjson", JSONL.encode("utf-8-sig")),
    "jsonl in utf-16": ("c.jsonl", JSONL.encode("utf-16")),
    "csv.gz": ("c.csv.gz", gzip.compress(CSV.encode())),
    "jsonl.gz": ("c.jsonl.gz", gzip.compress(JSONL.encode())),
}


@pytest.mark.parametrize(("name", "content"), SAME.values(), ids=SAME)
def test_reads_the_same_products(tmp_path: Path, name: str, content: bytes) -> None:
    rows = list(read_rows(written(tmp_path / name, content)))
    assert rejected(rows) == {}
    assert [row.product for row in rows] == [BOOTS, SHOES]


def test_reads_parquet_over_several_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PARQUET_SLICE_ROWS", 2)
    path = tmp_path / "odd[1].parquet"
    cells = {"id": ["1", None, "2"], "title": ["Boots", "x", "Shoes, red"], "vector": [[0.5]] * 3}
    prices = {"price": [9.5, 1, None], "tags": [["a", "b"], [], None]}
    pl.DataFrame(cells | prices, strict=False).write_parquet(path)
    rows = list(read_rows(path))
    assert [row.product for row in rows] == [BOOTS, None, SHOES]
    assert rejected(rows).keys() == {2}
    assert "vector" not in rows[1].raw


def test_parquet_with_a_mapped_column(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    pl.DataFrame({"Key": [1], "Label": ["Boots"]}).write_parquet(path)
    rows = list(read_rows(path, columns={"id": "key", "title": "Label"}))
    assert ids(rows) == ["1"]


def test_attributes_and_lists(tmp_path: Path) -> None:
    text = (
        "id,title,images,tags,attributes,attr:fit,junk\n"
        '1,A,"a.jpg;b.jpg","[""x, y""]","{""color"": [""red"", ""blue""]}",slim,ignored\n'
    )
    (row,) = read_rows(written(tmp_path / "c.csv", text))
    assert row.product == Product(
        id="1",
        title="A",
        images=("a.jpg", "b.jpg"),
        tags=("x, y",),
        attributes={"color": ("red", "blue"), "fit": "slim"},
    )


def test_multi_line_description(tmp_path: Path) -> None:
    text = 'id,description,title\n1,"first\n\nsaid ""x"", then\n",A\n2,,B\n'
    rows = list(read_rows(written(tmp_path / "c.csv", text)))
    assert [row.line for row in rows] == [2, 6]
    assert rows[0].product == Product(id="1", title="A", description='first\n\nsaid "x", then')


BROKEN_LINES = {
    "open quote": ('2,"Broken,5', "quote is not closed"),
    "text behind a quote": ('2,"13" screen,5', "quote is not closed"),
    "open quote that a later line closes": ('2,"Broken,5\n3,x",5,6', "quote is not closed|cells"),
    "too few cells": ("2,A", "2 cells, the header 3"),
    "too many cells": ("2,A,5,6", "4 cells, the header 3"),
    "bad byte": (b"2,\xff\xfe,5", "Character 3 is not UTF-8"),
    "latin-1": ("2,Größe,5".encode("latin-1"), "is not UTF-8"),
    "NUL": ("2,A\0B,5", "NUL byte"),
    "no id": (",A,5", "id is missing"),
    "no title": ("2, ,5", "title is missing"),
    "same id": ("1,Again,5", "id '1' stands in the file already"),
    "price": ("2,A,free", "Price 'free'"),
    "negative price": ("2,A,-5", "negative"),
    "long title": (f"2,{'x' * 50_001},5", "1 to 50,000"),
    "long line": (f"2,{'x' * 4_000_000},5", "line is too long"),
    "long open quote": (f'2,"{"x" * 300_000}', "quote is not closed"),
}


@pytest.mark.parametrize(("line", "reason"), BROKEN_LINES.values(), ids=BROKEN_LINES)
@pytest.mark.parametrize("quoted_next", [False, True], ids=["plain next", "quoted next"])
def test_a_broken_csv_line_costs_itself(
    tmp_path: Path, line: str | bytes, reason: str, quoted_next: bool
) -> None:
    data = line.encode() if isinstance(line, str) else line
    good = b'8,"Quoted, next",1\n' if quoted_next else b"8,Next,1\n"
    content = b"id,title,price\n1,A,5\n" + data + b"\n" + good + b'9,"a\nb",1\n'
    rows = list(read_rows(written(tmp_path / "c.csv", content)))
    assert ids(rows) == ["1", "8", "9"]
    assert 1 <= len(rejected(rows)) <= 1 + data.count(b"\n")
    first = next(row for row in rows if row.error)
    assert first.line == 3
    assert any(part in str(first.error) for part in reason.split("|"))
    assert 0 < len(first.raw) <= 500
    first.raw.encode("utf-8")


BROKEN_JSON = {
    "cut off": ('{"id": 2, "title": "A"', "Broken JSON at character 24"),
    "list": ("[1, 2]", "a JSON list"),
    "deep": ("[" * 100_000, "nested too deep"),
    "long number": ('{"id": 2, "title": "A", "price": ' + "9" * 5_000 + "}", "too long a number"),
    "not a number": ('{"id": 2, "title": "A", "price": NaN}', "is not a number"),
    "infinity": ('{"id": 2, "title": "A", "rating": Infinity}', "rating 'inf'"),
    "bad byte": (b'{"id": 2, "title": "\xe4"}', "Character 21 is not UTF-8"),
    "escaped NUL": ('{"id": 2, "title": "\\u0000"}', "NUL"),
    "lone surrogate": ('{"id": 2, "title": "\\ud800"}', "title holds half a character"),
    "title as a list": ('{"id": 2, "title": ["A"]}', "title 'list'"),
    "stock": ('{"id": 2, "title": "A", "stock": -1}', "stock '-1'"),
    "no keys": ("{}", "id is missing"),
}


@pytest.mark.parametrize(("line", "reason"), BROKEN_JSON.values(), ids=BROKEN_JSON)
def test_a_broken_json_line_costs_itself(tmp_path: Path, line: str | bytes, reason: str) -> None:
    data = line.encode() if isinstance(line, str) else line
    content = b'{"id": 1, "title": "A"}\n' + data + b'\n{"id": 3, "title": "C"}\n'
    rows = list(read_rows(written(tmp_path / "c.jsonl", content)))
    assert ids(rows) == ["1", "3"]
    assert list(rejected(rows)) == [2]
    assert reason in rejected(rows)[2]


def test_a_broken_quote_deep_in_a_long_file(tmp_path: Path) -> None:
    lines = [f'{n},"Shoe, number {n}",{n % 90}.99\n' for n in range(50_000)]
    lines[40_000] = '40000,"Shoe, number 40000,5.99\n'
    path = written(tmp_path / "c.csv", "id,title,price\n" + "".join(lines))
    start = time.perf_counter()
    rows = list(read_rows(path))
    assert time.perf_counter() - start < 3
    assert list(rejected(rows)) == [40_002]
    assert len(ids(rows)) == 49_999


def test_broken_quotes_on_every_line_stay_fast(tmp_path: Path) -> None:
    lines = "".join(f'{n},"open\n' + f"{n}a,fine\n" * 3 for n in range(5_000))
    path = written(tmp_path / "c.csv", "id,title\n" + lines)
    start = time.perf_counter()
    assert sum(1 for _ in read_rows(path)) >= 5_000
    assert time.perf_counter() - start < 3


def test_a_quote_in_tsv_is_a_letter(tmp_path: Path) -> None:
    text = 'id\ttitle\tbrand\n1\t"Best" tee\tA\n2\t"13 inch\tB\n3\t"two\nlines"\tC\n'
    rows = list(read_rows(written(tmp_path / "c.tsv", text)))
    titles = [row.product.title for row in rows if row.product]
    assert titles == ['"Best" tee', '"13 inch', "two\nlines"]


def test_200_columns(tmp_path: Path) -> None:
    header = ["id", "title", *(f"column {n}" for n in range(198))]
    body = "".join(f"{n},Shoe {n}{',x' * 198}\n" for n in range(500))
    rows = list(read_rows(written(tmp_path / "c.csv", ",".join(header) + "\n" + body)))
    assert (len(ids(rows)), rejected(rows)) == (500, {})


@pytest.mark.parametrize("name", ["c.csv", "c.tsv"])
def test_a_header_alone_holds_no_products(tmp_path: Path, name: str) -> None:
    mark = "\t" if name == "c.tsv" else ","
    assert list(read_rows(written(tmp_path / name, f"id{mark}title\n"))) == []


@pytest.mark.parametrize("name", ["c.csv", "c.jsonl"])
@pytest.mark.parametrize("column", ["Bezeichnung", "bezeichnung "])
def test_mapped_columns(tmp_path: Path, name: str, column: str) -> None:
    content = "id,Bezeichnung\n1,A\n" if name == "c.csv" else '{"id": 1, "Bezeichnung": "A"}\n'
    rows = list(read_rows(written(tmp_path / name, content), columns={"title": column}))
    assert [row.product for row in rows] == [Product(id="1", title="A")]


@pytest.mark.parametrize(
    ("name", "content", "columns", "message"),
    [
        ("c.csv", "a,b\n1,2\n", {}, r"no column for id\. Columns found: a, b\..*--map id=COLUMN"),
        ("c.csv", "id,b\n1,2\n", {}, r"no column for title.*--map title=COLUMN"),
        ("c.csv", "id,title\n1,2\n", {"brand": "x"}, "no column 'x', mapped to brand.*id, title"),
        ("c.jsonl", '{"id": 1}\n', {"title": "x"}, "no column 'x', mapped to title"),
        ("c.csv", ",".join(map(str, range(99))) + "\n", {}, "28, 29, …"),
    ],
)
def test_columns_not_found(
    tmp_path: Path, name: str, content: str, columns: dict[str, str], message: str
) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        list(read_rows(written(tmp_path / name, content), columns=columns))


def test_mapping_to_an_unknown_field(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="Unknown product field 'titel'"):
        next(read_rows(tmp_path / "c.csv", columns={"titel": "name"}))


UNREADABLE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("c.csv", b"", "is empty"),
    "blank": ("c.jsonl", b" \n\n", "is empty"),
    "byte order mark alone": ("c.csv", b"\xef\xbb\xbf\n", "is empty"),
    "no-break space alone": ("c.tsv", "\u00a0\n".encode(), "is empty"),
    "empty gz": ("c.csv.gz", gzip.compress(b""), "is empty"),
    "empty parquet": ("c.parquet", b"", "damaged"),
    "zip": ("c.csv", b"PK\x03\x04" + bytes(99), "zip archive"),
    "png": ("c.csv", b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG image"),
    "gz without .gz": ("c.csv", gzip.compress(CSV.encode()), r"must end in \.gz"),
    "parquet renamed": ("c.csv", b"PAR1" + bytes(99), "Parquet"),
    "zeros": ("c.jsonl", bytes(5000), "is binary"),
    "utf-16 without a mark": ("c.csv", CSV.encode("utf-16-le"), "byte order mark"),
    "not gz": ("c.csv.gz", CSV.encode(), "gzip"),
    "gz cut off": ("c.csv.gz", gzip.compress(CSV.encode() * 99)[:-20], "cannot be read"),
    "not parquet": ("c.parquet", CSV.encode(), "damaged"),
    "open quote in the header": ("c.csv", b'id,"title\n1,A\n', "header is broken"),
    "bad byte in the header": ("c.csv", b"id,title,gr\xf6\n1,A,1\n", "header is broken"),
    "unknown extension": ("c.xlsx", b"x", r"extension is .xlsx\. Allowed: \.csv"),
    "no extension": ("catalog", b"x", "extension is none"),
    "parquet.gz": ("c.parquet.gz", b"x", "extension is .parquet.gz"),
}


@pytest.mark.parametrize(("name", "content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_files(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = written(tmp_path / name, content)
    with pytest.raises(UnreadableFileError, match=message) as caught:
        list(read_rows(path))
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(("name", "message"), [("", "is a folder"), ("no.csv", "no such file")])
def test_no_file(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        next(read_rows(tmp_path / name))


@anywhere
@given(catalogs, st.sampled_from([",", ";", "\t"]))
def test_csv_round_trip(tmp_path: Path, catalog: list[Product], delimiter: str) -> None:
    name = "c.tsv" if delimiter == "\t" else "c.csv"
    rows = list(read_rows(written(tmp_path / name, as_csv(catalog, delimiter))))
    assert rejected(rows) == {}
    assert [row.product for row in rows] == catalog


@anywhere
@given(catalogs.filter(bool))
def test_json_round_trip(tmp_path: Path, catalog: list[Product]) -> None:
    content = "\n".join(json.dumps(product.record()) for product in catalog)
    rows = list(read_rows(written(tmp_path / "c.jsonl", content)))
    assert [row.product for row in rows] == catalog


@anywhere
@given(st.binary(max_size=300), st.sampled_from(FORMATS), st.sampled_from([b"", b"id,title\n"]))
def test_any_bytes_are_read_or_refused(
    tmp_path: Path, data: bytes, suffix: str, header: bytes
) -> None:
    path = written(tmp_path / f"c{suffix}", header + data)
    try:
        rows = list(read_rows(path))
    except UnreadableFileError:
        return
    assert all((row.product is None) != (row.error is None) for row in rows)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@anywhere
@given(st.dictionaries(st.sampled_from([*Product.model_fields, "attr:x"]), json_values))
def test_any_json_object_is_read_or_rejected(tmp_path: Path, data: dict[str, Any]) -> None:
    (row,) = read_rows(written(tmp_path / "c.jsonl", json.dumps({"id": 1, "title": "A"} | data)))
    assert (row.product is None) != (row.error is None)
