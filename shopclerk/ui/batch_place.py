"""The place of catalogue teams: a file goes in, is looked at, worked on row by row, and comes out."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from shopclerk.agents.batch.job import BatchReport
from shopclerk.agents.batch.preview import PreviewRow, preview
from shopclerk.agents.batch.source import Selection
from shopclerk.catalog.readers import read_header
from shopclerk.enrichment.files import work_on_file
from shopclerk.enrichment.registry import STEPS, open_steps
from shopclerk.errors import SettingError
from shopclerk.settings import Settings
from shopclerk.ui.background import Jobs, Report, Work
from shopclerk.ui.errors import friendly, friendly_stream
from shopclerk.ui.rejects import rejects_table
from shopclerk.ui.shopfront import Shopfront

BY_NAME = "automatic"
FIELDS = ("title", "id", "description", "brand", "category")
FILE_TYPES = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".gz"]
FORMATS = {"CSV": ".csv", "TSV": ".tsv", "JSON Lines": ".jsonl", "Parquet": ".parquet"}
TITLES, EVERYTHING = "Clean titles", "All that is missing: " + ", ".join(STEPS)
PREVIEW_ROWS = 20


class BatchPlace:
    """Builds the place and answers what happens in it.

    Args:
        front: The shop.
    """

    def __init__(self, front: Shopfront, _who: gr.BrowserState) -> None:
        self._front = front
        self._jobs = Jobs()
        self._build()
        self._wire()

    def _build(self) -> None:
        self.job = gr.State("")
        with gr.Row(equal_height=False):
            with gr.Column(scale=4, min_width=320):
                self.file = gr.File(
                    label="A file of listings", file_types=FILE_TYPES, elem_id="batch-file"
                )
                self.what = gr.Radio(
                    [TITLES, EVERYTHING], value=TITLES, label="What to make", elem_id="batch-what"
                )
                with gr.Accordion("Which column is which", open=False, elem_id="columns"):
                    self.columns = [
                        gr.Dropdown([BY_NAME], value=BY_NAME, label=name.capitalize())
                        for name in FIELDS
                    ]
                self.format = gr.Radio(list(FORMATS), value="CSV", label="Format of the output")
                with gr.Row():
                    self.look = gr.Button("Preview", elem_id="batch-preview")
                    self.run = gr.Button("Run", variant="primary", elem_id="batch-run")
                    self.stop = gr.Button("Stop", variant="stop", elem_id="batch-stop")
            with gr.Column(scale=8, min_width=320):
                self.status = gr.HTML(
                    '<p class="empty">Upload a file, look at a preview, then run it.</p>',
                    elem_id="batch-status",
                )
                self.download = gr.DownloadButton(
                    "Download", variant="primary", visible=False, elem_id="batch-download"
                )
                self.shown = gr.HTML(elem_id="batch-shown")

    def _wire(self) -> None:
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        guard, stream = friendly(self._front.metrics), friendly_stream(self._front.metrics)
        given = [self.file, self.what, *self.columns]
        self.file.change(
            guard(self._read), self.file, [*self.columns, self.status, self.shown, self.download], **hidden
        )  # fmt: skip
        self.look.click(stream(self._preview), given, [self.status, self.shown], **hidden)
        outputs = [self.job, self.status, self.shown, self.download]
        self.run.click(
            stream(self._work),
            [self.format, *given],
            outputs,
            concurrency_limit=self._front.settings.ui_workers,
            **hidden,
        )
        self.stop.click(guard(self._jobs.stop), self.job, None, **hidden)

    @property
    def _settings(self) -> Settings:
        place = self._front.now.shop.place
        return self._front.settings.model_copy(
            update={"catalog": str(place.source or place.folder)}
        )

    def _read(self, file: str | None) -> list[Any]:
        if not file:
            return [gr.skip()] * len(FIELDS) + ["", "", gr.update(visible=False)]
        path = self._front.uploads.path(file)
        header = _header(path)
        dropdowns = [gr.update(choices=[BY_NAME, *header], value=BY_NAME) for _ in FIELDS]
        words = f'<p class="note" role="status">{escape(path.name)}: {len(header)} columns.</p>'
        return [*dropdowns, words, "", gr.update(visible=False)]

    def _preview(self, file: str | None, what: str, *columns: str) -> Iterator[tuple[str, str]]:
        selection = self._selection(file, columns, PREVIEW_ROWS)
        yield '<p class="note" role="status">Working on the first rows …</p>', ""
        with open_steps(_names(what), self._settings, needed=what == TITLES) as steps:
            rows = preview(selection, steps)
        yield f'<p class="note" role="status">The first {len(rows)} rows.</p>', preview_html(rows)

    def _work(
        self, form: str, file: str | None, what: str, *columns: str
    ) -> Iterator[tuple[Any, ...]]:
        selection = self._selection(file, columns, None)
        name = secrets.token_hex(8)
        folder = Path(tempfile.mkdtemp(prefix="batch-", dir=self._front.workplace))
        target = folder / f"{selection.path.stem}-done{FORMATS[form]}"

        def run(report: Report) -> BatchReport:
            return work_on_file(
                selection, target, _names(what), settings=self._settings, progress=report
            )

        work = self._jobs.start(name, Work(run))
        hidden = gr.update(visible=False)
        try:
            for html in work.progress():
                yield name, html, gr.skip(), hidden
            report = work.result()
            self._front.metrics.batch_rows.inc(report.rows)
            # Gradio takes its own copy of the file, which is removed when its time is up.
            yield (
                "",
                _told(report),
                rejects_table(report.reject_file) or gr.skip(),
                gr.update(value=str(target), visible=True, label=f"Download {target.name}"),
            )
        finally:
            self._jobs.stop(name)
            shutil.rmtree(folder, ignore_errors=True)

    def _selection(self, file: str | None, columns: Sequence[str], limit: int | None) -> Selection:
        if not file:
            raise SettingError("Upload a file of listings first: CSV, TSV, JSON Lines or Parquet.")
        picked = {
            name: column for name, column in zip(FIELDS, columns, strict=True) if column != BY_NAME
        }
        return Selection(self._front.uploads.path(file), picked, limit=limit)


def _names(what: str) -> tuple[str, ...]:
    return ("title",) if what == TITLES else tuple(STEPS)


def _header(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq
        from pyarrow import ArrowException

        try:
            return list(pq.read_schema(path).names)
        except (ArrowException, OSError) as error:
            raise SettingError(f"'{path.name}' is no Parquet file.") from error
    return read_header(path)


def preview_html(rows: Sequence[PreviewRow]) -> str:
    """Return rows before and after, word by word; everything of the file is escaped."""
    body = "".join(
        f"<tr><td>{escape(row.row_id)}</td><td>{_parts(row)}</td><td>{_cells(row)}</td></tr>"
        for row in rows
    )
    head = "<th scope='col'>row</th><th scope='col'>title, before and after</th><th scope='col'>what else is new</th>"
    return f'<div class="scroll"><table class="plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _parts(row: PreviewRow) -> str:
    marks = {"gone": "<del>{}</del>", "new": "<ins>{}</ins>", "same": "{}"}
    if not row.after:
        return escape(row.before)
    return " ".join(marks[part.kind].format(escape(part.text)) for part in row.parts())


def _cells(row: PreviewRow) -> str:
    return "<br>".join(f"<small>{escape(name)}: {escape(text)}</small>" for name, text in row.cells)


def _told(report: BatchReport) -> str:
    failed = sum(report.failed.values())
    problems = f", {failed:,} with an error in its column" if failed else ""
    rejected = f", {report.rejected:,} rejected" if report.rejected else ""
    speed = f"{report.rows_per_s:,.0f} rows a second"
    return f'<p class="note" role="status"><b>{report.rows:,} rows done</b>{problems}{rejected}; {report.seconds:.1f} s, {speed}.</p>'
