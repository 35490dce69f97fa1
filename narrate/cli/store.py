"""`narrate store`: what a store has, deleting what is old, and comparing everything with its seal.

A build keeps what it made in a store, so that the next build makes only what has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foundation.byte_sizes import format_size, parse_size
from foundation.problem import Place
from narrate.cli.console import console, count, print_json
from narrate.cli.exit_status import DONE, FAILED
from narrate.cli.failing import printing_failures
from narrate.errors import UsageError

if TYPE_CHECKING:
    from narrate.pipeline.store.retention import Total, Verified

MOST_SHOWN = 30  # artefacts that are listed one by one

app = typer.Typer(
    no_args_is_help=True,
    help="See what a store of builds has, delete what is old, and check that nothing is damaged.",
)

StoreArgument = Annotated[
    str,
    typer.Argument(
        metavar="STORE",
        help="A course that was built, its output folder, the folder of a store, or the address of "
        "a shared store, such as s3://bucket/prefix.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command("stat")
def stat(store: StoreArgument, json: AsJson = False) -> None:
    """Show how much a store has, by kind and by when a build last used it."""
    from narrate.pipeline.store.opening import open_artefacts
    from narrate.pipeline.store.retention import count_artefacts

    with printing_failures(json):
        url = _find_store(store)
        found = count_artefacts(open_artefacts(url))
    if json:
        document: dict[str, object] = {"store": url, **_as_data(found.all)}
        for name, totals in (("by_suffix", found.by_suffix), ("by_age", found.by_age)):
            document[name] = {key: _as_data(total) for key, total in totals.items()}
        print_json(document)
        return
    console().print(f"{url}: {_describe(found.all)}", markup=False)
    if found.all.number:
        _print_table("kind", found.by_suffix)
        _print_table("last used", found.by_age)


@app.command("prune")
def prune(
    store: StoreArgument,
    older_than: Annotated[
        float | None,
        typer.Option(metavar="DAYS", min=0, help="Delete what no build has used for so many days."),
    ] = None,
    larger_than: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Delete what was not used for longest, until the store is no larger than this, "
            "such as '20 GB'.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be deleted.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Delete what was not used for long, or what is too much.

    Nothing is lost: what a build needs again, it makes again. Do not prune while a build runs.
    """
    from narrate.pipeline.store.opening import open_artefacts
    from narrate.pipeline.store.retention import prune as delete

    with printing_failures(json):
        if older_than is None and larger_than is None:
            raise typer.BadParameter("Say what to delete: --older-than DAYS, --larger-than SIZE.")
        size = _parse_size(larger_than)
        artefacts = open_artefacts(_find_store(store))
        result = delete(artefacts, older_than=older_than, larger_than=size, dry_run=dry_run)
    if json:
        print_json(
            {
                "deleted": _as_data(result.deleted),
                "left": _as_data(result.left),
                "dry_run": dry_run,
            }
        )
        return
    done = "Would delete" if dry_run else "Deleted"
    text = f"{done} {_describe(result.deleted)}. Left: {_describe(result.left)}."
    console().print(text, markup=False)


@app.command("verify")
def verify(
    store: StoreArgument,
    mend: Annotated[
        bool,
        typer.Option(
            "--mend",
            help="Delete what is wrong in the store, so that the next build makes it again. In a "
            "store that several organisations share, this deletes what the others sealed.",
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Read everything in a store, and check that it is what was put there.

    Of a course or an output folder the finished files are checked too. The status is 1 if anything
    is wrong.
    """
    from narrate.pipeline.store.opening import open_artefacts
    from narrate.pipeline.store.retention import verify as compare

    with printing_failures(json):
        url = _find_store(store)
        found = compare(open_artefacts(url), mend=mend)
        outputs, changed = _verify_outputs(url, mend=mend)
    if json:
        print_json(
            {
                "store": url,
                "read": _as_data(found.read),
                "wrong": [{"name": e.name, "fault": f.name.lower()} for e, f in found.wrong],
                "outputs": {"read": outputs, "changed": list(changed)},
                "mended": mend,
            }
        )
    else:
        _print_verified(found, outputs, changed, mend=mend)
    raise typer.Exit(FAILED if found.wrong or changed else DONE)


def _find_store(place: str) -> str:
    """The address of the store that is meant. Raises UsageError if there is none."""
    from narrate.pipeline.build import BUILD
    from narrate.pipeline.outputs import STORE
    from narrate.pipeline.store.opening import is_url, resolve

    if is_url(place):
        return resolve(place).url
    named = Path(place)
    for folder in (named / BUILD / STORE, named / STORE, named):
        # A folder that somebody names by mistake is not emptied.
        if folder.is_dir() and (folder.name == STORE or (folder / "new").is_dir()):
            return str(folder.absolute())
    raise UsageError(
        "There is no store here.",
        remedy="Name a course that was built, its output folder, a store's folder, or an address "
        "such as s3://bucket/prefix.",
        place=Place(place),
    )


def _verify_outputs(url: str, *, mend: bool) -> tuple[int, tuple[str, ...]]:
    """How many finished files a store's output folder has, and which were changed."""
    from narrate.pipeline.outputs import STORE, OutputFolder
    from narrate.pipeline.store.secret import read_secret

    if Path(url).name != STORE or not Path(url).is_dir():
        return 0, ()
    folder = OutputFolder(Path(url).parent, read_secret())
    number, changed = folder.find_changed()
    if mend and changed:
        folder.forget(changed)
    return number, changed


def _print_verified(found: Verified, outputs: int, changed: tuple[str, ...], *, mend: bool) -> None:
    out = console()
    for entry, fault in found.wrong[:MOST_SHOWN]:
        out.print(f"{entry.name} {fault.of_one}", markup=False)
    if len(found.wrong) > MOST_SHOWN:
        out.print(f"… and {len(found.wrong) - MOST_SHOWN} more; --json lists all")
    for path in changed:
        out.print(f"{path} was changed after it was built", markup=False)
    files = f" and {count(outputs, 'finished file')}" if outputs else ""
    out.print(f"Read {_describe(found.read)}{files}.", markup=False)
    if not found.wrong and not changed:
        out.print("Nothing is wrong.")
    elif mend:
        out.print("What is wrong was deleted. Build again: it is made again.")
    else:
        out.print("With --mend, what is wrong is deleted, and the next build makes it again.")


def _print_table(title: str, totals: Mapping[str, Total]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in (title, "artefacts", "size"):
        table.add_column(column, justify="left" if column == title else "right")
    for name, total in totals.items():
        if total.number:
            table.add_row(name or "none", str(total.number), format_size(total.size))
    out = console()
    out.print()
    out.print(table)


def _parse_size(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_size(text)
    except ValueError:
        raise typer.BadParameter(
            "Write a number and a unit, such as '20 GB' or 500MB.", param_hint="--larger-than"
        ) from None


def _describe(total: Total) -> str:
    return f"{count(total.number, 'artefact')} ({format_size(total.size)})"


def _as_data(total: Total) -> dict[str, int]:
    return {"artefacts": total.number, "bytes": total.size}
