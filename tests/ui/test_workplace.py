import os
import stat
import time

from shopclerk.ui.workplace import LEFT_BEHIND_S, own_workplace


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
