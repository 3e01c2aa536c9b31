"""Writes titles by a model under the rules' eye.

The model is given text whose characters are clean. What it writes is kept only where every number, model number, unit
and brand of the rules' title survives, nothing is invented, and the title rules hold; else the rules' title is taken
and the result says so.
"""

from collections.abc import Sequence
from typing import Protocol

from shopclerk.models.titles.checker import broken_rules, invented_words, lost_facts
from shopclerk.models.titles.edits import Change, EditedText
from shopclerk.models.titles.listing import Listing, OwnWords
from shopclerk.models.titles.rule_writer import RuleTitleWriter, titled
from shopclerk.models.titles.title import Title


class TitleModel(Protocol):
    """A model that writes titles from clean text."""

    @property
    def id(self) -> str:
        """Names the weights."""
        ...

    @property
    def reads_rules(self) -> bool:
        """Whether it is given the rules' titles, and not text of which only the characters are clean."""
        ...

    def write(self, titles: Sequence[str], owns: Sequence[OwnWords]) -> list[tuple[str, float]]:
        """Return (title, how sure) for each title, with the words of its listing's fields."""
        ...


class CheckedTitleWriter:
    """A model with the rules behind it.

    Args:
        model: Writes.
        rules: Clean the text beforehand, and write where the model fails.
        min_confidence: A title that the model is less sure of is left to the rules.
    """

    def __init__(
        self,
        model: TitleModel,
        rules: RuleTitleWriter | None = None,
        *,
        min_confidence: float = 0.0,
    ) -> None:
        self._model = model
        self._rules = rules or RuleTitleWriter()
        self._min_confidence = min_confidence

    @property
    def id(self) -> str:
        """The model's id."""
        return self._model.id

    def write(self, products: Sequence[Listing]) -> list[Title]:
        """Return one title a listing, in the order given."""
        owns = [OwnWords(product) for product in products]
        by_rule = self._rules.write(products)
        given = self._given(products, owns, by_rule)
        asked = [place for place, (text, _) in enumerate(given) if text]
        written = self._model.write(
            [given[place][0] for place in asked], [owns[place] for place in asked]
        )
        titles = list(by_rule)
        for place, (text, sure) in zip(asked, written, strict=True):
            edited = EditedText(given[place][0])
            edited.changes = list(given[place][1])
            if not edited.become(" ".join(text.split()), self.id) and self._model.reads_rules:
                continue  # The rules' title, which needs no second check.
            if sure >= self._min_confidence and self._holds(
                edited.text, products[place], by_rule[place].title, owns[place]
            ):
                titles[place] = titled(
                    edited.text, edited.changes, owns[place], self.id, round(sure, 3)
                )
            else:
                titles[place] = _by_rule(by_rule[place])
        return titles

    def _given(
        self, products: Sequence[Listing], owns: Sequence[OwnWords], by_rule: Sequence[Title]
    ) -> list[tuple[str, tuple[Change, ...]]]:
        """Return what the model is given, and the changes that led to it."""
        if self._model.reads_rules:
            return [(title.title, title.changes) for title in by_rule]
        clean = (
            self._rules.normaliser.legible(product, own)
            for product, own in zip(products, owns, strict=True)
        )
        return [(text.text, text.changes) for text in clean]

    @staticmethod
    def _holds(text: str, product: Listing, by_rule: str, own: OwnWords) -> bool:
        return not (
            broken_rules(text, product)
            or invented_words(text, product)
            or lost_facts(text, by_rule, own)
        )


def _by_rule(title: Title) -> Title:
    return Title(
        title.title, title.short_title, title.changes, title.writer, title.confidence, repaired=True
    )
