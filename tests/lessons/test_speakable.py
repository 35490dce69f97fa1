from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.course.lexicon_file import parse_lexicon
from lessons.speakable import ATOM, Atom, Reader, WrittenWord, say
from lessons.speakable.words import AtomKind

TABLES = Path(__file__).parent / "speakable"
"""Tables of `written | spoken`; a line without a bar names the kind of the lines after it."""


def table(name: str) -> list[tuple[str, str, str]]:
    """Kind, written and spoken of each case."""
    rows, kind = [], ""
    for line in (TABLES / f"{name}.txt").read_text("utf-8").splitlines():
        written, bar, spoken = line.rpartition(" | ")
        if bar:
            rows.append((kind, written, spoken))
        else:
            kind = line
    return rows


def read_atom(kind: AtomKind, source: str) -> str:
    (said,) = Reader("en-US").read([WrittenWord(ATOM, (Atom(kind, source),))])
    return said.spoken


PROSE = [row for name in ("basics", "quantities", "prose", "sentences") for row in table(name)]


@pytest.mark.parametrize(("kind", "written", "spoken"), PROSE)
def test_written_to_spoken(kind: str, written: str, spoken: str) -> None:
    assert say(written) == spoken


@pytest.mark.parametrize(("kind", "source", "spoken"), table("formulas"))
def test_formulas_are_said_as_a_teacher_says_them(kind: str, source: str, spoken: str) -> None:
    assert read_atom("formula", source) == spoken


FORMULAS = [
    (r"E=mc^2", "E equals m c squared", "E = mc²"),
    (r"a^2+b^2=c^2", "A squared plus b squared equals c squared", "a² + b² = c²"),
    (
        r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}",
        "x equals minus b plus or minus the square root of b squared minus four A c, "
        "all over two A",
        "x = (−b ± √(b² − 4ac))/2a",
    ),
    (r"\sum_{i=1}^{n} x_i", "the sum from i equals one to n of x sub i", "∑ᵢ₌₁ⁿ xᵢ"),
    (r"\int_0^1 f(x)\,dx", "the integral from zero to one of f of x d x", "∫₀¹ f(x) dx"),
    (r"\lim_{x\to 0}\frac{\sin x}{x}", "the limit as x goes to zero of sine x over x", None),
    (r"P(A|B)", "P of A given B", "P(A|B)"),
    (r"|x|<\epsilon", "the absolute value of x is less than epsilon", "|x| < ϵ"),
    (r"e^{i\pi}+1=0", "e to the i pi plus one equals zero", "e^(iπ) + 1 = 0"),
    (r"\sqrt[3]{8}", "the cube root of eight", "∛8"),
    (r"\frac{1}{2}mv^2", "one half m v squared", "½mv²"),
    (r"\frac{dy}{dx}", "d y over d x", "dy/dx"),
    (r"\log_2 n", "log base two n", "log₂ n"),
    (r"O(n \log n)", "O of n log n", "O(n log n)"),
    (r"90^\circ", "ninety degrees", "90°"),
    (r"A^{-1}", "A inverse", "A⁻¹"),
    (r"A^T x", "A transpose x", "Aᵀx"),
    (r"10^{-9}", "ten to the minus nine", "10⁻⁹"),
    (r"\hat{y}", "y hat", None),
    (r"f'(x)=2x", "f prime of x equals two x", "f′(x) = 2x"),
    (r"9.81\,\mathrm{m/s^2}", "nine point eight one meters per second squared", "9.81 m/s²"),
    (r"\lambda = 500\,\text{nm}", "lambda equals five hundred nanometers", "λ = 500 nm"),
    (r"x\in\mathbb{R}^n", "x in R n", "x ∈ ℝⁿ"),
    (r"(a+b)^2", "the quantity A plus b squared", "(a + b)²"),
    (r"\binom{n}{k}", "n choose k", None),
    (
        r"\nabla\cdot\vec{E}=\frac{\rho}{\varepsilon_0}",
        "nabla dot E equals rho over epsilon sub zero",
        None,
    ),
    (r"\{x \mid x>0\}", "the set of x such that x is greater than zero", None),
    (r"n!", "n factorial", "n!"),
    (r"n_1\sin\theta_1", "n sub one sine theta sub one", "n₁ sin θ₁"),
    (
        r"\begin{pmatrix}1&0\\0&1\end{pmatrix}",
        "the matrix with rows one, zero; zero, one",
        "[1 0; 0 1]",
    ),
    (r"\frac{a}{b+c}", "A over the quantity b plus c", "a/(b + c)"),
    (r"3\times 10^8", "three times ten to the eighth", "3 × 10⁸"),
    (r"\|v\|", "the norm of v", "‖v‖"),
    (r"x_{n+1}", "x sub n plus one", "xₙ₊₁"),
    (r"x \neq y", "x is not equal to y", "x ≠ y"),
    (r"\alpha \to \beta", "alpha to beta", "α → β"),
]


