from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lessons.course.language_recognition import recognise_language
from lessons.course.settings import Settings
from lessons.markdown.lesson import Surroundings, read_lesson

TEXTS = {
    "en": "# The lens\n\nLight that enters the eye is bent by the cornea and by the lens. "
    "The image is upside down, and the brain turns it around for us.\n",
    "de": "# Die Linse\n\nDas Licht, das in das Auge fällt, wird von der Hornhaut und von der "
    "Linse gebrochen.\n",
    "es": "# La lente\n\nLa luz que entra en el ojo es refractada por la córnea y por el "
    "cristalino.\n",
    "fr": "# La lentille\n\nLa lumière qui entre dans l'œil est déviée par la cornée et par le "
    "cristallin.\n",
    "pt": "# A lente\n\nA luz que entra no olho é desviada pela córnea e pelo cristalino, e depois "
    "chega à retina.\n",
    "it": "# La lente\n\nLa luce che entra nell'occhio viene deviata dalla cornea e dal "
    "cristallino.\n",
    "pl": "# Soczewka\n\nŚwiatło, które wpada do oka, jest załamywane przez rogówkę i przez "
    "soczewkę.\n",
    "ru": "# Линза\n\nСвет, который попадает в глаз, преломляется роговицей и хрусталиком.\n",
    "ar": "# العدسة\n\nالضوء الذي يدخل العين ينكسر بواسطة القرنية والعدسة قبل أن "
    "يصل إلى الشبكية.\n",
    "ja": "# レンズ\n\n目に入る光は、角膜と水晶体によって曲げられます。\n",
    "ko": "# 렌즈\n\n눈으로 들어오는 빛은 각막과 수정체에 의해 굴절됩니다.\n",
    "zh": "# 透镜\n\n进入眼睛的光线被角膜和晶状体折射，然后到达视网膜。\n",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_short_lesson_tells_its_language(language: str) -> None:
    assert recognise_language(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Kubernetes\n\nDocker, Helm.\n",
        "```python\nfor licht in die_linse:\n    das_auge(licht, und, die, hornhaut)\n```\n" * 3,
        "$\\alpha + \\beta$ `const auto` https://example.org/der/die/das/und/nicht\n" * 5,
    ],
)
def test_of_too_few_words_nothing_is_recognised(text: str) -> None:
    assert recognise_language(text) == ""


def test_code_does_not_count() -> None:
    code = "```js\n// the value of this is set to that and is for you with it\nlet the = of;\n```\n"
    assert recognise_language(code * 20 + TEXTS["de"]) == "de"


def test_hostile_text_takes_no_time() -> None:
    for text in ("`" * 300_000, "](" * 150_000, "<a" * 150_000, "{{" * 150_000, "$ " * 150_000):
        recognise_language(text)


def test_most_lessons_do_not_load_the_library() -> None:
    program = (
        "import sys; from lessons.course.language_recognition import recognise_language;"
        f"assert recognise_language({TEXTS['en']!r}) == 'en'; assert 'py3langid' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def read(text: str, tmp_path: Path, **settings: str) -> tuple[str, list[str]]:
    around = Surroundings(tmp_path, Settings(**settings))  # type: ignore[arg-type]
    lesson, findings = read_lesson(text, "a.md", around)
    return lesson.settings.language, [f.message for f in findings if f.rule.startswith("lang")]


def test_a_language_is_recognised_only_if_nothing_says_it(tmp_path: Path) -> None:
    assert read(TEXTS["de"], tmp_path) == (
        "de",
        ["The lesson does not say its language; its text looks like German (de)."],
    )
    assert read(TEXTS["en"], tmp_path) == ("en-US", [])
    assert read(TEXTS["de"], tmp_path, language="nl") == ("nl", [])
    assert read("---\nlanguage: de-AT\n---\n" + TEXTS["de"], tmp_path) == ("de-AT", [])
