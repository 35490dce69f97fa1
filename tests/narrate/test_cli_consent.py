"""`narrate consent`: what is printed, and with which exit code it ends."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from avatar.consent import load_trust, trust_path
from narrate.cli import main


class Teacher:
    """Somebody with a course and no keys yet; `run` gives exit code, output and errors."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.course = folder / "optics"
        self.photo = self.course / "presenter" / "ada.png"
        self.record = self.photo.with_name("ada.png.consent.json")
        self._capsys = capsys
        self.photo.parent.mkdir(parents=True)
        Image.new("RGB", (8, 6), "teal").save(self.photo)
        (self.course / "course.yaml").write_text("title: Optics\nid: optics-101\n")
        (self.course / "01-light.md").write_text("# Light\n\nLight travels in straight lines.\n")

    def run(self, *args: object) -> tuple[int, str, str]:
        self._capsys.readouterr()
        code = main(["consent", *(str(arg) for arg in args)])
        out, err = self._capsys.readouterr()
        return code, out, err

    def json(self, *args: object) -> Any:
        return json.loads(self.run(*args, "--json")[1])

    def grant(self, *more: object) -> tuple[int, str, str]:
        return self.run(
            "grant", self.photo, "--subject", "Ada Example", "--basis", "own-consent",
            "--course", "optics-101", "--until", "2090-12-31",
            "--statement", "You may animate this photo of me.", *more,
        )  # fmt: skip


@pytest.fixture
def teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Teacher:
    monkeypatch.delenv("NARRATE_TRUST", raising=False)
    monkeypatch.setenv("NARRATE_KEYS", str(tmp_path / "keys"))
    for module in ("signing_keys", "trust"):
        monkeypatch.setattr(f"avatar.consent.{module}.config_folder", lambda: tmp_path / "config")
    # Prompts would wait for an answer; pytest's own stdin is no terminal either.
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return Teacher(tmp_path, capsys)


@pytest.fixture
def granted(teacher: Teacher) -> Teacher:
    assert teacher.run("key", "--course", teacher.course, "--name", "Ada")[0] == 0
    assert teacher.grant()[0] == 0
    return teacher


def test_a_teacher_without_a_key_can_make_a_valid_record(teacher: Teacher) -> None:
    code, _, err = teacher.run("verify", teacher.course)
    assert code == 1 and "narrate consent grant" in err
    code, _, err = teacher.grant()
    assert code == 1 and "narrate consent key" in err and not teacher.record.exists()
    code, out, _ = teacher.run("key", "--course", teacher.course, "--name", "Ada")
    assert code == 0 and "(Ada)" in out and "keys.json" in out
    code, out, err = teacher.grant()
    assert (code, err) == (0, "") and str(teacher.record) in out
    for target in (teacher.course, teacher.photo):
        code, out, err = teacher.run("verify", target)
        assert (code, err) == (0, "")
        assert out.startswith("Valid: Ada Example (own-consent), for optics-101, until 2090-12-31")
        assert "\x1b" not in out


def test_the_private_key_stays_private(granted: Teacher) -> None:
    key = granted.folder / "keys" / "signing-key.json"
    if os.name == "posix":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = json.loads(key.read_text())["d"]
    for path in granted.course.rglob("*"):
        assert path.is_dir() or secret.encode() not in path.read_bytes()
    before = key.read_bytes()
    assert granted.run("key", "--course", granted.course)[0] == 0
    assert key.read_bytes() == before


def test_the_key_option_names_another_key_than_the_users_own(teacher: Teacher) -> None:
    code, out, _ = teacher.run("key", "--name", "Ada")
    assert code == 0 and "only the keys in" in out and "--trust" in out
    other = teacher.folder / "other.json"
    assert teacher.run("key", "--key", other, "--course", teacher.course)[0] == 0
    # The file outside decides alone, so the second key was added to it too.
    assert len(load_trust(teacher.course).keys) == 2
    assert teacher.grant("--key", other)[0] == 0
    assert teacher.run("verify", teacher.course)[0] == 0


