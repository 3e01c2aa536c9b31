"""The place of whoever looks after the catalogue: what is in it, imports, taxonomy, audit, models."""

import shutil
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from shopclerk.agents.audit import Audit, audit_catalog, write_page
from shopclerk.catalog.facets import facet_counts
from shopclerk.catalog.indexing import REJECT_FILE
from shopclerk.catalog.taxonomy import Category, Taxonomy
from shopclerk.errors import SettingError
from shopclerk.models.registry import list_models
from shopclerk.ui.background import Report, Work
from shopclerk.ui.cards import bars, table
from shopclerk.ui.errors import friendly, friendly_stream
from shopclerk.ui.rejects import rejects_table
from shopclerk.ui.scripts import script
from shopclerk.ui.shopfront import OpenShop, Shopfront

FILE_TYPES = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xml", ".gz"]
IMPORTS = "imports"
MOST_BARS = 15
FOUND = 30
WORST_SHOWN = 10


class CatalogPlace:
    """Builds the place and answers what happens in it.

    Args:
        front: The shop.
    """

    def __init__(self, front: Shopfront, _who: gr.BrowserState) -> None:
        self._front = front
        self._build()
        self._wire()

    # -- what there is -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.stats = gr.HTML(elem_id="stats")
        with gr.Row(equal_height=False):
            with gr.Column(scale=1, min_width=320):
                gr.Markdown("### Import a catalogue")
                self.file = gr.File(
                    label="A product file", file_types=FILE_TYPES, elem_id="import-file"
                )
                self.do = gr.Button("Import and open it", variant="primary", elem_id="import")
                self.status = gr.HTML(elem_id="import-status")
                self.rejects = gr.HTML(elem_id="import-rejects")
            with gr.Column(scale=1, min_width=320):
                gr.Markdown("### What is in it")
                self.field = gr.Dropdown([], label="Count the products by", elem_id="facet-field")
                self.plot = gr.HTML(elem_id="facet-plot")
        with gr.Accordion("Taxonomy", open=False, elem_id="taxonomy"):
            self.words = gr.Textbox(
                label="Find a category", placeholder="shoes", elem_id="taxonomy-words"
            )
            self.tree = gr.HTML(js_on_load=script("chips"), elem_id="taxonomy-tree")
        with gr.Accordion("Audit: what is wrong with every listing", open=False, elem_id="audit"):
            with gr.Row():
                self.audit = gr.Button(
                    "Audit the catalogue", variant="primary", elem_id="run-audit"
                )
                self.report = gr.DownloadButton("Download the report", visible=False)
            self.audited = gr.HTML(elem_id="audited")
        with gr.Accordion("Models in use", open=False, elem_id="models"):
            self.models = gr.HTML()

    def _wire(self) -> None:
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        guard, stream = friendly(self._front.metrics), friendly_stream(self._front.metrics)
        self.loaded = [self.stats, self.field, self.plot, self.tree, self.models]
        self.do.click(
            stream(self._import), self.file, [self.status, self.rejects, self.file, *self.loaded],
            concurrency_limit=1, **hidden,
        )  # fmt: skip
        self.field.input(guard(self._counted), self.field, self.plot, **hidden)
        self.words.change(guard(self._found), self.words, self.tree, **hidden)
        self.tree.select(guard(self._opened), None, self.tree, **hidden)
        self.audit.click(
            stream(self._audit), None, [self.audited, self.report], concurrency_limit=1, **hidden
        )

    def load(self) -> tuple[Any, ...]:
        """Return the first sight of the place."""
        opened = self._front.now
        fields = sorted(facet_counts(opened.shop.store, most=1))
        field = "category" if "category" in fields else next(iter(fields), None)
        return (
            stats(opened),
            gr.update(choices=fields, value=field),
            self._counted(field),
            self._branch(()),
            models_html(self._front),
        )

    # -- what happens ------------------------------------------------------------------------------------

    def _import(self, file: str | None) -> Iterator[tuple[Any, ...]]:
        if not file:
            raise SettingError("Upload a product file first.")
        source = self._kept(self._front.uploads.path(file))

        def run(report: Report) -> OpenShop:
            return self._front.open(str(source), progress=report)

        keep = (gr.skip(),) * (len(self.loaded) + 2)
        work = Work(run)
        for html in work.progress():
            yield (html, *keep)
        opened = work.result()
        words = f"{len(opened.shop.store):,} products of {opened.name} are open now."
        yield (
            f'<p class="note" role="status"><b>{escape(words)}</b></p>',
            rejects_table(opened.shop.place.folder / REJECT_FILE),
            None,
            *self.load(),
        )

    def _kept(self, upload: Path) -> Path:
        """Move an upload to where imported files lie; a file of the same name is replaced."""
        folder = self._front.folder / IMPORTS
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / upload.name
        shutil.move(upload, place)
        return place

    def _counted(self, field: str | None) -> str:
        counts = facet_counts(self._front.now.shop.store, most=MOST_BARS).get(field or "", [])
        return bars([(each.value, each.count) for each in counts])

    @property
    def _taxonomy(self) -> Taxonomy:
        return self._front.now.shop.desk.taxonomy

    def _found(self, words: str) -> str:
        if not words.strip():
            return self._branch(())
        found = self._taxonomy.search(words, limit=FOUND)
        return _chips(found) or '<p class="empty">No category is called anything like it.</p>'

    def _opened(self, event: gr.EventData) -> str:
        chosen = self._taxonomy.get(str(event.value)) if event.value else None
        return self._branch(chosen.path if chosen else ())

    def _branch(self, path: tuple[str, ...]) -> str:
        taxonomy = self._taxonomy
        here = taxonomy.get(" > ".join(path)) if path else None
        below = taxonomy.children(here) if here else taxonomy.roots
        above = [*taxonomy.ancestors(here), here] if here else []
        trail = "".join(_chip(each, each.name) + " › " for each in above)
        top = f'<p class="chips"><button type="button" data-value="">All</button> › {trail}</p>'
        name = f"{escape(taxonomy.name)}, {len(taxonomy):,} categories"
        return f'<p class="note">{name}</p>{top}' + (
            _chips(below) or '<p class="empty">Nothing lies below it.</p>'
        )

    def _audit(self) -> Iterator[tuple[Any, Any]]:
        opened = self._front.now
        store = opened.shop.store
        folder = Path(tempfile.mkdtemp(prefix="audit-", dir=self._front.workplace))
        page = folder / "audit.html"

        def run(report: Report) -> Audit:
            checker = opened.shop.listing_checker()
            found = audit_catalog(
                store.products(), len(store), checker, folder / "findings.csv", progress=report
            )
            write_page(found, page, opened.name)
            return found

        work = Work(run)
        try:
            for html in work.progress():
                yield html, gr.update(visible=False)
            yield audit_html(work.result()), gr.update(value=str(page), visible=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _chip(category: Category, words: str) -> str:
    return (
        f'<button type="button" data-value="{escape(category.full_name)}">{escape(words)}</button>'
    )


def _chips(categories: Any) -> str:
    chips = "".join(_chip(each, each.name) for each in categories)
    return f'<p class="chips">{chips}</p>' if chips else ""


def stats(opened: OpenShop) -> str:
    """Return how much is in a catalogue and whether its index is in step."""
    store, gallery = opened.shop.store, opened.shop.gallery
    due, pictures = store.due_count(), gallery.pictures.read_count()
    categories = len(facet_counts(store, most=10**6).get("category", ()))
    state = "in step" if not due else f"{due:,} due"
    figures = (
        (f"{len(store):,}", "products"),
        (f"{categories:,}", "categories"),
        (f"{pictures:,}", "pictures read"),
        (f"{len(opened.shop.vectors):,}", f"vectors, {state}"),
        (opened.shop.encoder.id.partition("@")[0][:18], "text encoder"),
    )
    cells = "".join(f"<div><b>{escape(value)}</b>{escape(name)}</div>" for value, name in figures)
    return f'<div class="stats">{cells}</div>'


def audit_html(audit: Audit) -> str:
    """Return an audit in short."""
    kinds = table(("finding", "listings"), audit.kinds.most_common(MOST_BARS))
    worst = table(
        ("score", "id", "title"),
        [(score, product, title[:90]) for score, product, title, _ in audit.worst[:WORST_SHOWN]],
        caption="The worst",
    )
    words = f"{audit.count:,} listings, mean score {audit.mean_score:.0f} of 100."
    return f'<p class="note" role="status"><b>{words}</b></p>{kinds}{worst}'


def models_html(front: Shopfront) -> str:
    """Return the models in use as a table."""
    rows = [
        (
            each.role,
            each.address,
            each.state,
            f"{each.size_bytes / 1e6:.0f} MB" if each.size_bytes else "",
            each.licence,
        )
        for each in list_models(front.settings)
    ]
    return table(("role", "address", "state", "size", "licence"), rows)
