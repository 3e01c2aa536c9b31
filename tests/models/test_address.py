"""Which addresses may be fetched from a hub."""

import pytest

from shopclerk.models.address import hub_allowed

CASES = {
    "owner and name": ("sentence-transformers/all-MiniLM-L6-v2", True),
    "dots and digits": ("acme.co/model-v1.5", True),
    "embedded": ("embedded", False),
    "name alone": ("minilm", False),
    "absolute path": ("/models/minilm", False),
    "dotted path": ("./minilm", False),
    "parent path": ("../minilm", False),
    "home": ("~/minilm", False),
    "three levels": ("models/text/minilm", False),
    "windows path": (r"C:\models\minilm", False),
    "url": ("https://models.example/minilm", False),
    "empty": ("", False),
    "line break": ("owner/name\n", False),
}


@pytest.mark.parametrize(("address", "allowed"), CASES.values(), ids=CASES)
def test_only_hub_ids_may_be_fetched(address, allowed):
    assert hub_allowed(address) is allowed


def test_a_folder_that_looks_like_a_hub_id_is_a_folder(tmp_path):
    (tmp_path / "owner" / "name").mkdir(parents=True)
    assert not hub_allowed("owner/name")
