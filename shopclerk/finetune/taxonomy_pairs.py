"""Made mapping examples: a text as a seller writes it, and the category of a taxonomy that it means, or none.

Three kinds: short texts around a name; paths of other trees, with levels renamed, dropped, inserted and marked in other
ways; and paths whose lowest level the taxonomy does not have, which mean the level above. For the last, parts of the
taxonomy are hidden. Between two real taxonomies, a name that both have once makes a pair as well.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shopclerk.catalog.taxonomy import Taxonomy
from shopclerk.finetune.seller_texts import SellerTexts
from shopclerk.models.category_words import stems

NOWHERE_SHARE = 0.1
HIDDEN_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Pair:
    """One example.

    Attributes:
        source: The seller's text.
        title: A product's title beside it, may be empty.
        target: Place of the category in the taxonomy, -1 for none.
    """

    source: str
    title: str
    target: int


class PairMaker:
    """Makes examples of one taxonomy, all of it or with parts hidden.

    Args:
        taxonomy: The taxonomy.
        rng: Decides everything.
        groups: Names that mean the same.
        hidden: Share of the categories that are hidden, with all below them.
    """

    def __init__(
        self,
        taxonomy: Taxonomy,
        rng: random.Random,
        groups: Sequence[Sequence[str]] = (),
        *,
        hidden: float = 0.0,
    ) -> None:
        self.taxonomy = taxonomy
        self.nodes = taxonomy.categories
        self.place = {each.full_name: number for number, each in enumerate(self.nodes)}
        words = frozenset(word for each in self.nodes for word in stems(each.name))
        self.write = SellerTexts(rng, groups, words)
        self.rng = rng
        self.allowed = self._allowed(hidden)
        self._count: dict[tuple[str, ...], int] = {}
        for each in self.nodes:
            key = tuple(stems(each.name))
            self._count[key] = self._count.get(key, 0) + 1
        self.plainest = self._plainest()
        self.visible = np.flatnonzero(self.allowed).tolist()
        self.namesakes = [n for name, n in self.plainest.items() if self._count[name] > 1]
        self._heads = self._children_heads()
        self.gone = [
            number
            for number in range(len(self.nodes))
            if not self.allowed[number] and self._kept(number) >= 0
        ]

    def _allowed(self, hidden: float) -> NDArray[np.bool_]:
        """Hide some categories that are no roots, each with what is below."""
        allowed = np.ones(len(self.nodes), bool)
        for number in sorted(range(len(self.nodes)), key=lambda n: len(self.nodes[n].path)):
            node = self.nodes[number]
            parent = self.place[" > ".join(node.path[:-1])] if len(node.path) > 1 else number
            leaf = self.taxonomy.is_leaf(node)
            share = hidden if leaf else hidden * 0.15 if len(node.path) > 2 else 0.0
            if not allowed[parent] or (parent != number and self.rng.random() < share):
                allowed[number] = False
        return allowed

    def _plainest(self) -> dict[tuple[str, ...], int]:
        """Return for names that several categories have the one nearest to a root, where only one is."""
        best: dict[tuple[str, ...], list[int]] = {}
        for number in np.flatnonzero(self.allowed).tolist():
            found = best.setdefault(tuple(stems(self.nodes[number].name)), [number])
            depth, least = len(self.nodes[number].path), len(self.nodes[found[0]].path)
            if depth < least:
                found[:] = [number]
            elif depth == least and number not in found:
                found.append(number)
        return {name: found[0] for name, found in best.items() if len(found) == 1}

    def _children_heads(self) -> set[tuple[int, str]]:
        """Return (parent, last word) of the names of visible categories."""
        return {
            (self.place[" > ".join(self.nodes[n].path[:-1])], stems(self.nodes[n].name)[-1])
            for n in self.visible
            if len(self.nodes[n].path) > 1 and stems(self.nodes[n].name)
        }

    def _kept(self, number: int) -> int:
        """Return the nearest category up from one that is not hidden, -1 where there is none."""
        path = self.nodes[number].path
        for depth in range(len(path), 0, -1):
            place = self.place[" > ".join(path[:depth])]
            if self.allowed[place]:
                return place
        return -1

    def pairs(self, count: int) -> Iterator[Pair]:
        """Make examples."""
        made = 0
        while made < count:
            if self.rng.random() < NOWHERE_SHARE:
                pair: Pair | None = Pair(self.write.nowhere(), "", -1)
            elif self.gone and self.rng.random() < 0.4:
                pair = self._of_hidden()
            elif self.rng.random() < 0.55:
                pair = self._short(self._some())
            else:
                pair = self._path(self.rng.choice(self.visible))
            if pair and any(char.isalnum() for char in pair.source or "x"):
                made += 1
                yield pair

    def _some(self) -> int:
        """Return a category; those that have namesakes and mean themselves when said alone come more often."""
        if self.namesakes and self.rng.random() < 0.12:
            return self.rng.choice(self.namesakes)
        return self.rng.choice(self.visible)

    def _known_as(self, number: int) -> str:
        node = self.nodes[number]
        return self.rng.choice([node.name, *node.aliases])

    def _short(self, number: int) -> Pair | None:
        """Return a short text around a name; where several categories have it, with a word of the level above."""
        node, write, rng = self.nodes[number], self.write, self.rng
        key = tuple(stems(node.name))
        # A name that several categories have means, said alone, the plainest of them.
        clear = self._count[key] == 1 or self.plainest.get(key) == number
        name = write.name(self._known_as(number))
        title = write.title(node.name) if rng.random() < 0.15 else ""
        if not clear and len(node.path) < 2:
            return None
        if not clear or (len(node.path) > 1 and rng.random() < 0.25):
            above = write.name(
                node.path[rng.choice([-2, 0])] if clear else node.path[-2], noise=0.6
            )
            mark = rng.choice(["/", " / ", " - ", ": ", " ", " > ", "|", " "])
            pair = f"{name}{mark}{above}" if rng.random() < 0.3 else f"{above}{mark}{name}"
            return Pair(pair, title, number)
        roll = rng.random()
        if roll < 0.18:
            extra = write.pick("audiences") if rng.random() < 0.4 else write.pick("fillers")
            name = f"{name} {extra}" if rng.random() < 0.5 else f"{extra} {name}"
        elif roll < 0.26:
            return self._with_sibling(number, name)
        elif roll < 0.3 and (other := write.synonym(node.name)) != node.name:
            name = write.pick("pair_marks").join([name, write.name(other, noise=0.5)])
        elif roll < 0.34:
            return Pair("", write.title(node.name), number)
        return Pair(name, title, number)

    def _with_sibling(self, number: int, name: str) -> Pair | None:
        """Return two categories said at once: a title tells which is meant, else the one above both."""
        node = self.nodes[number]
        parent = self.taxonomy.parent(node)
        around = self.taxonomy.children(parent) if parent else ()
        others = [self.place[each.full_name] for each in around if each.id != node.id]
        others = [other for other in others if self.allowed[other]]
        if not others or parent is None:
            return None
        other = self.write.name(self.nodes[self.rng.choice(others)].name, noise=0.6)
        both = [name, other] if self.rng.random() < 0.5 else [other, name]
        text = self.write.pick("pair_marks").join(both)
        if self.rng.random() < 0.6:
            return Pair(text, self.write.title(node.name), number)
        if set(stems(text)) & set(stems(parent.name)):
            return Pair(text, "", self.place[parent.full_name])
        return None

    def _path(self, number: int) -> Pair:
        """Return the path of another tree that means a category of this one."""
        levels = list(self.nodes[number].path)
        return Pair(self._foreign(levels, self._moved(number)), self._maybe_title(number), number)

    def _maybe_title(self, number: int) -> str:
        return self.write.title(self.nodes[number].name) if self.rng.random() < 0.08 else ""

    def _moved(self, number: int) -> list[str] | None:
        """Return the levels above in a tree that keeps a thing elsewhere, where its name alone tells it."""
        node = self.nodes[number]
        if self._count[tuple(stems(node.name))] > 1 or self.rng.random() > 0.2:
            return None
        other = self.nodes[self.rng.choice(self.visible)]
        for _ in range(20):
            if other.path[0] == node.path[0]:
                break
            other = self.nodes[self.rng.choice(self.visible)]
        return list(other.path[:-1]) or [node.path[0]]

    def _foreign(self, levels: Sequence[str], above: Sequence[str] | None = None) -> str:
        """Write levels as another tree may."""
        write, rng = self.write, self.rng
        upper = list(levels[:-1] if above is None else above)
        if rng.random() < 0.5:
            upper = [
                name for place, name in enumerate(upper) if rng.random() < (0.75 if place else 0.9)
            ]
        upper = [self._renamed(name) if rng.random() < 0.2 else name for name in upper]
        if rng.random() < 0.1:
            upper.insert(0, write.pick("levels_around"))
        if rng.random() < 0.08:
            upper.insert(rng.randrange(len(upper) + 1), rng.choice(self.nodes).name)
        noisy = rng.random() < 0.4
        last = write.name(levels[-1], noise=0.7) if noisy else levels[-1]
        if not noisy and rng.random() < 0.45:
            last = self._renamed(last) if rng.random() < 0.7 else self._narrowed(last)
        mark = write.pick("separators")
        text = mark.join([*upper, last])
        return text.lower() if rng.random() < 0.1 else text

    def _renamed(self, name: str) -> str:
        write, roll = self.write, self.rng.random()
        if roll < 0.3:
            return f"{name} {write.pick('name_endings')}"
        if roll < 0.55:
            return write.part_of(name)
        if roll < 0.8:
            return write.synonym(name)
        return write.without_word(name)

    def _narrowed(self, name: str) -> str:
        """Return a narrower name: another word, or one more, before the word that tells what it is."""
        other = stems(self.rng.choice(self.nodes).name)[0].title()
        words = name.split()
        return f"{other} {words[-1]}" if len(words) == 2 else f"{other} {name}"

    def _of_hidden(self) -> Pair | None:
        """Return a text that names what the taxonomy lacks; the nearest category above is meant."""
        number = self.rng.choice(self.gone)
        node, target = self.nodes[number], self._kept(number)
        if (target, stems(node.name)[-1]) in self._heads:
            # What the name means may be there after all, under another name beside.
            return None
        alike = set(stems(node.name)) & set(stems(self.nodes[target].name))
        if alike and self.rng.random() < 0.3:
            return Pair(self.write.name(node.name), "", target)
        if self._count[tuple(stems(node.name))] > 1:
            return None
        return Pair(self._foreign(node.path), self._maybe_title(number), target)


def across(left: Taxonomy, right: Taxonomy, rng: random.Random, count: int) -> list[Pair]:
    """Return paths of one taxonomy with the category of another that they mean.

    A name that both have once is the same thing. Where the other lacks a name but has the very path above it, the thing
    belongs there.
    """
    named: dict[tuple[str, ...], list[int]] = {}
    heads: set[tuple[tuple[tuple[str, ...], ...], str]] = set()
    paths: dict[tuple[tuple[str, ...], ...], int] = {}
    for number, each in enumerate(right.categories):
        named.setdefault(tuple(stems(each.name)), []).append(number)
        keys = tuple(tuple(stems(name)) for name in each.path)
        paths[keys] = number
        heads.add((keys[:-1], keys[-1][-1]))
    twice: dict[tuple[str, ...], int] = {}
    for each in left.categories:
        key = tuple(stems(each.name))
        twice[key] = twice.get(key, 0) + 1
    made = []
    for each in left.categories:
        keys = tuple(tuple(stems(name)) for name in each.path)
        same = named.get(keys[-1], [])
        if keys in paths:
            continue
        if len(same) == 1 and twice[keys[-1]] == 1:
            made.append(Pair(each.full_name, "", same[0]))
        elif not same and keys[:-1] in paths and (keys[:-1], keys[-1][-1]) not in heads:
            made.append(Pair(each.full_name, "", paths[keys[:-1]]))
    rng.shuffle(made)
    return made[:count]