def test_the_keys_of_a_course_can_be_trusted(granted: Teacher) -> None:
    kid = granted.json("key")["trusted"][0]["kid"]
    assert granted.run("verify", granted.course)[0] == 0
    trust_path().write_text('{"keys": []}')
    code, _, err = granted.run("verify", granted.course)
    assert code == 1 and kid in err and "narrate consent key --trust" in err
    code, out, _ = granted.run("key", "--trust", granted.course)
    assert code == 0 and kid in out
    code, out, _ = granted.run("verify", granted.course)
    assert code == 0 and "your own keys" in out
    assert "already" in granted.run("key", "--trust", granted.course)[1]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda t: t.record.unlink(), "missing"),
        (lambda t: t.record.write_text("{"), "unreadable"),
        (lambda t: t.record.write_text(t.record.read_text().replace("2090", "2091")), "altered"),
        (lambda t: t.grant("--force", "--from", "2080-01-01"), "not-yet-valid"),
        (lambda t: t.grant("--force", "--course", "x", "--from", "2020-01-01",
                           "--until", "2021-01-01"), "expired"),
        (lambda t: (t.course / "course.yaml").write_text("title: O\nid: other\n"), "out-of-scope"),
        (lambda t: Image.new("RGB", (8, 6), "red").save(t.photo), "foreign-photo"),
        (lambda t: t.run("revoke", t.photo, "--reason", "No more"), "revoked"),
        (lambda t: (t.course / "presenter" / "keys.json").unlink(), "untrusted"),
    ],
)  # fmt: skip
def test_verify_tells_each_reason_for_a_refusal(granted: Teacher, spoil: Any, reason: str) -> None:
    assert granted.json("verify", granted.photo)["valid"] is True
    spoil(granted)
    code, out, err = granted.run("verify", granted.photo)
    assert code == 1 and out == "" and "narrate consent" in err
    assert "Traceback" not in err and "\x1b" not in err
    told = granted.json("verify", granted.photo)
    assert told["valid"] is False and told["code"] == reason
    assert told["problem"] and told["remedy"]
    assert granted.run("verify", granted.photo, "--json")[0] == 1


def test_verify_refuses_another_course(granted: Teacher) -> None:
    assert granted.run("verify", granted.photo, "--course", "optics-101")[0] == 0
    code, _, err = granted.run("verify", granted.photo, "--course", "chemistry")
    assert code == 1 and "'chemistry'" in err


def test_a_photo_outside_any_course_can_be_verified(granted: Teacher) -> None:
    away = granted.folder / "away"
    (granted.course / "presenter").rename(away)
    photo = away / "ada.png"
    assert granted.run("verify", photo)[0] == 1  # no course's key to trust
    assert granted.run("key", "--trust", away / "keys.json")[0] == 0
    code, out, _ = granted.run("verify", photo)
    assert code == 0 and "optics-101 (the photo is not in a course)" in out


def test_a_course_without_a_presenter_needs_no_consent(teacher: Teacher) -> None:
    teacher.photo.unlink()
    code, out, _ = teacher.run("verify", teacher.course)
    assert code == 0 and "no presenter" in out


def test_show_prints_a_record_and_whether_it_is_valid(granted: Teacher) -> None:
    code, out, err = granted.run("show", granted.photo)
    assert (code, err) == (0, "")
    for words in ("Ada Example", "own-consent", "You may animate", "optics-101", "2090-12-31"):
        assert words in out
    assert granted.json("show", granted.photo)["record"]["subject"] == "Ada Example"
    granted.record.write_text(granted.record.read_text().replace("Ada Example", "Bob"))
    code, out, err = granted.run("show", granted.photo)
    assert (code, err) == (0, "") and "Bob" in out and "valid:        no\n" in out
    assert "does not match its signature" in out.splitlines()[-1]
    assert granted.json("show", granted.photo)["valid"] is False


def test_after_a_revocation_a_new_record_can_be_granted(granted: Teacher) -> None:
    first = granted.json("show", granted.photo)["record"]["id"]
    code, out, _ = granted.run("revoke", granted.photo, "--reason", "No more")
    assert code == 0 and first in out and "Take down" in out
    assert "No more" in granted.run("verify", granted.photo)[2]
    code, _, err = granted.grant()
    assert code == 1 and "--force" in err
    assert granted.grant("--force")[0] == 0
    assert granted.run("verify", granted.photo)[0] == 0
    assert granted.json("show", granted.photo)["record"]["id"] != first


