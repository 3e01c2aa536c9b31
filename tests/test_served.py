"""A catalogue's own encoder and reranker: switching while it is searched, remembering, refusing, being killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shopclerk import served
from shopclerk.catalog.store import Store
from shopclerk.catalog.switching import ENCODER_KEY, RERANKER_KEY, switch_vectors
from shopclerk.catalog.vectors import VectorIndex
from shopclerk.cli import main
from shopclerk.errors import MissingModelError, SettingError
from shopclerk.shop import Shop
from tests.fakes import HashEncoder, ReverseReranker
from tests.listings import make_products


class OwnEncoder(HashEncoder):
    """Stands for a trained encoder: other vectors, another name."""

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        super().__init__()
        self.folder = folder
        self.mark = json.loads((folder / "adapter.json").read_text("utf-8"))["adapter_hash"]
        self.id = f"own+{self.mark}"

    def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> Any:
        return np.ascontiguousarray(super().encode(texts)[:, ::-1])


class OwnReranker(ReverseReranker):
    """Stands for a trained reranker."""

    served = ("adapter.json",)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.mark = folder, "turned"


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "AdaptedTextEncoder", OwnEncoder)
    monkeypatch.setattr(served, "TrainedReranker", OwnReranker)
    monkeypatch.setattr(served, "open_reranker", lambda address, **_: OwnReranker(Path(address)))
    monkeypatch.setattr(served, "open_text_encoder", lambda *_, **__: HashEncoder())
    monkeypatch.setenv("SHOPCLERK_IMAGE_ENCODER", "none")


def trained(folder: Path, mark: str = "ab12", **facts: Any) -> str:
    """Write what stands for a trained model's folder."""
    folder.mkdir(parents=True)
    (folder / "adapter.json").write_text(json.dumps({"adapter_hash": mark, **facts}), "utf-8")
    return str(folder)


def found(shop: Shop, words: str = "red hiking boots") -> list[str]:
    return [hit.product.id for hit in shop.search(words, limit=100).hits]


def test_the_next_command_searches_with_the_own_encoder(catalog_file: Path, tmp_path: Path) -> None:
    with Shop.open(catalog_file) as shop:
        assert shop.served.switch_encoder(trained(tmp_path / "t")) == len(shop.store)
    (tmp_path / "t" / "adapter.json").unlink()
    with Shop.open(catalog_file) as later:
        assert later.encoder.id == "own+ab12"
        assert len(later.vectors) == len(later.store)
        assert found(later)


def test_an_open_shop_follows_a_switch_and_answers_until_then(
    catalog_file: Path, tmp_path: Path
) -> None:
    with Shop.open(catalog_file) as running, Shop.open(catalog_file) as other:
        before = found(running)
        seen: list[tuple[str, list[str]]] = []

        def while_embedding(stage: str, *_: Any) -> None:
            seen.append((running.encoder.id, found(running)))

        other.served.switch_encoder(trained(tmp_path / "t"), progress=while_embedding)
        assert seen == [(HashEncoder.id, before)]
        assert found(running)
        assert running.searcher.encoder.id == "own+ab12"  # type: ignore[union-attr]
        assert found(running) == found(running)


def test_switching_back_searches_as_before(catalog_file: Path, tmp_path: Path) -> None:
    with Shop.open(catalog_file) as shop:
        before = found(shop)
        shop.served.switch_encoder(trained(tmp_path / "t"))
        shop.search("boots")
        shop.served.switch_encoder("none")
        assert found(shop) == before
        assert shop.encoder.id == HashEncoder.id


def test_products_that_change_meanwhile_are_caught_up_with(
    catalog_file: Path, tmp_path: Path
) -> None:
    with Shop.open(catalog_file) as shop:
        items = make_products()
        changed = items[0].model_copy(update={"title": "Purple unicycle"})

        def change(stage: str, done: int, total: int | None) -> None:
            shop.store.upsert([changed])
            shop.store.delete([items[1].id])

        shop.served.switch_encoder(trained(tmp_path / "t"), progress=change)
        shop.refresh()
        assert sorted(shop.vectors.rows()) == sorted(shop.store.text_hashes())
        row = shop.store.row_of(changed.id)
        vector = shop.encoder.encode([changed.embedding_text()])[0]
        assert shop.vectors.similarities(vector, [row])[row] == pytest.approx(1.0, abs=1e-5)


def test_only_the_encoders_in_use_and_before_it_keep_their_vectors(
    catalog_file: Path, tmp_path: Path
) -> None:
    with Shop.open(catalog_file) as shop:
        for mark in ("one", "two", "three"):
            shop.served.switch_encoder(trained(tmp_path / mark, mark))
            shop.search("boots")
        names = {item.name for item in shop.vectors._client.list_collections()}
        assert names == {"products", "products.two", "products.three"}


