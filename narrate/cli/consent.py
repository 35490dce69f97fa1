"""`narrate consent`: record, check, show and revoke the consent that a photo needs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from avatar.consent.record import Basis
from lessons.course.text_files import COURSE_FILE
from narrate.cli.console import console, fail, print_json
from narrate.cli.exit_status import FAILED

if TYPE_CHECKING:
    from avatar.consent import PublicKey, Record
    from avatar.errors import AvatarError

_T = TypeVar("_T")

app = typer.Typer(
    no_args_is_help=True,
    help="Record, check, show and revoke the consent that a photo needs.",
)

Photo = Annotated[Path, typer.Argument(help="The photo.")]
RecordFile = Annotated[
    Path | None, typer.Option("--record", help="The record's file. Default: <photo>.consent.json.")
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key", help="The private key's file. Default: your own, in the settings folder."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@dataclass(frozen=True, slots=True)
class _PhotoInCourse:
    """A photo and its record.

    `root` and `course`, the course's folder and id, are None if the photo is not in a course.
    """

    photo: Path
    record: Path
    root: Path | None
    course: str | None


@app.command("key")
def key_command(
    course: Annotated[
        Path | None,
        typer.Option("--course", help="Add the key to this course's presenter/keys.json."),
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option("--trust", help="Instead, trust the keys of this course, or in this file."),
    ] = None,
    name: Annotated[
        str,
        typer.Option("--name", help="Your name, which everyone can see."),
    ] = "",
    key: KeyFile = None,
    json: AsJson = False,
) -> None:
    """Create your signing key, or use the one you have, and trust it."""
    from avatar.consent import add_keys, course_keys_path, create_key, key_path, load_key
    from avatar.consent import trust_path as outside
    from avatar.consent.trust import read_keys, read_trust_file

    if trust is not None:
        if course is not None or key is not None or name:
            raise typer.BadParameter(
                "--trust cannot be combined with other options.", param_hint="--trust"
            )
        source = course_keys_path(trust) if trust.is_dir() else trust
        _print_trusted(add_keys(outside(), read_keys(source)), outside(), json, private=None)
        return
    path = key_path() if key is None else key
    if course is not None and not (course / COURSE_FILE).is_file():
        raise typer.BadParameter(f"There is no course.yaml in {course}.", param_hint="--course")
    made = not path.exists()
    own = create_key(path, name=name or _ask_if_terminal("Your name")) if made else load_key(path)
    target = outside() if course is None else course_keys_path(course)
    first = course is None and read_trust_file(target) is None
    added = add_keys(target, (own.public,))
    if course is not None:
        mine = read_trust_file(outside())
        if mine is not None and mine.keys is not None:
            # Only your own file decides on this machine, so it must contain your own key.
            add_keys(outside(), (own.public,))
    if not json and made:
        console().print(
            f"Created {path}. Never share this file, and keep a copy of it in a safe place.",
            markup=False,
        )
    _print_trusted(added or (own.public,), target, json, private=path)
    if first and not json:
        console().print(
            f"From now on, only the keys in {target} are trusted on this machine. To trust "
            "the keys of a course as well, run: narrate consent key --trust COURSE",
            markup=False,
        )


@app.command()
def grant(
    photo: Photo,
    subject: Annotated[str | None, typer.Option(help="Who is in the picture.")] = None,
    basis: Annotated[Basis | None, typer.Option(help="Why the picture may be animated.")] = None,
    course: Annotated[
        list[str] | None,
        typer.Option(
            "--course", help="A course's id; repeat for more. Default: the photo's course."
        ),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day (UTC).")
    ] = None,
    begin: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day (UTC). Default: today."),
    ] = None,
    statement: Annotated[
        str | None, typer.Option(help="What the person agreed to, in the words that were used.")
    ] = None,
    statement_file: Annotated[
        Path | None, typer.Option(help="A text file that contains the statement.", dir_okay=False)
    ] = None,
    language: Annotated[str, typer.Option(help="The statement's language.")] = "en",
    signer: Annotated[str | None, typer.Option(help="Who signs. Default: the key's name.")] = None,
    role: Annotated[str, typer.Option(help="The signer's role.")] = "author of the course",
    verified: Annotated[
        str, typer.Option(help="How the signer checked that the consent is real.")
    ] = "on the signer's word, with no other check",
    withdraw: Annotated[str | None, typer.Option(help="How consent can be withdrawn.")] = None,
    controller: Annotated[
        str | None, typer.Option(help="Who is responsible for the use: a school, a company.")
    ] = None,
    audience: Annotated[str | None, typer.Option(help="Who may see the videos.")] = None,
    commercial: Annotated[
        bool | None, typer.Option(help="Whether commercial use is allowed.")
    ] = None,
    key: KeyFile = None,
    record: RecordFile = None,
    force: Annotated[bool, typer.Option(help="Replace an existing record.")] = False,
    json: AsJson = False,
) -> None:
    """Record and sign that a photo may be animated: by whom, for what, and until when."""
    from avatar import consent
    from avatar.consent.grant import DEFAULT_WITHDRAW

    if statement is not None and statement_file is not None:
        raise typer.BadParameter("Give --statement or --statement-file, not both.")
    place = _find_photo(photo, record, lenient=True)
    courses = list(course or ([place.course] if place.course else []))
    _check_answers({
        "--subject": subject, "--basis": basis, "--until": until,
        "--statement": statement or statement_file, "--course": courses,
    })  # fmt: skip
    signing = consent.load_key(key)
    subject = subject or typer.prompt("Who is in the picture")
    why = f"Why it may be animated ({', '.join(consent.BASES)})"
    chosen = _ask(why, _read_basis) if basis is None else basis
    courses = courses or typer.prompt("Ids of the courses").replace(",", " ").split()
    last = until.date() if until else _ask("Last day, as 2030-12-31 (UTC)", date.fromisoformat)
    if statement_file is not None:
        statement = _read_statement(statement_file)
    statement = statement or typer.prompt("What was consented to")
    own = subject if chosen == "own-consent" else ""
    signer = signer or signing.public.name or own or "the key's holder"
    terms = consent.Terms(
        subject=subject,
        basis=chosen,
        statement=consent.Statement(statement.strip(), language),
        scope=consent.Scope(tuple(courses), audience, commercial),
        valid_until=last,
        signer=consent.Signer(signer, role, verified),
        valid_from=None if begin is None else begin.date(),
        controller=controller,
        withdraw=withdraw or DEFAULT_WITHDRAW,
    )
    granted = consent.grant(photo, terms, key=signing, record=place.record, force=force)
    _print_granted(granted, place, json)


def _check_answers(answers: dict[str, object]) -> None:
    """Without a terminal to ask at, every answer must be given as an option."""
    missing = [name for name, value in answers.items() if not value]
    if missing and not sys.stdin.isatty():
        raise typer.BadParameter(
            f"There is no terminal to ask at, so give these options: {', '.join(missing)}."
        )


def _print_granted(granted: Record, place: _PhotoInCourse, json: bool) -> None:
    if json:
        _print_record(granted, place.record)
    else:
        console().print(
            f"Wrote {place.record}: {granted.subject}, record {granted.id}, until "
            f"{granted.valid_until}.",
            markup=False,
        )
    # The record was made, so a refusal by a build is only a warning, but it is told now.
    refusal = _find_refusal(place)
    if refusal is not None:
        out = console(stderr=True)
        out.print("warning", style="yellow", end=" ", markup=False)
        out.print("The record was written, but it cannot be used here yet.", markup=False)
        for problem in refusal.problems:
            out.print(f"        {problem}", markup=False)


@app.command()
def verify(
    target: Annotated[Path, typer.Argument(help="A photo, or the folder of a course.")],
    course: Annotated[
        str | None, typer.Option("--course", help="The course's id. Default: that of the folder.")
    ] = None,
    record: RecordFile = None,
    json: AsJson = False,
) -> None:
    """Check whether a photo may be animated now. If not, print the reason and exit with 1."""
    from avatar.consent import approve, check, load_trust
    from avatar.errors import AvatarError, ConsentError

    place = (
        _find_presenter(target, course) if target.is_dir() else _find_photo(target, record, course)
    )
    if place is None:
        if json:
            print_json({"valid": True, "record": None})
        else:
            console().print("The course has no presenter, so it needs no consent.", markup=False)
        return
    try:
        trust = load_trust(place.root)
        if place.course is None:
            found = check(place.photo, place.record, course=None, trust=trust)
        else:
            # The same gate as in a build, which also decodes the photo.
            found = approve(place.photo, place.record, course=place.course, trust=trust).record
    except AvatarError as error:
        if not json:
            raise
        code = error.code if isinstance(error, ConsentError) else "photo"
        print_json({"valid": False, "code": code, "problem": error.message,
                    "remedy": error.remedy, "path": error.place.path or None})  # fmt: skip
        raise typer.Exit(FAILED) from None
    if json:
        _print_record(found, place.record, valid=True, trust=trust.source, course=place.course)
        return
    scope = place.course or f"{', '.join(found.scope.courses)} (the photo is not in a course)"
    by = f"your own keys in {trust.path}" if trust.source == "outside" else "the course's own key"
    console().print(
        f"Valid: {found.subject} ({found.basis}), for {scope}, until {found.valid_until}; "
        f"record {found.id}, trusted by {by}.",
        markup=False,
    )


@app.command()
def show(photo: Photo, record: RecordFile = None, json: AsJson = False) -> None:
    """Print what a record says, whether or not it is valid."""
    from avatar.consent.disclosure import describe_record
    from avatar.consent.verification import read_unchecked

    place = _find_photo(photo, record, lenient=True)
    found = read_unchecked(place.record, photo)
    refusal = _find_refusal(place)
    if json:
        _print_record(found, place.record, valid=refusal is None)
        return
    for name, value in describe_record(found):
        _print_value(name, value)
    _print_value("valid", "yes" if refusal is None else "no")
    for problem in () if refusal is None else refusal.problems:
        _print_value("reason", str(problem))


def _print_value(name: str, value: str) -> None:
    out = console()
    out.print(f"{name + ':':<14}", style="dim" if out.is_terminal else None, end="", markup=False)
    out.print(value.replace("\n", "\n" + " " * 14), markup=False)


@app.command()
def revoke(
    photo: Photo,
    reason: Annotated[
        str | None, typer.Option(help="The reason. It is shown to everyone whose build this stops.")
    ] = None,
    id: Annotated[
        str | None, typer.Option("--id", help="The record's id, if the record is lost or damaged.")
    ] = None,
    key: KeyFile = None,
    record: RecordFile = None,
    json: AsJson = False,
) -> None:
    """Revoke consent, so that no new video can be made with this record.

    The revocation holds on this machine and, if it is signed with your key, for everyone who has
    the list beside the record.
    """
    from avatar import consent
    from avatar.errors import ConsentError

    reason = reason or _ask_if_terminal("Why")
    if not reason:
        raise typer.BadParameter(
            "There is no terminal to ask at, so give this option.", param_hint="--reason"
        )
    place = _find_photo(photo, record, lenient=True)
    try:
        signing = consent.load_key(key)
    except ConsentError as error:
        if key is not None:
            raise
        # Without a key, the record is at least stopped on this machine.
        signing, why = None, error
    done = consent.revoke(photo, reason=reason, key=signing, record=place.record, record_id=id)
    if json:
        print_json({"id": done.revocation.id, "reason": reason,
                    "beside": str(done.beside) if done.beside else None,
                    "trust_file": str(done.trust_file)})  # fmt: skip
    else:
        out = console()
        out.print(
            f"Revoked record {done.revocation.id}, in {done.trust_file}", markup=False, end=""
        )
        out.print(f" and {done.beside}." if done.beside else ".", markup=False)
        out.print("Take down every video whose metadata names this record.", markup=False)
    if signing is None:
        console(stderr=True).print(
            "The record is stopped on this machine only. To stop it elsewhere, the "
            "revocation must be signed.",
            markup=False,
        )
        fail(why)
        raise typer.Exit(FAILED)


def _find_photo(
    photo: Path, record: Path | None, course: str | None = None, *, lenient: bool = False
) -> _PhotoInCourse:
    """Find the photo's record and course: the nearest folder above it with a course.yaml.

    A course that cannot be read is an error unless `lenient`.
    """
    from avatar.consent import record_path
    from lessons.course.reading import load_course
    from lessons.errors import ScriptError

    folders = photo.absolute().parents
    root = next((folder for folder in folders if (folder / COURSE_FILE).is_file()), None)
    usual = record_path(photo)
    if root is not None:
        try:
            found = load_course(root)
        except ScriptError:
            if not lenient:
                raise
        else:
            course = course or found.id
            presenter = found.presenter
            if presenter is not None and (root / presenter.photo).resolve() == photo.resolve():
                named = root / presenter.consent
                usual = usual if named.resolve() == usual.resolve() else named
    return _PhotoInCourse(photo, usual if record is None else record, root, course)


def _find_presenter(folder: Path, course: str | None) -> _PhotoInCourse | None:
    """The presenter's photo in a course, or None if there is no presenter."""
    from lessons.course.reading import load_course

    found = load_course(folder)
    if found.presenter is None:
        return None
    photo, record = folder / found.presenter.photo, folder / found.presenter.consent
    return _PhotoInCourse(photo, record, folder, course or found.id)


