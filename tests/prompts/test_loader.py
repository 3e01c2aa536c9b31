"""Prompt files: front matter, sandbox, overrides, and what the shipped ones promise."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from shopclerk.errors import PromptError
from shopclerk.models.text_encoder import embedded_folder
from shopclerk.prompts.loader import check_prompts, load_prompt, parse_prompt
from tests.fakes import ScriptedChatModel

SHIPPED = sorted(
    path.name.removesuffix(".md")
    for path in files("shopclerk.prompts").iterdir()
    if path.name.endswith(".md")
)
MAX_SYSTEM_TOKENS = 900

GOLDEN_TURN = """\
Last search: {"category": "Boots"}
On the table:
1. Torvane Ridge
2. Corrie Pass
Message: the cheaper one"""

HEAD = "---\nid: mine\nversion: 2\nvariables: [request]\nchangelog: ['1: a', '2: b']\n---\n"


def prompt(body):
    """Return a prompt of the test's own."""
    return parse_prompt(HEAD + body, "mine")


# -- the shipped prompts -----------------------------------------------------------------------------


def test_every_prompt_is_known_here():
    assert SHIPPED == [
        "answer",
        "listing_bullets",
        "meta_description",
        "plan_decide",
        "plan_decide_system",
        "plan_system",
        "plan_turn",
        "tags",
        "title_write",
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_declared_variables_are_the_used_ones(name):
    shipped = load_prompt(name)
    assert set(shipped.variables) == shipped.used_variables()
    assert len(shipped.changelog) == shipped.version


@pytest.mark.parametrize("name", SHIPPED)
def test_each_missing_variable_is_named(name):
    shipped = load_prompt(name)
    for missing in shipped.variables:
        others = {variable: "x" for variable in shipped.variables if variable != missing}
        with pytest.raises(PromptError, match=f"'{name}' cannot be rendered.*'{missing}'"):
            shipped.render(others)


def test_turn_is_rendered_word_for_word():
    table = "1. Torvane Ridge\n2. Corrie Pass"
    search = '{"category": "Boots"}'
    said = load_prompt("plan_turn").render(search=search, table=table, request="the cheaper one")
    assert said == GOLDEN_TURN
    bare = load_prompt("plan_turn").render(search="none", table="", request="hi")
    assert bare == "Last search: none\nMessage: hi"


def test_system_prompt_is_short_enough_for_a_small_model():
    departments = ", ".join(["Home & Garden > Kitchen & Dining > Tea Kettles"] * 12)
    said = load_prompt("plan_system").render(
        departments=departments, fields=", ".join(["battery_capacity"] * 14)
    )
    tokenizer = Tokenizer.from_file(str(embedded_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    assert len(tokenizer.encode(said).ids) < MAX_SYSTEM_TOKENS


# -- rendering ---------------------------------------------------------------------------------------

MARKS = {
    "expression": "{{ 7*7 }}",
    "statement": "{% for i in range(9) %}x{% endfor %}",
    "comment": "{# gone #}",
    "class": "{{ ''.__class__.__mro__ }}",
    "open": "{{",
    "raw": "{% raw %}",
}


@pytest.mark.parametrize("marks", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("name", SHIPPED)
def test_template_marks_in_values_are_printed(name, marks):
    shipped = load_prompt(name)
    if not shipped.variables:
        pytest.skip("nothing can be put into it")
    assert marks in shipped.render(dict.fromkeys(shipped.variables, marks))


@given(text=st.text().filter(lambda text: text == text.strip()))
def test_values_come_through_unchanged(text):
    assert prompt("<{{ request }}>").render(request=text) == f"<{text}>"


@pytest.mark.parametrize(
    "body",
    ["{{ request.__class__ }}", "{{ request.x }}", "{{ request", "{% nonsense %}", "{{ 1 / 0 }}"],
)
def test_a_failing_template_is_named(body):
    with pytest.raises(PromptError, match="'mine' cannot be rendered"):
        prompt(body).render(request="red shoes")


def test_hash_follows_the_body():
    one, same, other = prompt("a {{ request }}"), prompt("a {{ request }}"), prompt("b")
    assert one.hash == same.hash != other.hash
    assert len(one.hash) == 8


# -- files -------------------------------------------------------------------------------------------


def test_own_folder_goes_first(tmp_path):
    own = (HEAD + "Mine: {{ request }}\n").replace("id: mine", "id: answer")
    (tmp_path / "answer.md").write_text(own, encoding="utf-8")
    assert load_prompt("answer", tmp_path).render(request="hi") == "Mine: hi"
    assert load_prompt("plan_turn", tmp_path) == load_prompt("plan_turn")


def test_windows_line_ends_are_read(tmp_path):
    (tmp_path / "mine.md").write_bytes((HEAD + "{{ request }}").replace("\n", "\r\n").encode())
    assert load_prompt("mine", tmp_path).render(request="hi") == "hi"


def test_unknown_prompt_is_named():
    with pytest.raises(PromptError, match="'nosuch'"):
        load_prompt("nosuch")


def test_bytes_that_are_not_text_are_an_error(tmp_path):
    (tmp_path / "mine.md").write_bytes(b"---\n\xff\xfe\n---\n")
    with pytest.raises(PromptError, match="'mine'"):
        load_prompt("mine", tmp_path)


BROKEN = {
    "none": ("just a body", "must begin with front matter"),
    "not first": ("hello\n" + HEAD, "must begin with front matter"),
    "unclosed": ("---\nid: mine\n", "must begin with front matter"),
    "not yaml": ("---\nid: [mine\n---\n", "is not YAML"),
    "not a mapping": ("---\n- mine\n---\n", "exactly the keys"),
    "missing key": ("---\nid: mine\nversion: 1\n---\n", "exactly the keys"),
    "extra key": (HEAD.replace("id:", "more: 1\nid:"), "exactly the keys"),
    "other id": (HEAD.replace("mine", "yours"), "the file's name"),
    "version in words": (HEAD.replace("2\n", "two\n"), "whole number"),
    "no variables": (HEAD.replace("[request]", ""), "lists"),
    "variables in words": (HEAD.replace("[request]", "request"), "lists"),
}


@pytest.mark.parametrize(("text", "problem"), BROKEN.values(), ids=BROKEN)
def test_broken_front_matter_is_explained(text, problem):
    with pytest.raises(PromptError, match=problem):
        parse_prompt(text, "mine")


# -- a folder of a shop's own ------------------------------------------------------------------------


def own_prompt(name="answer", declared="[request, results]", body="{{ request }}: {{ results }}"):
    """Return the text of a prompt file."""
    return f"---\nid: {name}\nversion: 1\nvariables: {declared}\nchangelog: ['1: a']\n---\n{body}\n"


def test_a_folder_of_prompts_is_checked(tmp_path):
    (tmp_path / "answer.md").write_text(own_prompt(), encoding="utf-8")
    check_prompts(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("answers", own_prompt("answers"), r"Unknown prompt 'answers'.*answer"),
        ("answer", "no front matter", "front matter"),
        ("answer", own_prompt(body="{{ request }} {{ secret }}"), r"uses \['request', 'secret'\]"),
        ("answer", own_prompt(declared="[request, x]", body="{{ request }} {{ x }}"), "may use"),
        ("answer", own_prompt(body="{% if %}"), "no template"),
    ],
    ids=["a name nobody asks for", "not whole", "undeclared", "not given", "no template"],
)
def test_what_is_wrong_with_a_prompt_is_said_at_once(tmp_path, name, text, reason):
    (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=reason):
        check_prompts(tmp_path)


def test_a_shop_with_a_folder_that_is_not_there_does_not_open(shop, tmp_path):
    with pytest.raises(PromptError, match="no folder of prompts"):
        shop(prompts_folder=tmp_path / "nowhere")


def test_a_shops_own_prompts_are_asked_with(shop, tmp_path):
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "answer.md").write_text(own_prompt(body="Be brief. {{ request }} {{ results }}"))
    turn = own_prompt("plan_turn", "[request]", "Plan this: {{ request }}")
    (folder / "plan_turn.md").write_text(turn, encoding="utf-8")
    model = ScriptedChatModel().enqueue('{"action": "search", "query": "boots"}', "Boots.")
    opened = shop(prompts_folder=folder, planner="model", answers="model")
    opened.assistant(model=model).ask("boots", thread="t")
    assert model.seen[0][-1].text == "Plan this: boots"
    assert model.seen[1][-1].text.startswith("Be brief. boots")
