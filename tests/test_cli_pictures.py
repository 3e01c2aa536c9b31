"""The commands on pictures: describe, locate, and search with a picture."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from shopclerk import served
from shopclerk.cli import main
from shopclerk.cli_pictures import read_pairs
from shopclerk.errors import TrainingError
from shopclerk.gallery import Pair
from shopclerk.models.locator import Located
from tests.captions import ScriptedCaptioner
from tests.fakes import PAINTS, FakeEye, HashEncoder
from tests.pictured import painted, pictured_catalog, pictured_products
from tests.regions import ScriptedLocator

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def captioner() -> ScriptedCaptioner:
    return ScriptedCaptioner("a red ball")


@pytest.fixture
def locator() -> ScriptedLocator:
    return ScriptedLocator(
        Located((8.0, 8.0, 88.0, 88.0), "ball", 0.9), Located((0.0, 0.0, 9.0, 9.0), "speck", 0.2)
    )


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    captioner: ScriptedCaptioner,
    locator: ScriptedLocator,
) -> Run:
    """Run a command with stand-ins for all models; returns exit code, output and errors."""
    gallery = "shopclerk.gallery.Gallery"
    monkeypatch.setattr(served, "open_text_encoder", lambda *_args, **_more: HashEncoder())
    monkeypatch.setattr(f"{gallery}.eye", FakeEye())
    monkeypatch.setattr(f"{gallery}.captioner", lambda _: captioner)
    monkeypatch.setattr(f"{gallery}.locator", lambda _: locator)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("SHOPCLERK_PICTURE_HEAD", "none")

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, error = capsys.readouterr()
        return code, out.strip(), " ".join(error.split())

    return call


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The pictured shop's file."""
    return pictured_catalog(tmp_path)


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A picture of a blue ball on the left and a green box on the right."""
    image = Image.new("RGB", (400, 200), "white")
    image.paste(painted("blue", "ball", 200), (0, 0))
    image.paste(painted("green", "box", 200), (200, 0))
    image.save(tmp_path / "scene.png")
    return tmp_path / "scene.png"


@pytest.fixture
def red(catalog: Path) -> Path:
    """The picture of the red ball."""
    return catalog.parent / "images" / "red-ball.png"


# -- index -------------------------------------------------------------------------------------------


def test_index_tells_of_pictures(run: Run, catalog: Path) -> None:
    code, out, _ = run("index", catalog)
    assert (code, "Pictures of 5 products looked at." in out) == (0, True)
    assert "looked at" not in run("index", catalog)[1]


def test_pictures_that_cannot_be_read_are_counted_and_their_file_named(
    run: Run, catalog: Path, red: Path
) -> None:
    red.write_bytes(b"nothing")
    code, out, _ = run("index", catalog)
    assert (code, "1 pictures could not be read" in out) == (0, True)
    assert "picture-rejects.jsonl" in "".join(out.split())


# -- search ------------------------------------------------------------------------------------------


def found(run: Run, catalog: Path, *arguments: str | Path) -> list[dict]:
    """The hits of a search, as JSON."""
    code, out, error = run("search", *arguments, "--catalog", catalog, "--json")
    assert code == 0, error
    hits: list[dict] = json.loads(out)["hits"]
    return hits


def test_search_by_picture(run: Run, catalog: Path, red: Path) -> None:
    hits = found(run, catalog, "--image", red)
    assert hits[0]["product"]["id"] == "red-ball"
    assert [hit["same_picture"] for hit in hits] == [True] + [False] * 4
    assert hits[0]["visual"] == pytest.approx(1.0)


def test_search_by_picture_words_and_filters(run: Run, catalog: Path, red: Path) -> None:
    assert found(run, catalog, "box", "--image", red)[0]["product"]["id"] == "red-box"
    blue = found(run, catalog, "--image", red, "--where", "colour=Blue")
    assert [hit["product"]["id"] for hit in blue] == ["blue-ball"]


@pytest.mark.parametrize(
    ("region", "wanted"),
    [
        (("--box", "0,0,200,200"), "blue-ball"),
        (("--box", "200,0,400,200"), "green-box"),
        (("--point", "300,100"), "green-box"),
    ],
    ids=["left", "right", "point"],
)
def test_search_by_region(
    run: Run, catalog: Path, scene: Path, region: tuple[str, str], wanted: str
) -> None:
    assert found(run, catalog, "--image", scene, *region)[0]["product"]["id"] == wanted


def test_a_table_says_which_is_the_very_picture(run: Run, catalog: Path, red: Path) -> None:
    _, out, _ = run("search", "--image", red, "--catalog", catalog)
    first, second = [line for line in out.splitlines() if "picture" in line][:2]
    assert ("red-ball" in first, "the very picture" in first) == (True, True)
    assert "the very picture" not in second


MISTAKES = {
    "box alone": (("--box", "1,2,3,4"), "give --image as well"),
    "point alone": (("--point", "1,2"), "give --image as well"),
    "both": (("--image", "RED", "--box", "1,2,3,4", "--point", "1,2"), "not both"),
    "three numbers": (("--image", "RED", "--box", "1,2,3"), "takes 4 numbers in pixels"),
    "words": (("--image", "RED", "--point", "left,top"), "takes 2 numbers in pixels"),
    "outside": (("--image", "RED", "--box", "500,0,600,9"), "lies outside the picture"),
    "no number": (("--image", "RED", "--box", "nan,0,9,9"), "finite numbers"),
    "point outside": (("--image", "RED", "--point", "500,1"), "lies outside the picture"),
    "no file": (("--image", "nowhere.jpg"), "nowhere.jpg"),
    "address": (("--image", "https://shop.example/a.jpg"), "allow_picture_urls"),
}


@pytest.mark.parametrize(("flags", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_plainly(
    run: Run, catalog: Path, red: Path, flags: tuple[str, ...], told: str
) -> None:
    given = [str(red) if flag == "RED" else flag for flag in flags]
    code, out, error = run("search", *given, "--catalog", catalog)
    assert (code, out) == (1, "")
    assert told in error


def test_without_an_encoder_pictures_are_declined(
    run: Run, catalog: Path, red: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPCLERK_IMAGE_ENCODER", "none")
    code, _, error = run("search", "--image", red, "--catalog", catalog)
    assert (code, "image_encoder" in error) == (1, True)


def test_a_catalogue_without_pictures_says_so(run: Run, tmp_path: Path, red: Path) -> None:
    bare = [p.model_copy(update={"images": ()}) for p in pictured_products(tmp_path)]
    code, _, error = run("search", "--image", red, "--catalog", pictured_catalog(tmp_path, bare))
    assert (code, "cannot be searched by picture" in error) == (1, True)


# -- describe ----------------------------------------------------------------------------------------


def test_describe(run: Run, red: Path, captioner: ScriptedCaptioner) -> None:
    assert run("describe", red, "--prompt", "a photo of") == (0, f"{red}: a red ball", "")
    assert captioner.seen == [((96, 96), "a photo of")]


def test_describe_goes_on_after_a_picture_that_cannot_be_read(
    run: Run, red: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"nothing")
    code, out, error = run("describe", bad, red, "--json")
    assert (code, "bad.jpg' is text" in error) == (0, True)
    assert json.loads(out) == {
        "image": str(red),
        "caption": "a red ball",
        "score": 0.5,
        "by": "scripted",
    }


# -- locate ------------------------------------------------------------------------------------------


def test_locate(run: Run, red: Path, locator: ScriptedLocator) -> None:
    code, out, _ = run("locate", red, "the ball", "--limit", "1")
    assert (code, out) == (0, "ball [8, 8, 88, 88] 0.90")
    assert locator.asked == [((96, 96), "the ball", 1)]


def test_locate_without_a_phrase_looks_for_everything(
    run: Run, red: Path, locator: ScriptedLocator
) -> None:
    _, out, _ = run("locate", red, "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["label"] for record in records] == ["ball", "speck"]
    assert records[0]["box"] == [8, 8, 88, 88]
    assert locator.asked[0][1] is None


def test_boxes_are_in_pixels_of_the_original(run: Run, tmp_path: Path) -> None:
    painted("red", side=2048).save(tmp_path / "large.png")  # looked at in half its size
    _, out, _ = run("locate", tmp_path / "large.png", "--json", "--limit", "1")
    assert json.loads(out)["box"] == [16, 16, 176, 176]


def test_a_picture_of_the_boxes_is_saved(run: Run, red: Path, tmp_path: Path) -> None:
    _, out, _ = run("locate", red, "ball", "--save", tmp_path / "boxes.png")
    assert out.endswith(f"Saved {tmp_path / 'boxes.png'}.")
    with Image.open(tmp_path / "boxes.png") as drawn, Image.open(red) as before:
        assert drawn.size == before.size
        assert drawn.tobytes() != before.tobytes()
        assert drawn.getpixel((48, 48)) == PAINTS["red"]


def test_nothing_found_is_said_beside_json(run: Run, red: Path, locator: ScriptedLocator) -> None:
    locator.located = []
    assert run("locate", red, "zebra")[:2] == (0, "Nothing found.")
    assert run("locate", red, "zebra", "--json") == (0, "", "Nothing found.")


@pytest.mark.parametrize("name", ["boxes.xyz", "nowhere/boxes.png"])
def test_a_place_that_cannot_be_saved_to_is_told(
    run: Run, red: Path, tmp_path: Path, name: str
) -> None:
    code, _, error = run("locate", red, "--save", tmp_path / name)
    assert (code, "cannot be saved as" in error) == (1, True)


def test_a_picture_that_cannot_be_located_in_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    code, _, error = run("locate", tmp_path / "empty.jpg", "ball")
    assert (code, "empty.jpg" in error) == (1, True)


# -- pairs -------------------------------------------------------------------------------------------


def test_pairs_take_their_words_from_the_first_key_that_has_some(tmp_path: Path) -> None:
    lines = [
        {"image": "a.png", "text": " ", "caption": "a red ball"},
        {"image": "b.png", "label": "Toys > Balls", "title": None},
    ]
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert read_pairs(file) == [
        Pair(tmp_path / "a.png", "a red ball"),
        Pair(tmp_path / "b.png", "Toys   Balls"),
    ]
    assert read_pairs(None) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"image": "a.png", "text": 7}', "row 1: a picture with captions"),
        ('{"text": "a"}', "'image'"),
    ],
)
def test_pairs_without_words_or_picture_are_refused(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "pairs.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(TrainingError, match=told):
        read_pairs(tmp_path / "pairs.jsonl")
