"""Commands on files of listings: `rewrite` for titles, `enrich` for all that is missing. `cli.py` registers them."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from shopclerk.errors import SettingError
from shopclerk.settings import load_settings

if TYPE_CHECKING:
    from shopclerk.agents.batch.engines import EngineName
    from shopclerk.agents.batch.job import BatchReport, Mode
    from shopclerk.agents.batch.source import Selection
    from shopclerk.agents.batch.steps import Step

EXIT_REJECTED = 3
SHOWN_ROWS = 5

File = Annotated[Path, typer.Argument(help="CSV, TSV, JSONL or Parquet.")]
Out = Annotated[
    Path, typer.Option("--out", "-o", help="The output; its extension says the format.")
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="Our field to the file's column: --map title=Name."),
]
Where = Annotated[
    list[str] | None,
    typer.Option(help="Only rows where COLUMN=VALUE, COLUMN~TEXT, != or !~; all must hold."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Rows at most.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show the first rows before and after; no output.")
]
Page = Annotated[
    Path | None,
    typer.Option(help="Where a dry run writes its HTML page. Default: beside the output."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Carry on a run that was stopped.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]
EngineFlag = Annotated[
    str | None, typer.Option(help="inline, pool or ray. Default: pool for several workers.")
]
Workers = Annotated[int, typer.Option(min=1, help="Processes of the pool, or CPUs for Ray.")]
Address = Annotated[
    str | None, typer.Option(help="A Ray cluster: auto or HOST:6379. Default: the setting.")
]
ChunkRows = Annotated[
    int, typer.Option(min=1, max=100_000, help="Rows kept, or after a crash repeated, together.")
]
Strict = Annotated[bool, typer.Option(help="Exit with 3 when rows failed or were rejected.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


@dataclass(frozen=True, slots=True)
class Flags:
    """What both commands take."""

    mode: "Mode"
    dry_run: bool
    page: Path | None
    engine: str | None
    workers: int
    address: str | None
    chunk_rows: int
    strict: bool
    as_json: bool
    catalog: str | None = None


def rewrite(
    file: File,
    out: Out,
    catalog: Annotated[
        str | None,
        typer.Option(help="The shop that titles are spelt as: a product file, a catalogue folder."),
    ] = None,
    column: Map = None,
    where: Where = None,
    limit: Limit = None,
    dry_run: DryRun = False,
    page: Page = None,
    resume: Resume = False,
    overwrite: Overwrite = False,
    engine: EngineFlag = None,
    workers: Workers = 1,
    address: Address = None,
    chunk_rows: ChunkRows = 500,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Write clean titles for a file of listings; its columns are kept, new ones stand beside them."""
    flags = Flags(
        _mode(resume, overwrite), dry_run, page, engine, workers, address, chunk_rows, strict, as_json, catalog
    )  # fmt: skip
    _run(_selection(file, column, where, limit), out, ("title",), flags, needed=True)


