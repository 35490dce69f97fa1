"""`narrate consent`: give, check, show and take back the consent that a photo needs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from narrate.cli.console import console, fail, print_json

if TYPE_CHECKING:
    from avatar.consent import PublicKey, Record

_T = TypeVar("_T")
_Basis = Literal["own-consent", "public-domain-artwork", "synthetic-person"]

app = typer.Typer(
    no_args_is_help=True,
    help="Give, check, show and take back the consent that a photo needs.",
)

Photo = Annotated[Path, typer.Argument(help="The photo.")]
RecordFile = Annotated[
    Path | None, typer.Option("--record", help="The record, if not <photo>.consent.json.")
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", help="The private key's file, if not yours in the settings folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@dataclass(frozen=True, slots=True)
class _Place:
    """A photo in a course, or outside any: `root` and `course` are then None."""

    photo: Path
    record: Path
    root: Path | None
    course: str | None


@app.command("key")
def key_command(
    course: Annotated[
        Path | None,
        typer.Option("--course", help="Let this course's presenter/keys.json carry the key."),
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option("--trust", help="Trust the keys of a course (or keys file) instead."),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Whose key it is, for people.")] = "",
    key: KeyFile = None,
    json: AsJson = False,
) -> None:
    """Make your signing key, or use the one you have, and say where it is trusted."""
    from avatar.consent import add_keys, course_keys_path, create_key, key_path, load_key
    from avatar.consent import trust_path as outside
    from avatar.consent.trust import read_keys, read_trust_file

    if trust is not None:
        if course is not None or key is not None or name:
            raise typer.BadParameter("--trust goes alone.", param_hint="--trust")
        source = course_keys_path(trust) if trust.is_dir() else trust
        _tell_trusted(add_keys(outside(), read_keys(source)), outside(), json, private=None)
        return
    path = key_path() if key is None else key
    if course is not None and not (course / "course.yaml").is_file():
        raise typer.BadParameter(f"{course} holds no course.yaml.", param_hint="--course")
    made = not path.exists()
    own = create_key(path, name=name or _ask_if_terminal("Your name")) if made else load_key(path)
    target = outside() if course is None else course_keys_path(course)
    first = course is None and read_trust_file(target) is None
    added = add_keys(target, (own.public,))
    if course is not None:
        mine = read_trust_file(outside())
        if mine is not None and mine.keys is not None:
            # Your own file alone decides here, so it has to know your own key.
            add_keys(outside(), (own.public,))
    if not json and made:
        console().print(
            f"Made {path}: keep it to yourself, and keep a copy of it safe.", markup=False
        )
    _tell_trusted(added or (own.public,), target, json, private=path)
    if first and not json:
        console().print(
            f"From now on only the keys in {target} count on this machine. A course that brings "
            "its own is trusted with: narrate consent key --trust COURSE",
            markup=False,
        )


@app.command()
def grant(
    photo: Photo,
    subject: Annotated[str | None, typer.Option(help="Who is in the picture.")] = None,
    basis: Annotated[_Basis | None, typer.Option(help="Why it may be animated.")] = None,
    course: Annotated[
        list[str] | None,
        typer.Option("--course", help="A course's id; again for more. Default: the photo's."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day (UTC).")
    ] = None,
    begin: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day (UTC). Default: today."),
    ] = None,
    statement: Annotated[
        str | None, typer.Option(help="What was consented to, in the words that were used.")
    ] = None,
    statement_file: Annotated[
        Path | None, typer.Option(help="A text file with the statement.", dir_okay=False)
    ] = None,
    language: Annotated[str, typer.Option(help="The statement's language.")] = "en",
    signer: Annotated[str | None, typer.Option(help="Who signs. Default: the key's name.")] = None,
    role: Annotated[str, typer.Option(help="As what they sign.")] = "author of the course",
    verified: Annotated[
        str, typer.Option(help="How the signer made sure that it is so.")
    ] = "on the signer's word, with no other check",
    withdraw: Annotated[str | None, typer.Option(help="How consent is taken back.")] = None,
    controller: Annotated[
        str | None, typer.Option(help="Who answers for the use: a school, a company.")
    ] = None,
    audience: Annotated[str | None, typer.Option(help="Who may see the videos.")] = None,
    commercial: Annotated[
        bool | None, typer.Option(help="Whether commercial use is allowed.")
    ] = None,
    key: KeyFile = None,
    record: RecordFile = None,
    force: Annotated[bool, typer.Option(help="Replace a record that is there.")] = False,
    json: AsJson = False,
) -> None:
    """Write down and sign that a photo may be animated: by whom, for what, until when."""
    from avatar import consent
    from avatar.consent.grant import DEFAULT_WITHDRAW

    if statement is not None and statement_file is not None:
        raise typer.BadParameter("give one of --statement and --statement-file.")
    place = _place(photo, record, lenient=True)
    courses = list(course or ([place.course] if place.course else []))
    wanted = {"--subject": subject, "--basis": basis, "--until": until,
              "--statement": statement or statement_file,
              "--course": courses}  # fmt: skip
    lacking = [name for name, value in wanted.items() if not value]
    if lacking and not sys.stdin.isatty():
        raise typer.BadParameter(f"needed here, where nobody can be asked: {', '.join(lacking)}.")
    signing = consent.load_key(key)
    subject = subject or typer.prompt("Who is in the picture")
    why = f"Why it may be animated ({', '.join(consent.BASES)})"
    chosen = _ask(why, _basis) if basis is None else basis
    courses = courses or typer.prompt("Ids of the courses").replace(",", " ").split()
    last = until.date() if until else _ask("Last day, as 2030-12-31 (UTC)", date.fromisoformat)
    if statement_file is not None:
        statement = _read_statement(statement_file)
    statement = statement or typer.prompt("What was consented to")
    own = subject if chosen == "own-consent" else ""
    granted = consent.grant(
        photo,
        key=signing,
        subject=subject,
        basis=chosen,
        courses=courses,
        statement=statement.strip(),
        valid_until=last,
        valid_from=None if begin is None else begin.date(),
        signer=consent.Signer(
            signer or signing.public.name or own or "the key's holder", role, verified
        ),
        language=language,
        controller=controller,
        audience=audience,
        commercial=commercial,
        withdraw=withdraw or DEFAULT_WITHDRAW,
        record=place.record,
        force=force,
    )
    if json:
        _print_record(granted, place.record)
    else:
        console().print(
            f"Wrote {place.record}: {granted.subject}, record {granted.id}, until "
            f"{granted.valid_until}.",
            markup=False,
        )
    # What would keep a build from using it is better known now; it is written all the same.
    refusal = _refusal(place)
    if refusal is not None:
        console(stderr=True).print("written, but not usable here yet:", markup=False)
        fail(refusal)


@app.command()
def verify(
    target: Annotated[Path, typer.Argument(help="A photo, or a course's folder.")],
    course: Annotated[
        str | None, typer.Option("--course", help="The course's id, if not the folder's own.")
    ] = None,
    record: RecordFile = None,
    json: AsJson = False,
) -> None:
    """Check whether a photo may be animated now; exit 1 and the reason if not."""
    from avatar.consent import approve, check, load_trust
    from avatar.errors import AvatarError, ConsentError

    place = _presenter(target, course) if target.is_dir() else _place(target, record, course)
    if place is None:
        if json:
            print_json({"valid": True, "record": None})
        else:
            console().print("The course has no presenter: it needs no consent.", markup=False)
        return
    try:
        trust = load_trust(place.root)
        if place.course is None:
            found = check(place.photo, place.record, course=None, trust=trust)
        else:
            # The very gate of the build, decoding and all.
            found = approve(place.photo, place.record, course=place.course, trust=trust).record
    except AvatarError as error:
        if not json:
            raise
        code = error.code if isinstance(error, ConsentError) else "photo"
        print_json({"valid": False, "code": code, "problem": error.message,
                    "remedy": error.remedy, "path": error.place.path or None})  # fmt: skip
        raise typer.Exit(1) from None
    if json:
        _print_record(found, place.record, valid=True, trust=trust.source, course=place.course)
        return
    scope = place.course or f"{', '.join(found.scope.courses)} (the photo lies in no course)"
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

    place = _place(photo, record, lenient=True)
    found = read_unchecked(place.record, photo)
    refusal = _refusal(place)
    if json:
        _print_record(found, place.record, valid=refusal is None)
        return
    out = console()
    for name, value in describe_record(found):
        out.print(f"{name + ':':<14}", style="dim" if out.is_terminal else None, end="",
                  markup=False)  # fmt: skip
        out.print(value.replace("\n", "\n" + " " * 14), markup=False)
    if refusal is not None:
        fail(refusal)
    else:
        out.print("valid:        yes", markup=False)


@app.command()
def revoke(
    photo: Photo,
    reason: Annotated[str | None, typer.Option(help="Why, for those who find it stopped.")] = None,
    id: Annotated[
        str | None, typer.Option("--id", help="The record's id, if its file is lost or damaged.")
    ] = None,
    key: KeyFile = None,
    record: RecordFile = None,
    json: AsJson = False,
) -> None:
    """Take consent back: no video is made of this record again, here and where the list goes."""
    from avatar import consent
    from avatar.errors import ConsentError

    reason = reason or _ask_if_terminal("Why")
    if not reason:
        raise typer.BadParameter("needed here, where nobody can be asked.", param_hint="--reason")
    place = _place(photo, record, lenient=True)
    try:
        signing = consent.load_key(key)
    except ConsentError as error:
        if key is not None:
            raise
        # Without a key the record is stopped on this machine all the same.
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
            "It is stopped on this machine only: to tell others, it must be signed.", markup=False
        )
        fail(why)


def _place(
    photo: Path, record: Path | None, course: str | None = None, *, lenient: bool = False
) -> _Place:
    """The photo's course, found by its course.yaml above it. A course that cannot be read is an
    error unless `lenient`."""
    from avatar.consent import record_path
    from lessons.course import load_course
    from lessons.errors import ScriptError

    folders = photo.absolute().parents
    root = next((folder for folder in folders if (folder / "course.yaml").is_file()), None)
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
    return _Place(photo, usual if record is None else record, root, course)


def _presenter(folder: Path, course: str | None) -> _Place | None:
    """The presenter of a course; None if it has none."""
    from lessons.course import load_course

    found = load_course(folder)
    if found.presenter is None:
        return None
    photo, record = folder / found.presenter.photo, folder / found.presenter.consent
    return _Place(photo, record, folder, course or found.id)


def _refusal(place: _Place) -> Exception | None:
    """Why a build would refuse, if it would."""
    from avatar.consent import check, load_trust
    from avatar.errors import AvatarError

    try:
        check(place.photo, place.record, course=place.course, trust=load_trust(place.root))
    except AvatarError as error:
        return error
    return None


def _tell_trusted(
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
        console().print(f"{path} trusts these keys already.", markup=False)


def _print_record(record: Record, path: Path, **more: object) -> None:
    from avatar.consent.record import as_json

    print_json({**more, "path": str(path), "record": as_json(record)})


def _ask_if_terminal(question: str) -> str:
    if not sys.stdin.isatty():
        return ""
    return str(typer.prompt(question, default="", show_default=False)).strip()


def _ask(question: str, read: Callable[[str], _T]) -> _T:
    """Ask until the answer can be read."""
    while True:
        try:
            return read(str(typer.prompt(question)).strip())
        except ValueError as error:
            typer.echo(f"{error}. Again, please.")


def _read_statement(path: Path) -> str:
    from avatar.consent.record import LONGEST_STATEMENT

    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST_STATEMENT + 1)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise typer.BadParameter(f"{path}: {why}.", param_hint="--statement-file") from None


def _basis(value: str) -> _Basis:
    from avatar.consent import BASES

    if value not in BASES:
        raise ValueError(f"It is one of {', '.join(BASES)}")
    return value