@pytest.mark.parametrize(("source", "spoken", "written"), FORMULAS)
def test_formulas(source: str, spoken: str, written: str | None) -> None:
    word = WrittenWord(ATOM, (Atom("formula", source),))
    (said,) = Reader("en-US").read([word])
    assert said.spoken == spoken
    if written is not None:
        assert said.written == written.replace(" ", "\u202f")


@pytest.mark.parametrize(("kind", "source", "spoken"), table("code"))
def test_inline_code(kind: str, source: str, spoken: str) -> None:
    assert read_atom("code", source) == spoken


@pytest.mark.parametrize(("language", "written", "spoken"), table("languages"))
def test_other_languages(language: str, written: str, spoken: str) -> None:
    assert say(written, language) == spoken


def test_the_tables_are_large_and_have_no_case_twice() -> None:
    names = ("basics", "quantities", "prose", "sentences", "formulas", "code", "languages")
    rows = [(name, *row) for name in names for row in table(name)]
    assert len(rows) >= 1000
    assert len(set(rows)) == len(rows)
    assert len({written for _, written, _ in PROSE}) == len(PROSE)


def test_slashed_dates_go_by_the_region() -> None:
    assert say("on 3/5/2024") == "on March fifth, twenty twenty-four"
    assert say("on 3/5/2024", "en-GB") == "on May third, twenty twenty-four"
    assert say("on 3/15/2024", "en-GB") == "on March fifteenth, twenty twenty-four"


def test_a_language_without_a_table_passes_its_signs_on() -> None:
    assert say("São 21 alunos, 5% de 3 €.", "pt") == "São vinte e um alunos, cinco % de três €."
    assert say("温度是 20 °C", "zh") == "温度是 20 °C"


def test_atoms_cling_to_what_stands_beside_them() -> None:
    words = [
        WrittenWord("the"),
        WrittenWord(f"({ATOM}-axis),", (Atom("formula", "x"),)),
        WrittenWord(f"{ATOM}s", (Atom("code", "list"),)),
        WrittenWord(f"{ATOM}th", (Atom("formula", "n"),)),
    ]
    said = Reader("en-US").read(words)
    assert [one.spoken for one in said] == ["the,", "x axis,", "list's", "nth"]
    assert [one.written for one in said] == ["the", "(x-axis),", "lists", "nth"]


def test_the_lexicon_gives_respellings_and_phones_for_words_and_phrases() -> None:
    lexicon = parse_lexicon(
        "Huygens: HOY gens\nFizeau: {ipa: fizo}\nspeed of light: see\nSQL: sequel\n"
        "de: {Licht: {ipa: lɪçt}}\n",
        path="lexicon.yaml",
    )
    words = [WrittenWord(w) for w in ("Huygens,", "Fizeau's", "SQL:", "speed", "of", "light.")]
    said = Reader("en-US", lexicon).read(words)
    assert [one.spoken for one in said] == ["hoy gens,", "Fizeau's", "sequel:", "see.", "", ""]
    assert said[1].phones == "fizoz"  # the possessive is a form of the word
    (fizeau,) = Reader("en-US", lexicon).read([WrittenWord("Fizeau.")])
    assert (fizeau.spoken, fizeau.phones) == ("Fizeau.", "fizo")
    assert Reader("en-US", lexicon).read([WrittenWord("Licht")])[0].phones is None
    assert Reader("de-DE", lexicon).read([WrittenWord("Licht")])[0].phones == "lɪçt"


def test_other_languages_keep_their_words_and_say_their_numbers() -> None:
    assert say("Das sind 21 Äpfel.", "de") == "Das sind einundzwanzig Äpfel."


def speakable(text: str) -> bool:
    return all(char.isalpha() or char in " '-.,;:?!—…" or ord(char) > 0x2FF for char in text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_written_can_be_said(text: str) -> None:
    words = [WrittenWord(word) for word in text.replace(ATOM, "").split()]
    for one, word in zip(Reader("en-US").read(words), words, strict=True):
        assert one.written == word.text
        assert speakable(one.spoken), one
        assert "  " not in one.spoken and one.spoken == one.spoken.strip()


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="\\{}^_$&abx12+-=()|[] fracsqrtbeginmatrix", max_size=60))
def test_any_formula_and_any_code_can_be_said(text: str) -> None:
    kinds: tuple[AtomKind, ...] = ("formula", "code")
    for one in Reader("en-US").read([WrittenWord(ATOM, (Atom(kind, text),)) for kind in kinds]):
        assert speakable(one.spoken)
        assert " " not in one.written