def test_a_revocation_without_a_key_holds_on_this_machine_only_and_fails(granted: Teacher) -> None:
    (granted.folder / "keys" / "signing-key.json").unlink()
    (granted.course / "course.yaml").write_text("titel: broken\n")
    code, out, err = granted.run("revoke", granted.photo, "--reason", "No more")
    assert code == 1 and "Revoked" in out and "this machine only" in err and "error" in err
    (granted.course / "course.yaml").write_text("title: Optics\nid: optics-101\n")
    assert granted.json("verify", granted.photo)["code"] == "revoked"


def test_a_grant_that_a_build_would_refuse_ends_with_a_warning(granted: Teacher) -> None:
    other = granted.folder / "other.json"
    assert granted.run("key", "--key", other)[0] == 0
    trust_path().write_text('{"keys": []}')
    code, out, err = granted.grant("--force", "--key", other)
    assert code == 0 and "Wrote" in out and "cannot be used here yet" in err
    assert err.startswith("warning") and "error" not in err


def test_the_statement_can_be_read_from_a_file(granted: Teacher) -> None:
    text = granted.folder / "statement.txt"
    text.write_text("I agree.\nYou may animate my photo — until I say stop.\n", encoding="utf-8")
    base = ["grant", granted.photo, "--subject", "Ada", "--basis", "own-consent", "--force",
            "--until", "2090-12-31"]  # fmt: skip
    assert granted.run(*base, "--statement-file", text)[0] == 0
    found = granted.json("show", granted.photo)["record"]
    assert found["statement"]["text"] == text.read_text(encoding="utf-8").strip()
    assert found["scope"]["courses"] == ["optics-101"]  # the course of the photo
    text.write_bytes(b"\xff\xfe")
    assert granted.run(*base, "--statement-file", text)[0] == 2
    assert granted.run(*base, "--statement-file", text, "--statement", "x")[0] == 2


@pytest.mark.parametrize(
    "args",
    [
        ["grant"],
        ["grant", "PHOTO"],
        ["grant", "PHOTO", "--subject", "Ada"],
        ["grant", "PHOTO", "--basis", "because"],
        ["grant", "PHOTO", "--until", "next year"],
        ["revoke", "PHOTO"],
        ["verify"],
        ["key", "--course", "nowhere"],
        ["key", "--trust", "x", "--name", "y"],
        ["unknown"],
    ],
)
def test_wrong_usage_ends_with_2_and_changes_nothing(granted: Teacher, args: list[str]) -> None:
    before = granted.record.read_bytes()
    code, _, err = granted.run(*(granted.photo if arg == "PHOTO" else arg for arg in args))
    assert code == 2 and err and "Traceback" not in err
    assert granted.record.read_bytes() == before


def test_terms_that_are_not_valid_are_refused(granted: Teacher) -> None:
    before = granted.record.read_bytes()
    code, _, err = granted.grant("--force", "--course", "*")
    assert code == 1 and "courses" in err
    assert granted.record.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_missing_answers_are_asked_for_at_a_terminal(granted: Teacher) -> None:
    """A real terminal, with the answers typed in."""
    import pty

    leader, follower = pty.openpty()
    answers = "Grace\nnonsense\nsynthetic-person\noptics-101 optics-102\n2090-12-31\nI drew her.\n"
    code = (
        "import sys; from pathlib import Path; import avatar.consent.trust as t;"
        f"t.config_folder = lambda: Path({str(granted.folder / 'config')!r});"
        "from narrate.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, "consent", "grant", str(granted.photo), "--force"],
        stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(follower)
    try:
        os.write(leader, answers.encode())
        _, err = child.communicate(timeout=60)
    finally:
        child.kill()
        child.communicate()
        os.close(leader)
    assert child.returncode == 0, err
    found = granted.json("show", granted.photo)["record"]
    assert found["subject"] == "Grace" and found["basis"] == "synthetic-person"
    assert found["statement"]["text"] == "I drew her."


def test_each_command_has_a_help_text(teacher: Teacher) -> None:
    for command in ("grant", "verify", "show", "revoke", "key"):
        code, out, _ = teacher.run(command, "--help")
        assert code == 0 and command in out
