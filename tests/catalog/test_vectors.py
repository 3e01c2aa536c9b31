"""The vector index, in a folder and on a Chroma server of its own process."""

import gc
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopclerk.catalog import vectors as module
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.errors import StorageError
from tests.conftest import ShopMaker
from tests.fakes import HashEncoder

WORDS = ["red shoes", "blue shoes", "kettle", "red kettle", "hiking boots"]
QUERIES = ("hiking boots", "a steel kettle and a white mug", "blue", "mb565lla", "running shose")


# Chroma never closes the sockets of its HTTP client.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def collect_sockets() -> Iterator[None]:
    """Let the sockets go while their warning is still looked away from."""
    yield
    gc.collect()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Chroma server."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    chroma = Path(sys.executable).with_name("chroma")
    command = [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(url, process)
        yield url
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["folder", "server"])
def url(request: pytest.FixtureRequest) -> str | None:
    """None for the embedded index, or a server."""
    return str(request.getfixturevalue("server")) if request.param == "server" else None


@pytest.fixture
def index(tmp_path: Path, url: str | None) -> Iterator[VectorIndex]:
    """An index of five texts in the rows 1 to 5."""
    made = VectorIndex(tmp_path, HashEncoder.id, url=url, collection=f"c-{tmp_path.name}")
    made.upsert([1, 2, 3, 4, 5], HashEncoder().encode(WORDS))
    yield made
    made.close()


def vector(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return HashEncoder().encode([text])[0]


def test_rows_are_counted_listed_and_deleted(index: VectorIndex) -> None:
    assert (len(index), set(index.rows())) == (5, {1, 2, 3, 4, 5})
    index.delete([2, 77])
    index.delete([])
    assert (len(index), set(index.rows())) == (4, {1, 3, 4, 5})


def test_a_row_written_again_is_replaced(index: VectorIndex) -> None:
    index.upsert([1], HashEncoder().encode(["garden hose"]))
    assert len(index) == 5
    assert index.similarities(vector("garden hose"), [1])[1] == pytest.approx(1.0, abs=1e-5)


def test_the_nearest_come_first_with_their_cosine(index: VectorIndex) -> None:
    found = index.nearest(vector("red kettle"), 3)
    expected = HashEncoder().encode(WORDS) @ vector("red kettle")
    assert next(iter(found)) == 4
    assert list(found.values()) == sorted(found.values(), reverse=True)
    for row, cosine in found.items():
        assert cosine == pytest.approx(expected[row - 1], abs=1e-3)


@pytest.mark.parametrize("most_fetched", [1_000, 0], ids=["fetched", "graph"])
def test_only_allowed_rows_are_found(
    index: VectorIndex, monkeypatch: pytest.MonkeyPatch, most_fetched: int
) -> None:
    monkeypatch.setattr(module, "MAX_FETCH", most_fetched)
    found = index.nearest(vector("red kettle"), 10, allowed=[1, 2])
    assert set(found) == {1, 2}
    assert found[1] == pytest.approx(0.5, abs=1e-3)


def test_allowed_rows_without_a_vector_are_passed_over(
    index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_FETCH", 0)
    monkeypatch.setattr(module, "WIDE_SHARE", 99.0)
    assert set(index.nearest(vector("red kettle"), 10, allowed=[1, 2, 77, 78])) == {1, 2}
    assert index.nearest(vector("red kettle"), 10, allowed=[77, 78]) == {}
    index.upsert([77], HashEncoder().encode(["red kettle"]))
    assert set(index.nearest(vector("red kettle"), 10, allowed=[1, 2, 77, 78])) == {1, 2, 77}
    index.delete([1])
    assert set(index.nearest(vector("red kettle"), 10, allowed=[1, 2, 77])) == {2, 77}


def test_nothing_to_look_in(index: VectorIndex) -> None:
    assert index.similarities(vector("red"), []) == {}
    assert index.similarities(vector("red"), [77]) == {}
    assert index.nearest(vector("red"), 5, allowed=[]) == {}
    index.clear()
    assert len(index) == 0
    assert index.nearest(vector("red"), 5) == {}


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path, "hash-64")
    wanted = HashEncoder().encode(["red shoes"])[0]
    assert index.nearest(wanted, 5) == {}
    assert index.nearest(wanted, 5, allowed=range(1, 2_000)) == {}
    index.close()


def test_another_encoder_starts_an_empty_collection(
    index: VectorIndex, tmp_path: Path, url: str | None
) -> None:
    name = f"c-{tmp_path.name}"
    same = VectorIndex(tmp_path, HashEncoder.id, url=url, collection=name)
    assert len(same) == 5
    other = VectorIndex(tmp_path, "another", url=url, collection=name)
    assert len(other) == 0
    other.upsert([1], np.eye(1, 8, dtype=np.float32))
    assert len(other) == 1
    same.close()
    other.close()


@settings(max_examples=10, deadline=None)
@given(st.permutations([1, 2, 3, 4, 5]), st.integers(1, 4))
def test_the_order_of_writing_does_not_matter(order: list[int], cut: int) -> None:
    encoded = HashEncoder().encode(WORDS)
    with TemporaryDirectory() as folder:
        index = VectorIndex(Path(folder), HashEncoder.id)
        for part in (order[:cut], order[cut:]):
            index.upsert(part, encoded[[row - 1 for row in part]])
        found = index.nearest(vector("red shoes"), 5)
        exact = index.similarities(vector("red shoes"), order)
        index.close()
        assert found == pytest.approx(exact, abs=1e-3)


# -- a shop on a server ------------------------------------------------------------------------------


def test_a_server_gives_the_hits_that_the_folder_gives(shop: ShopMaker, server: str) -> None:
    embedded, served = shop(), shop(chroma_url=server)
    assert len(served.vectors) == 12
    for query in QUERIES:
        ours, theirs = embedded.search(query), served.search(query)
        assert [hit.product.id for hit in ours.hits] == [hit.product.id for hit in theirs.hits]
        scores = [hit.score for hit in ours.hits]
        assert scores == pytest.approx([hit.score for hit in theirs.hits], abs=1e-3)


def test_two_catalogues_share_a_server(shop: ShopMaker, server: str) -> None:
    ours = shop(chroma_url=server)
    theirs = shop([], chroma_url=server)
    assert ours.vectors._name != theirs.vectors._name
    assert (len(ours.vectors), len(theirs.vectors)) == (12, 0)


def test_a_server_that_is_down_is_named(shop: ShopMaker) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StorageError, match=rf"vector index at {url}.*see that it runs"):
        shop(chroma_url=url)


