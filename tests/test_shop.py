def test_smoke(shop):
    s = shop()
    assert len(s.store) == 12


def test_empty(shop):
    shop([])