def _find_refusal(place: _PhotoInCourse) -> AvatarError | None:
    """The reason why a build would refuse the photo, or None."""
    from avatar.consent import check, load_trust
    from avatar.errors import AvatarError

    try:
        check(place.photo, place.record, course=place.course, trust=load_trust(place.root))
    except AvatarError as error:
        return error
    return None


def _print_trusted(
    keys: tuple[PublicKey, ...], path: Path, json: bool, *, private: Path | None
) -> None:
    if json:
        print_json({"trusted": [{"kid": key.kid, "name": key.name} for key in keys],
                    "file": str(path), "private": str(private) if private else None})  # fmt: skip
        return
    for key in keys:
        whose = f" ({key.name})" if key.name else ""
        console().print(f"Trusted in {path}: {key.kid}{whose}", markup=False)
    if not keys:
        console().print(f"{path} already trusts these keys.", markup=False)


def _print_record(record: Record, path: Path, **more: object) -> None:
    from avatar.consent.record import as_json

    print_json({**more, "path": str(path), "record": as_json(record)})


def _ask_if_terminal(question: str) -> str:
    if not sys.stdin.isatty():
        return ""
    return str(typer.prompt(question, default="", show_default=False)).strip()


def _ask(question: str, read: Callable[[str], _T]) -> _T:
    """Repeat the question until the answer can be read."""
    while True:
        try:
            return read(str(typer.prompt(question)).strip())
        except ValueError as error:
            typer.echo(f"{error}. Please try again.")


def _read_statement(path: Path) -> str:
    from avatar.consent.record import LONGEST_STATEMENT

    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST_STATEMENT + 1)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise typer.BadParameter(f"{path}: {why}.", param_hint="--statement-file") from None


def _read_basis(value: str) -> Basis:
    from avatar.consent import BASES

    if value not in BASES:
        raise ValueError(f"The answer must be one of {', '.join(BASES)}")
    return value
