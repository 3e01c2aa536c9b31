import os
import stat
import time

import pytest

from shopclerk.errors import SettingError
from shopclerk.ui.workplace import LEFT_BEHIND_S, Uploads, own_workplace


def test_each_app_has_its_own_and_nobody_else_reads_it(tmp_path):
    one, other = own_workplace(tmp_path / "work"), own_workplace(tmp_path / "work")
    assert one != other
    assert one.exists()
    assert stat.S_IMODE(one.stat().st_mode) == 0o700


def test_what_a_killed_app_left_is_swept_what_lives_is_not(tmp_path):
    left, living = own_workplace(tmp_path), own_workplace(tmp_path)
    (left / "upload.jpg").write_bytes(b"x")
    long_ago = time.time() - LEFT_BEHIND_S - 60
    os.utime(left, (long_ago, long_ago))
    own_workplace(tmp_path)
    assert not left.exists()
    assert living.exists()


@pytest.fixture
def uploads(tmp_path):
    (tmp_path / "uploads" / "a").mkdir(parents=True)
    (tmp_path / "uploads" / "a" / "photo.jpg").write_bytes(b"pixels")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "uploads" / "link").symlink_to(tmp_path / "secret.txt")
    return Uploads(tmp_path / "uploads")


@pytest.mark.parametrize("form", [str, lambda path: {"path": str(path)}])
def test_an_upload_is_taken_once(uploads, form):
    given = form(uploads.folder / "a" / "photo.jpg")
    assert uploads.take(given) == b"pixels"
    with pytest.raises(SettingError, match="send it again"):
        uploads.take(given)


@pytest.mark.parametrize("given", ["../secret.txt", "link", "a", "", "/etc/passwd", None])
def test_what_lies_elsewhere_is_neither_read_nor_removed(uploads, given):
    path = uploads.folder / given if given is not None else None
    for named in (path, {"path": str(path)}, {}):
        with pytest.raises(SettingError, match="not uploaded here"):
            uploads.take(named)
    assert (uploads.folder.parent / "secret.txt").read_bytes() == b"secret"