KILLED = """
import os, signal, sys
from pathlib import Path
from shopclerk.catalog import switching
from shopclerk.catalog.store import Store
from shopclerk.catalog.vectors import VectorIndex
from tests.fakes import HashEncoder

switching.PRODUCTS_A_BATCH = 5
encoder = HashEncoder()
def kill(stage, done, total):
    if done >= 5:
        os.kill(os.getpid(), signal.SIGKILL)
store = Store(Path(sys.argv[1]))
beside = VectorIndex(Path(sys.argv[1]), "own+ab12", collection="products.ab12")
switching.switch_vectors(store, beside, encoder, "ab12", progress=kill)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_killed_in_the_middle_the_old_vectors_answer_and_the_next_run_switches(
    catalog_file: Path, tmp_path: Path
) -> None:
    with Shop.open(catalog_file) as shop:
        before, folder = found(shop), shop.place.folder
    root = Path(__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert run.returncode == -signal.SIGKILL
    with Shop.open(catalog_file) as again:
        assert again.store.meta(ENCODER_KEY) is None
        assert found(again) == before
        assert again.served.switch_encoder(trained(tmp_path / "t")) == len(again.store)
        assert found(again)
        assert len(again.vectors) == len(again.store)


def test_a_failing_encoder_leaves_the_catalogue_as_it_was(tmp_path: Path) -> None:
    class Broken(HashEncoder):
        def encode(self, texts: Sequence[str], *, batch_size: int = 32) -> Any:
            raise RuntimeError("no memory")

    store = Store(tmp_path / "c")
    store.upsert(make_products())
    beside = VectorIndex(tmp_path / "c", "own", collection="products.own")
    with pytest.raises(RuntimeError, match="no memory"):
        switch_vectors(store, beside, Broken(), "own")
    assert store.meta(ENCODER_KEY) is None
    beside.close()
    store.close()


def test_what_was_no_better_is_refused_unless_forced(catalog_file: Path, tmp_path: Path) -> None:
    worse = trained(tmp_path / "t", kept=False, metrics={"ndcg@10": 0.4})
    with Shop.open(catalog_file) as shop:
        with pytest.raises(SettingError, match=r"no better than none.*ndcg@10 0\.4.*--force"):
            shop.served.switch_encoder(worse)
        with pytest.raises(SettingError, match=r"reranker in .* no better"):
            shop.served.switch_reranker(worse)
        assert shop.store.meta(ENCODER_KEY) is None
        assert shop.served.switch_encoder(worse, force=True) == len(shop.store)


def test_an_encoder_of_the_settings_that_was_no_better_is_not_used(
    catalog_file: Path, tmp_path: Path
) -> None:
    worse = trained(tmp_path / "t", kept=False)
    with Shop.open(catalog_file, text_encoder_adapter=worse) as shop:
        assert shop.encoder.id == HashEncoder.id
        assert "no better than the plain one" in shop.served.notes[0]


@pytest.mark.parametrize("what", ["encoder", "reranker"])
def test_a_folder_without_a_model_says_so(what: str, catalog_file: Path, tmp_path: Path) -> None:
    with Shop.open(catalog_file) as shop:
        switch = getattr(shop.served, f"switch_{what}")
        with pytest.raises(MissingModelError, match=f"no trained {what} in .*nowhere"):
            switch(str(tmp_path / "nowhere"))


def test_a_setting_comes_before_the_catalogues_own(catalog_file: Path, tmp_path: Path) -> None:
    own, set_ = trained(tmp_path / "own", "own"), trained(tmp_path / "set", "set")
    with Shop.open(catalog_file) as shop:
        shop.served.switch_encoder(own)
    with Shop.open(catalog_file, text_encoder_adapter=set_) as shop:
        assert shop.encoder.id == "own+set"
        with pytest.raises(SettingError, match="text_encoder_adapter comes before"):
            shop.served.switch_encoder(own)


def test_the_own_reranker_is_followed_at_once(catalog_file: Path, tmp_path: Path) -> None:
    folder = trained(tmp_path / "r", "turned")
    with Shop.open(catalog_file) as running, Shop.open(catalog_file) as other:
        before = found(running)
        other.served.switch_reranker(folder)
        assert found(running) == before[::-1]
        other.served.switch_reranker("none")
        assert found(running) == before
        assert running.store.meta(RERANKER_KEY) == ""


def test_the_command_switches_and_says_so(
    catalog_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = trained(tmp_path / "t")
    assert main(["index", str(catalog_file)]) == 0
    assert main(["index", "--encoder", folder, "--reranker", folder]) == 0
    said = capsys.readouterr().out
    assert f"Made 12 vectors anew and switched to {folder}." in said
    assert f"reordered by {folder}" in said
    assert main(["index", "--encoder", str(tmp_path / "nowhere")]) == 1
    assert "no trained encoder" in capsys.readouterr().err
