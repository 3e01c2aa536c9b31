"""Commands that train and hand on models: `finetune`, `models export`, `models push`.

They are plain functions; `cli.py` registers them. What training needs of the agents, conversations played through the
serving code, is joined in here, above both.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shopclerk.settings import load_settings

if TYPE_CHECKING:
    from shopclerk.finetune.examples import Example
    from shopclerk.finetune.recipe import Recipe
    from shopclerk.finetune.run import Progress

HELD_OUT_SHOPS, HELD_OUT_CONVERSATIONS = 10, 8


def finetune(
    recipe: Annotated[
        str, typer.Argument(help="A recipe's name or a YAML file; 'list' lists them.")
    ],
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="Change a value: --set training.epochs=1.")
    ] = None,
    catalog: Annotated[
        str | None,
        typer.Option(help="The catalogue to learn from, where the recipe learns from one."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the result goes. Default: the models folder.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Carry on a run that was killed.")
    ] = True,
) -> None:
    """Train an adapter by a recipe."""
    from shopclerk.console import progress_bar
    from shopclerk.finetune.loop import finetune as train
    from shopclerk.finetune.recipe import load_recipe, recipe_names

    if recipe == "list":
        for name in recipe_names():
            typer.echo(f"{name}: {load_recipe(name).about}")
        return
    pairs = [*(changes or []), *([f"data.catalog={catalog}"] if catalog else [])]
    chosen, settings = load_recipe(recipe, pairs), load_settings()
    folder = out or settings.models_folder / chosen.name
    with progress_bar() as progress:
        facts = train(
            chosen,
            folder,
            models=settings.models_folder,
            sources=data_sources(settings.models_folder),
            resume=resume,
            progress=progress,
        )
        facts |= finish(chosen, folder, settings.models_folder, progress)
    scores = ", ".join(f"{name} {value}" for name, value in facts.get("metrics", {}).items())
    typer.echo(f"{chosen.name} lies in {folder}. {scores}")
    if hint := _how_to_use(chosen.kind, chosen.data.source, folder, facts):
        typer.echo(hint)


def _how_to_use(kind: str, source: str, folder: Path, facts: dict[str, Any]) -> str:
    if kind == "causal" and source == "conversations":
        return f"To plan with it: SHOPCLERK_AGENT_ADAPTER={folder}"
    if kind == "match":
        return f"To match with it: SHOPCLERK_MATCHER={folder}"
    if kind == "attributes":
        return f"To extract with it: SHOPCLERK_EXTRACTOR={folder}"
    flag = {"dual-encoder": "--encoder", "cross-encoder": "--reranker"}.get(kind)
    if flag is None or source != "catalog":
        return ""
    if not facts.get("kept", True):
        return "It was no better on the held-out part: keep searching without it."
    return f"To search with it: shopclerk index {flag} {folder}"


def data_sources(models: Path | None = None) -> dict[str, Any]:
    """Return the data sources that recipes can name beside files."""
    from shopclerk.finetune.match_data import pair_examples
    from shopclerk.finetune.search_data import catalog_examples

    return {
        "conversations": conversations,
        "catalog": partial(catalog_examples, models=models),
        "pairs": pair_examples,
    }


def conversations(
    recipe: "Recipe", progress: "Progress"
) -> "tuple[Sequence[Example], Sequence[Example]]":
    """Return (train, held out) conversations in invented shops, played through the serving code."""
    from shopclerk.agents.replay import open_invented_shop
    from shopclerk.finetune.data.tool_use import HELD_OUT_SEED, played_examples

    first = 1 + recipe.seed * 1_000
    dropped: Counter[str] = Counter()
    train = played_examples(
        range(first, first + recipe.data.shops),
        open_invented_shop,
        conversations=recipe.data.conversations,
        progress=progress,
        dropped=dropped,
    )
    heldout = played_examples(
        range(HELD_OUT_SEED, HELD_OUT_SEED + min(HELD_OUT_SHOPS, recipe.data.shops)),
        open_invented_shop,
        split="heldout",
        conversations=HELD_OUT_CONVERSATIONS,
        progress=progress,
    )
    return train, heldout


def finish(recipe: "Recipe", folder: Path, models: Path, progress: "Progress") -> dict[str, Any]:
    """Write the forms in which the result is served, beside the adapter; return new facts."""
    from shopclerk.finetune.export import export_merged, write_gguf_beside

    if recipe.kind == "causal" and recipe.base == "embedded":
        progress("Writing GGUF", 0, None)
        write_gguf_beside(folder, models)
    if recipe.kind == "cross-encoder" and recipe.data.source == "catalog":
        from shopclerk.finetune.search_score import judge_reranker

        return judge_reranker(folder, models, progress)
    if recipe.kind == "cross-encoder":
        progress("Merging", 0, None)
        export_merged(folder, folder / "merged", models)
    if recipe.kind == "dual-encoder" and recipe.data.catalog:
        from shopclerk.finetune.search_score import judge_encoder

        return judge_encoder(folder, models, progress)
    return {}


def models_export(
    folder: Annotated[Path, typer.Argument(help="The folder of a trained adapter.")],
    form: Annotated[str, typer.Argument(help="merged, gguf, gguf-adapter or ctranslate2.")],
    target: Annotated[Path, typer.Argument(help="The folder or file to write.")],
) -> None:
    """Write a trained adapter in another form."""
    from shopclerk.finetune.export import export

    path = export(folder, form, target, load_settings().models_folder)
    typer.echo(f"Wrote {path}.")


def models_push(
    folder: Annotated[Path, typer.Argument(help="The folder of an adapter or an exported model.")],
    repository: Annotated[str, typer.Argument(help="The hub's repository, owner/name.")],
    private: Annotated[bool, typer.Option(help="Make it private.")] = True,
) -> None:
    """Upload an adapter or a model with its card to a hub."""
    from shopclerk.finetune.export import push

    typer.echo(push(folder, repository, private=private))
