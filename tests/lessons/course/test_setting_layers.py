"""Settings as people write them: what is accepted where, what is refused how, and who wins."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from setting_values import VALUES

from foundation.problem import Place, Problem, ProblemError
from lessons.course.setting_layers import (
    KEYS,
    MOST_PROBLEMS,
    allowed_keys,
    merge,
    read_flags,
    read_layer,
    read_values,
    recheck,
)
from lessons.course.setting_types import THEME_NAMES, Layer
from lessons.course.settings import DEFAULTS, CourseKeys, Keys, LessonKeys, Settings
from lessons.course.yaml_mapping import LARGEST_SETTINGS, read_mapping
from lessons.errors import CourseError


def read(text: str, layer: Layer = Layer.COURSE) -> Settings:
    mapping = read_mapping(
        text, path="a.yaml", error=CourseError, limit=LARGEST_SETTINGS, keep_problems=True
    )
    return read_layer(mapping, KEYS[layer], layer)


def problems(text: str, layer: Layer = Layer.COURSE) -> tuple[Problem, ...]:
    with pytest.raises(CourseError) as caught:
        read(text, layer)
    return caught.value.problems


def test_every_setting_is_tried() -> None:
    assert set(VALUES) == {name for keys in KEYS.values() for name in keys.model_fields}


@pytest.mark.parametrize("layer", list(Layer))
@pytest.mark.parametrize("name", list(VALUES))
def test_each_setting_in_each_layer(name: str, layer: Layer) -> None:
    good, bad = VALUES[name]
    title = "title: x\n" if layer is Layer.COURSE and name != "title" else ""
    if name in allowed_keys(KEYS[layer], layer):
        found = read(f"{title}{name}: {good}\n", layer)
        assert name in found.model_fields_set and found.place_of(name).line is not None
        if (name, layer) == ("whisper", Layer.USER) or (name, layer) == ("whisper", Layer.FLAGS):
            bad = "[x]"  # only a course may not name a path
        (problem,) = problems(f"{title}{name}: {bad}\n", layer)
        assert problem.remedy.startswith(("Write ", "Add '"))
    else:
        (problem,) = problems(f"{title}{name}: {good}\n", layer)
    assert problem.place.path == "a.yaml"
    assert problem.place.line == 1 + bool(title)
    assert problem.place.key.partition(".")[0] == name and name in problem.message


THEMES = (
    f"Write {', '.join(THEME_NAMES)}, or a theme file in the course, such as themes/school.toml."
)


@pytest.mark.parametrize(
    ("text", "line", "key", "message", "remedy"),
    [
        ("theme: drak", 2, "theme", "'theme' cannot be 'drak'.",
         f"{THEMES} Did you mean 'dark'?"),
        ("captions: BBC", 2, "captions", "'captions' cannot be 'BBC'.",
         "Write 'bbc', 'bbc-portrait', 'dcmp' or 'netflix'. Did you mean 'bbc'?"),
        ("speed: fast", 2, "speed", "'speed' cannot be 'fast'.", "Write a number from 0.5 to 2."),
        ("speed: true", 2, "speed", "'speed' cannot be true.", "Write a number from 0.5 to 2."),
        ("theme:", 2, "theme", "'theme' cannot be empty.", THEMES),
        ("theme: ../x.toml", 2, "theme", "'theme' cannot be '../x.toml'.", THEMES),
        ("them: dark", 2, "them", "There is no setting 'them'.", "Did you mean 'theme'?"),
        ("video:\n  sise: 3", 3, "video.sise", "There is no setting 'video.sise'.",
         "Did you mean 'size'?"),
        ("video:\n  rate: 9999", 3, "video.rate", "'video.rate' cannot be 9999.",
         "Write frames per second, such as 25, 30, 60 or 30000/1001."),
        ("video: 3", 2, "video", "'video' cannot be 3.", "Write {size: …, rate: …}."),
        ("portrait:\n  seed: 1.5", 3, "portrait.seed", "'portrait.seed' cannot be 1.5.",
         "Write a whole number from 0 to 4294967295."),
        ("language: german", 2, "language", "'language' cannot be 'german'.",
         "Write a language tag, such as en-US, en-GB or de."),
        ("voices:\n  xx: espeak", 3, "voices.xx", "'voices' cannot have the key 'xx'.",
         "Write a language tag, such as en-US, en-GB or de."),
        ("presenter: {name: me}", 2, "presenter.photo",
         "'presenter.photo' is missing.", "Add 'photo: …'."),
        ("shape: deck", 2, "shape", "'shape' cannot be set in course.yaml.",
         "Set it in a lesson's front matter."),
    ],
)  # fmt: skip
def test_a_problem_says_what_was_expected_and_what_is_near(
    text: str, line: int, key: str, message: str, remedy: str
) -> None:
    (problem,) = problems(f"title: x\n{text}\n")
    assert problem.message == message
    assert problem.remedy == remedy or not remedy
    assert problem.place == Place("a.yaml", line, key=key)


def test_the_message_for_a_setting_in_the_wrong_file_says_where_to_set_it() -> None:
    (problem,) = problems("video: {rate: 25}\n", Layer.LESSON)
    assert problem.message == "'video' cannot be set in a lesson's front matter."
    assert problem.remedy == "Set it in --set, course.yaml or your own settings."


def test_all_problems_are_found_in_one_run_in_the_order_of_lines() -> None:
    found = problems("theme: drak\nspeed: 9\nvideo:\n  size: 1x1\n  rat: 3\nbogus: 1\n")
    assert [p.place.line for p in found] == [1, 2, 4, 5, 6]
    assert {p.place.key for p in found} == {"theme", "speed", "video.size", "video.rat", "bogus"}


def test_broken_yaml_is_found_in_one_run_too() -> None:
    found = problems('title: x\ntitle: y\n? [a]\n: b\nauthor: !!python/name:os x\nid: "\\0"\n')
    assert [p.place.line for p in found] == [2, 3, 5, 6]


def test_the_number_of_problems_is_bounded() -> None:
    keys = "".join(f"key{n}: 1\n" for n in range(15_000))
    voices = "voices: {" + ", ".join(f"l{n}: ''" for n in range(10_000)) + "}\n"
    lessons = "lessons: [" + "{}, " * 30_000 + "]\n"
    for text in (keys, voices, lessons):
        assert len(text) < LARGEST_SETTINGS
        found = problems(f"title: x\n{text}")
        assert len(found) == MOST_PROBLEMS + 1 and "more" in found[-1].message
        assert found[-1].place.line is not None and found[-1].remedy


def test_what_is_too_large_or_too_deep_is_refused_before_it_is_read() -> None:
    for text in (
        "".join(f"key{n}: 1\n" for n in range(90_000)),
        "{" * 150_000,
        "[" * 150_000,
        "title: x\nlessons: " + "[" * 5000 + "]" * 5000,
        "".join(f"{' ' * n}a:\n" for n in range(600)),
        "title: " + "9" * 190_000 + "\nspeed: " + "9" * 5000,
        "title: x\nlanguage: " + "-".join(["aaaaaaaa"] * 20_000),
        "title: x\nvideo: {size: '19" + " " * 190_000 + "'}",
    ):
        (problem,) = problems(text)
        assert problem.remedy and problem.place.line and len(str(problem)) < 300


MALFORMED: dict[str, tuple[str, str]] = {
    "tag": ("author: !!python/object:os.system x", "tag"),
    "tagged mapping": ("video: !python {rate: 25}", "tag"),
    "tagged list": ("lessons: !!set [a.md]", "tag"),
    "binary": ("author: !!binary aGVsbG8=", "tag"),
    "alias": ("author: &a x\nlicense: *a", "aliases"),
    "merge key": ("<<: {theme: dark}", "'<<'"),
    "repeated key": ("video: {rate: 25, rate: 30}", "given twice"),
    "list as key": ("[a, b]: c", "cannot be a key"),
    "number as key": ("1: a", "no setting '1'"),
    "boolean as key": ("yes: a", "no setting 'yes'"),
    "null as key": ("~: a", "no setting '~'"),
    "empty key": ("'': a", "no setting ''"),
    "infinity": ("speed: .inf", "'.inf'"),
    "not a number": ("speed: .nan", "'.nan'"),
    "overflow": ("speed: 1e999", "'speed' cannot be"),
    "huge whole number": ("pause: {slide: 99999999999999999999}", "'pause.slide' cannot be"),
    "exponent": ("video: {rate: 1e99999999}", "'video.rate' cannot be"),
    "division by zero": ("video: {rate: 1/0}", "'video.rate' cannot be"),
    "date": ("speed: 2024-01-01", "'speed' cannot be"),
    "repeated key and wrong value": ("author: x\nauthor: y", "given twice"),
    "false boolean": ("author: !!bool perhaps\nspeed: x", "'speed' cannot be"),
    "list where mapping": ("video: [rate, 25]", "'video' cannot be"),
    "mapping where text": ("voice: {de: espeak}", "'voice' cannot be"),
    "mapping where list": ("lessons: {a: b}", "'lessons' cannot be"),
    "null in a list": ("lessons: [a.md, null]", "Entry 2 of 'lessons' cannot be empty"),
    "control character": ("author: a\x07b", "control character"),
    "escaped control character": ('author: "a\\x07b"', "control character"),
    "control character in a key": ('"auth\\0or": b', "control character"),
    "half a character": ('author: "\\ud800"', "half a character"),
    "no such character": ('author: "\\UFFFFFFFF"', "does not exist"),
    "unknown escape": ('author: "\\q"', "stands for nothing"),
    "invisible": ("author: '\u200b'", "'author' cannot be"),
    "tab": ("\tauthor: x", "tab"),
    "byte order mark inside": ("\ufeffauthor: x", "no setting"),
    "cyrillic letter": ("authоr: x", "Did you mean 'author'?"),
    "full width": ("ｔｈｅｍｅ: dark", "Did you mean 'theme'?"),
    "full width value": ("theme: ｄａｒｋ", "Did you mean 'dark'?"),
    "second document": ("---\ntitle: y", "document"),
    "two colons": ("author: a: b", "second ': '"),
    "unclosed bracket": ("lessons: [a.md", "never closed"),
    "no colon": ("author\nlicense: x", "no ':' after it"),
    "percent": ("author: %x", "begins with '%'"),
    "indented": ("  author: x", "second ': '"),
    "dedented": (" author: x\n theme: dark\nvideo: 3", "second ': '"),
    "unclosed quote": ("author: 'x", "never closed"),
    "key of python": ("__class__: x", "no setting"),
    "dotted key": ("video.rate: 25", "no setting"),
}


@pytest.mark.parametrize("what", list(MALFORMED))
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_malformed_yaml_is_one_error_with_file_line_and_remedy(what: str, end: str) -> None:
    text, says = MALFORMED[what]
    (problem,) = problems(f"title: x\n{text}\n".replace("\n", end))
    assert says in str(problem)
    assert problem.remedy and str(problem).isprintable()
    assert problem.place.path == "a.yaml" and problem.place.line in (2, 3, 4)


def test_a_byte_order_mark_and_crlf_are_not_errors() -> None:
    found = read("\ufefftitle: x\r\ntheme: dark\r\n")
    assert found.theme == "dark" and found.place_of("theme").line == 2


def test_a_course_may_not_name_a_recognition_model_by_a_path() -> None:
    for path in ("/models/x", "../x", "a/b", "C:\\x", "..", "."):
        assert problems(f"title: x\nwhisper: '{path}'\n")[0].place.key == "whisper"
        assert read(f"whisper: '{path}'\n", Layer.USER).whisper == path


def test_other_tools_keys_can_be_passed_over() -> None:
    mapping = read_mapping("marp: true\ntheme: dark\n", path="a.md", error=CourseError)
    found = read_layer(mapping, LessonKeys, Layer.LESSON, foreign={"marp"})
    assert found.theme == "dark"


def test_a_later_layer_wins_and_mappings_are_merged_key_by_key() -> None:
    first = read("theme: dark\nportrait: {clarity: 1.2, motion: 0.5}\nvoices: {fr: a}\n",
                 Layer.USER)  # fmt: skip
    second = read("theme: contrast\nportrait: {motion: 1.0}\nvoices: {fr: b, de: c}\n",
                  Layer.LESSON)  # fmt: skip
    found = merge(first, second)
    assert found.model_dump(exclude_unset=True) == {
        "theme": "contrast",
        "portrait": {"clarity": 1.2, "motion": 1.0},
        "voices": {"fr": "b", "de": "c"},
    }
    assert found.portrait.strength == 0.5 and found.captions == "bbc"
    assert found.place_of("portrait.clarity") == Place("a.yaml", 2, key="portrait.clarity")


def test_a_course_keeps_to_itself_what_is_not_a_setting() -> None:
    keys = read("title: x\ntheme: dark\n")
    assert isinstance(keys, CourseKeys) and keys.title == "x"
    assert merge(keys).model_dump(exclude_unset=True) == {"theme": "dark"}


def test_the_first_written_of_several_settings_is_where_they_come_from() -> None:
    found = merge(read("voice: silent\n", Layer.USER))
    assert found.place_of("language", "voice").line == 1
    assert found.place_of("theme") == Place()


def test_texts_are_taken_as_they_are_written() -> None:
    text = "title: 1.10\nid: 2024.10\nlanguage: no\nauthor: yes\nlicense: 007\nvoices: {no: 1.0}\n"
    keys = read(text + "presenter: {photo: a.png, name: 1_0}\n")
    assert isinstance(keys, CourseKeys) and keys.presenter is not None
    assert (keys.title, keys.id, keys.language) == ("1.10", "2024.10", "no")
    assert (keys.author, keys.license, keys.presenter.name) == ("yes", "007", "1_0")
    assert dict(keys.voices) == {"no": "1.0"}
    flags = read_flags(["author=1.10", "video.rate=25", "voices.no=yes"], "--set", CourseError)
    assert (flags.author, flags.voices["no"]) == ("1.10", "yes")
    assert flags.video.rate == Fraction(25)


def test_a_repeated_key_does_not_hide_what_else_is_wrong() -> None:
    found = problems("title: x\ntheme: dark\ntheme: light\nspeed: fast\nbogus: 1\n")
    assert [(p.place.line, p.place.key) for p in found] == [
        (3, "theme"), (4, "speed"), (5, "bogus"),
    ]  # fmt: skip


def test_mappings_in_settings_are_frozen_too() -> None:
    found = merge(read("voices: {fr: espeak}\n", Layer.USER))
    assert hash(found.voices) == hash(read("voices: {fr: espeak}\n", Layer.USER).voices)
    with pytest.raises(TypeError):
        found.voices["fr"] = "x"  # type: ignore[index]
    assert isinstance(hash(DEFAULTS), int)


@pytest.mark.parametrize("voices", ["{en_US: x, EN-us: y}", "{deu: a, fr: b, de: c}"])
def test_two_keys_of_voices_that_mean_the_same_language_are_refused(voices: str) -> None:
    (problem,) = problems(f"title: x\nvoices: {voices}\n")
    assert problem.message.startswith("'voices' cannot be {")
    assert problem.remedy.endswith("each language once.")
    assert problem.place == Place("a.yaml", 2, key="voices")
    with pytest.raises(CourseError):
        read_flags(["voices.en_US=x", "voices.EN-us=y"], "--set", CourseError)


def test_a_wrong_entry_of_a_list_is_reported_once_and_counted_from_one() -> None:
    found = problems("title: x\nlessons: [1, a.md, {}]\n")
    assert [p.message for p in found] == [
        "Entry 1 of 'lessons' cannot be 1.", "Entry 3 of 'lessons' cannot be {}.",
    ]  # fmt: skip
    (problem,) = problems("title: x\nlessons: [1]\n")
    assert problem.message == "Entry 1 of 'lessons' cannot be 1."
    (problem,) = problems("title: x\nlessons: []\n")
    assert problem.message == "'lessons' cannot be []."


def test_a_wrong_key_does_not_hide_its_wrong_value() -> None:
    found = problems("title: x\nvoices: {french: ''}\n")
    assert {p.message for p in found} == {
        "'voices' cannot have the key 'french'.", "'voices.french' cannot be ''.",
    }  # fmt: skip
    with pytest.raises(CourseError) as caught:
        read_values({"voices": {1: []}}, "settings", CourseError)
    assert "'voices.1' cannot be []." in [p.message for p in caught.value.problems]


def test_a_signer_is_a_word_or_a_video() -> None:
    assert read("signer: media/ada.mp4\n", Layer.USER).signer == "media/ada.mp4"
    (problem,) = problems("signer: reserv\n", Layer.USER)
    assert problem.remedy.endswith("Did you mean 'reserve'?")


@pytest.mark.parametrize("size", ["200x200", "1921x1080", "1080x1920", "3842x2160", "640x358"])
def test_a_size_that_cannot_be_made_names_its_line(size: str) -> None:
    (problem,) = problems(f"title: x\nvideo:\n  size: {size}\n")
    assert (problem.place.line, problem.place.key) == (3, "video.size")
    assert "640x360" in problem.remedy


def test_settings_are_frozen_and_cross_processes() -> None:
    found = read("theme: dark\nvideo: {rate: 30000/1001}\n", Layer.USER)
    again = pickle.loads(pickle.dumps(found))
    assert again == found and again.place_of("theme") == found.place_of("theme")
    assert again.video.rate == Fraction(30000, 1001)
    with pytest.raises(ValueError, match="frozen"):
        found.theme = "light"


def test_flags_are_read_as_yaml() -> None:
    flags = read_flags(["theme=dark", "video.rate=25", "voices.fr=espeak", "speed=1.1"], "--set",
                       CourseError)  # fmt: skip
    assert flags.model_dump(exclude_unset=True) == {
        "theme": "dark", "video": {"rate": "25"}, "voices": {"fr": "espeak"}, "speed": 1.1,
    }  # fmt: skip


def test_all_wrong_flags_are_reported_together() -> None:
    with pytest.raises(CourseError) as caught:
        read_flags(["theme", "=3", "them=dark", "speed=[", "title=x", "a..b=1"], "--set",
                   CourseError)  # fmt: skip
    assert len(caught.value.problems) == 6
    assert any(p.place.path == "--set 'speed=['" for p in caught.value.problems)
    many = ["video=3", "video.rate=25", "a.b.c.d=1", ".".join("a" * 5000) + "=1", "theme=x\ny: z",
            "speed=" + "9" * 250_000, "author=\0", "theme=*a", "theme=!x y"]  # fmt: skip
    with pytest.raises(CourseError) as caught:
        read_flags(many, "--set", CourseError)
    assert len(caught.value.problems) >= len(many)
    assert all(p.place.path.startswith("--set") and p.remedy for p in caught.value.problems)


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        ("theme=dark", "theme=light", "theme"),
        ("video.rate=25", "video={size: 1280x720}", "video"),
        ("video={rate: 25}", "video.rate=30", "video.rate"),
        ("voices.no=1.0", "voices.no=yes", "voices.no"),
    ],
)
def test_a_flag_whose_key_is_set_already_is_refused(first: str, second: str, key: str) -> None:
    with pytest.raises(CourseError) as caught:
        read_flags([first, second, "speed=fast"], "--set", CourseError)
    repeated, other = caught.value.problems
    assert repeated.message == f"{second!r} cannot be combined with the other settings."
    assert repeated.remedy.startswith("Give each key once")
    assert (repeated.place.key, other.place.key) == (key, "speed")


def test_a_flag_may_add_a_key_to_a_mapping() -> None:
    flags = read_flags(["video={size: 1280x720}", "video.rate=25"], "--set", CourseError)
    assert (flags.video.size, flags.video.rate) == ((1280, 720), Fraction(25))


def test_a_program_may_give_typed_values() -> None:
    found = read_values({"video": {"rate": Fraction(25), "size": "640x360"}}, "x", CourseError)
    assert found.video.rate == 25 and found.video.size == (640, 360)


class _Odd:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "values",
    [
        {"video": 3}, {"video": {1: 2}}, {"video": {"rate": _Odd()}}, {3: 4}, {_Odd(): 1},
        {"voices": {1: 2}}, {"voices": {_Odd(): "x"}}, {"voices": [1]}, {"theme": _Odd()},
        {"theme": b"dark"}, {"author": "\ud800"}, {"author": "a\0b"}, {"speed": float("nan")},
        {"speed": 10**5000}, {"speed": "1.0"}, {"portrait": {"seed": 10**5000}},
        {"portrait": {"clarity": float("inf")}}, {"portrait": {None: 1}}, {("video", "rate"): 25},
        {"video": {"size": (1, 2, 3)}}, {"video": {"size": {}}},
        {"video": {"rate": Fraction(1, 3)}},
    ],
)  # fmt: skip
def test_whatever_a_program_gives_is_settings_or_problems(values: dict[Any, Any]) -> None:
    with pytest.raises(CourseError) as caught:
        read_values(values, "settings", CourseError)
    for problem in caught.value.problems:
        assert problem.message and problem.remedy and str(problem).isprintable()


@pytest.mark.parametrize(
    "values", [{"theme": 3}, {"video": None}, {"voices": {"french": "a"}}, {"voices": 3},
               {"video": DEFAULTS.video.model_copy(update={"rate": 0})}],
)  # fmt: skip
def test_settings_that_were_made_without_validation_are_checked(values: dict[str, Any]) -> None:
    with pytest.raises(CourseError) as caught:
        recheck(DEFAULTS.model_copy(update=values), "settings", CourseError)
    assert all(problem.message and problem.remedy for problem in caught.value.problems)
    recheck(read("title: x\nvideo: {rate: 25, size: 640x360}\npause: {slide: 9}\n"), "x",
            CourseError)  # fmt: skip


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*VALUES, "size", "rate", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*VALUES, "bogus"]), _PLAIN, max_size=4))
def test_whatever_is_written_gives_settings_or_problems(values: dict[str, Any]) -> None:
    text = yaml.safe_dump(values, allow_unicode=True)
    for layer in Layer:
        try:
            found = read(text, layer)
        except ProblemError as error:
            for problem in error.problems:
                assert problem.message and problem.place.path == "a.yaml"
                assert problem.place.line is not None and problem.place.line >= 1
        else:
            assert isinstance(found, Keys)
            assert merge(DEFAULTS, found).model_fields_set <= found.model_fields_set