def test_a_server_that_dies_is_named_and_nothing_is_lost(
    shop: ShopMaker, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = shop(chroma_url=server)

    def refuse(**_given: object) -> None:
        raise urllib.error.URLError("refused")

    monkeypatch.setattr(opened.vectors._collection, "query", refuse)
    with pytest.raises(StorageError, match="see that it runs"):
        opened.search("boots")
    assert opened.search("", limit=1).total == 12


# -- damage ------------------------------------------------------------------------------------------


def test_a_damaged_folder_is_named_and_rebuilt_in_one_go(shop: ShopMaker) -> None:
    opened = shop()
    opened.close()
    (opened.vectors.folder / "chroma.sqlite3").write_bytes(b"garbage" * 1_000)
    with pytest.raises(StorageError, match=r"index --rebuild"):
        shop()
    again = type(opened)(opened.settings, encoder=HashEncoder())
    assert again.rebuild() == 12
    assert len(again.vectors) == 12
    again.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "vectors").touch()
    with pytest.raises(StorageError, match=r"cannot be used \(FileExistsError"):
        VectorIndex(tmp_path, HashEncoder.id)


def test_removing_a_folder_twice_is_no_error(tmp_path: Path) -> None:
    VectorIndex(tmp_path, HashEncoder.id).close()
    VectorIndex.remove_folder(tmp_path)
    VectorIndex.remove_folder(tmp_path)
    assert not (tmp_path / "vectors").exists()
