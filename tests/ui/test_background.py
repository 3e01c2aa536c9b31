import threading
import time

import pytest

from shopclerk.errors import SettingError
from shopclerk.ui.background import Jobs, StoppedError, Work, progress_html


def test_progress_then_the_result(monkeypatch):
    monkeypatch.setattr("shopclerk.ui.background.TOLD_EVERY_S", 0.01)

    def run(report):
        report("Rows", 5, 10)
        time.sleep(0.05)
        return 42

    work = Work(run)
    told = list(work.progress())
    assert any("Rows: 5 of 10" in html and "width:50.0%" in html for html in told)
    assert work.result() == 42


def test_errors_come_out_at_the_end():
    def run(report):
        raise SettingError("no such file")

    work = Work(run)
    list(work.progress())
    with pytest.raises(SettingError, match="no such file"):
        work.result()


@pytest.mark.parametrize("by", ["button", "page closed"])
def test_it_stops(monkeypatch, by):
    monkeypatch.setattr("shopclerk.ui.background.TOLD_EVERY_S", 0.01)
    ended = threading.Event()

    def run(report):
        try:
            for number in range(10_000):
                report("Rows", number, None)
                time.sleep(0.005)
        finally:
            ended.set()

    jobs = Jobs()
    work = jobs.start("job", Work(run))
    told = work.progress()
    next(told)
    if by == "button":
        jobs.stop("job")
        list(told)
        with pytest.raises(StoppedError):
            work.result()
    else:
        told.close()
    assert ended.wait(5)
    jobs.stop("job")


def test_progress_is_escaped():
    assert "<b>" not in progress_html("<b>", 0, None)