def enrich(
    file: File,
    out: Out,
    steps: Annotated[
        str | None, typer.Option(help="Which steps, in order, joined by commas. Default: all.")
    ] = None,
    catalog: Annotated[
        str | None,
        typer.Option(help="The shop to learn from: a product file, a catalogue folder, 'sample'."),
    ] = None,
    column: Map = None,
    where: Where = None,
    limit: Limit = None,
    dry_run: DryRun = False,
    page: Page = None,
    resume: Resume = False,
    overwrite: Overwrite = False,
    engine: EngineFlag = None,
    workers: Workers = 1,
    address: Address = None,
    chunk_rows: ChunkRows = 500,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Fill in what listings lack in one pass: category, attributes, tags, title, checks."""
    from shopclerk.enrichment.registry import STEPS

    names = [name.strip() for name in steps.split(",") if name.strip()] if steps else [*STEPS]
    flags = Flags(
        _mode(resume, overwrite), dry_run, page, engine, workers, address, chunk_rows, strict, as_json, catalog
    )  # fmt: skip
    _run(_selection(file, column, where, limit), out, tuple(names), flags, needed=False)


def _mode(resume: bool, overwrite: bool) -> "Mode":
    if resume and overwrite:
        raise SettingError("Give --resume or --overwrite, not both.")
    return "resume" if resume else "overwrite" if overwrite else "new"


def _selection(
    file: Path, column: list[str] | None, where: list[str] | None, limit: int | None
) -> "Selection":
    from shopclerk.agents.batch.conditions import parse_conditions
    from shopclerk.agents.batch.source import Selection

    for pair in column or ():
        if "=" not in pair:
            raise SettingError(f"--map takes FIELD=COLUMN, not '{pair}'.")
    columns = {pair.partition("=")[0]: pair.partition("=")[2] for pair in column or ()}
    return Selection(file, columns, parse_conditions(where or ()), limit)


def _run(
    selection: "Selection", out: Path, names: tuple[str, ...], flags: Flags, *, needed: bool
) -> None:
    from shopclerk.agents.batch.job import refuse_unusable
    from shopclerk.console import progress_bar
    from shopclerk.enrichment.files import work_on_file
    from shopclerk.enrichment.registry import open_steps

    settings = load_settings(ray_address=flags.address, catalog=flags.catalog)
    engine = cast("EngineName", flags.engine or ("pool" if flags.workers > 1 else "inline"))
    if not flags.dry_run:
        refuse_unusable(selection, out, flags.mode)
    folder = selection.path.resolve().parent
    with open_steps(names, settings, needed=needed, pictures=folder) as steps:
        _tell_absent(steps)
        if flags.dry_run:
            _show_preview(selection, steps, flags.page or out.with_name(f"{out.name}.preview.html"))
            return
        with progress_bar() as progress:
            report = work_on_file(
                selection,
                out,
                names,
                settings=settings,
                steps=steps,
                engine=engine,
                workers=flags.workers,
                address=settings.ray_address if engine == "ray" else flags.address,
                mode=flags.mode,
                chunk_rows=flags.chunk_rows,
                pictures=folder,
                progress=progress,
            )
    _tell(report, out, as_json=flags.as_json)
    if flags.strict and (report.rejected or any(report.failed.values())):
        raise typer.Exit(EXIT_REJECTED)


def _tell_absent(steps: "list[Step]") -> None:
    from shopclerk.enrichment.registry import AbsentStep

    for step in steps:
        if isinstance(step, AbsentStep):
            text = f"Left empty: {step.name}. {step.reason}"
            typer.secho(text, err=True, fg="yellow")


def _tell(report: "BatchReport", out: Path, *, as_json: bool) -> None:
    if as_json:
        record = {**asdict(report), "out": str(out)}
        typer.echo(json.dumps(record, ensure_ascii=False, default=str))
        return
    kept = f", {report.resumed:,} of them kept from before" if report.resumed else ""
    speed = f", {report.rows_per_s:,.0f} rows a second" if report.rows > report.resumed else ""
    typer.echo(f"{report.rows:,} rows in {out}{kept}. {report.seconds:.1f} s{speed}.")
    for name, count in report.failed.items():
        if count:
            typer.secho(
                f"Errors in {count:,} of {report.rows:,} rows; reasons: column '{name}'.",
                fg="yellow",
            )
    if report.rejected:
        typer.secho(
            f"Rows that could not be read: {report.rejected:,}; lines and reasons: {report.reject_file}",
            fg="yellow",
        )


def _show_preview(selection: "Selection", steps: "list[Step]", page: Path) -> None:
    from rich.text import Text

    from shopclerk.agents.batch.preview import preview, write_page
    from shopclerk.console import console

    rows = preview(selection, steps)
    write_page(rows, selection.path, page)
    out = console()
    for row in rows[:SHOWN_ROWS]:
        out.print(Text(f"{row.row_id}: {row.before}", style="dim"))
        told = row.after or next((text for _, text in reversed(row.cells)), "")
        out.print(Text(f"{' ' * len(row.row_id)}  {told}"))
    typer.echo(f"{len(rows)} rows before and after: {page}")
