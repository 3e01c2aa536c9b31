import json
import re

from PIL import Image

from shopclerk.pictures import Picture, open_picture
from shopclerk.ui.marker import marker_html, region_px


def picture(tmp_path) -> Picture:
    Image.new("RGB", (200, 100), "white").save(tmp_path / "a.png")
    return open_picture(tmp_path / "a.png")


def test_objects_are_buttons_in_shares_of_the_photo(tmp_path):
    html = marker_html(picture(tmp_path), [(50.0, 25.0, 150.0, 75.0)])
    found = re.search(r"data-region=\"([^\"]+)\"", html)
    assert found
    assert json.loads(found[1]) == [0.25, 0.25, 0.75, 0.75]
    assert 'aria-label="Search for part 1 of the photo"' in html


def test_a_region_is_told_in_pixels_of_the_original(tmp_path):
    assert region_px(picture(tmp_path), (0.25, 0.5, 1, 1)) == [50, 50, 200, 100]
