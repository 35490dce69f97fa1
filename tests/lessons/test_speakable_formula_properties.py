"""Properties of every formula: each number in it is said once, and shown once."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.speakable import numbers
from lessons.speakable.formula_text import show_formula
from lessons.speakable.formulas import say_formula
from lessons.speakable.symbols import FROM_SUBSCRIPT, FROM_SUPERSCRIPT

NUMBERS = [n for n in range(21, 100) if n % 10]
leaves = st.one_of(
    st.sampled_from(NUMBERS).map(str), st.sampled_from(["x", "a", "\\alpha", "\\infty", "f(x)"])
)
FORMS = (
    r"""
\frac{A}{B} ; \sqrt{A} ; \sqrt[n]{A} ; A + B ; A \cdot B ; \left(A - B\right) ; x^{A} ; x_{A}
|A| = B ; \sum_{i=A}^{B} i ; \int_{A}^{B} x\,dx ; \lim_{x \to A} B ; \{A, B\} ; [A, B) ; \hat{A}
\left[A, B\right) ; \begin{pmatrix} A & B \\ x & y \end{pmatrix} ; \left. A \right|_{B} ; A!
\begin{cases} A & x > B \end{cases} ; \begin{aligned} x &= A \\ y &= B \end{aligned}
\overset{A}{B} ; \underbrace{A}_{B} ; \text{if } A ; \|A\|_{B} ; \langle A, B \rangle ; \log_{A} B
\binom{A}{B} ; P(A \mid B) ; \mathrm{m} A ; \unknown{A} ; \lfloor A \rfloor ; \max_{A} B
\mathbf{v} \times A ; A \pmod{B} ; f^{(A)}(B) ; {A \choose B} ; \underset{A}{\max} B ; x'_{A}
\abs{A} ; \ket{A} ; \tfrac{A}{B} ; A / B ; A \equiv B ; \ang{A} ; A\,\text{km} ; x \in (A, B)
\left\{ A \middle| B \right\} ; \xrightarrow{A} B ; \boxed{A} ; \sin^{A} B ; A : B
""".strip()
    .replace("\n", " ; ")
    .split(" ; ")
)


def wrap(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def fill(form: str, first: str, second: str) -> str:
        return re.sub("[AB]", lambda match: first if match[0] == "A" else second, form)

    return st.builds(fill, st.sampled_from(FORMS), children, children)


formulas = st.recursive(leaves, wrap, max_leaves=6)


def check_said_once(source: str, spoken: str) -> None:
    words = Counter(re.sub(r"[,;]", " ", spoken).split())
    for number, count in Counter(re.findall(r"\d+", source)).items():
        forms = {numbers.say_cardinal(int(number)), numbers.say_ordinal(int(number))}
        forms |= {form + "th" for form in forms} | {form + "s" for form in forms}
        assert sum(words[form] for form in forms) == count, (source, spoken)


def check_shown_once(source: str, shown: str) -> None:
    plain = "".join(FROM_SUBSCRIPT.get(c) or FROM_SUPERSCRIPT.get(c) or c for c in shown)
    assert Counter(re.findall(r"\d\d", plain)) == Counter(re.findall(r"\d\d", source)), shown


@settings(max_examples=400, deadline=None)
@given(formulas)
def test_each_number_of_a_formula_is_said_and_shown_once(source: str) -> None:
    check_said_once(source, say_formula(source))
    check_shown_once(source, show_formula(source))


def test_the_checks_notice_a_number_that_is_dropped_or_doubled() -> None:
    source = "\\frac{23}{45}"
    check_said_once(source, "twenty-three over forty-five")
    for spoken in ("twenty-three over", "twenty-three over forty-five forty-five"):
        with pytest.raises(AssertionError):
            check_said_once(source, spoken)
    for shown in ("23/", "23/4545"):
        with pytest.raises(AssertionError):
            check_shown_once(source, shown)


@pytest.mark.parametrize(
    "command",
    [r"\not", r"\stackrel", r"\xrightarrow[a]", r"\bra", r"\pmod", r"\frac", r"\sqrt", r"\hat",
     r"\mathbb", r"\underbrace", r"\left(", "{", "(", "x^", "-"],
)  # fmt: skip
def test_a_chain_of_commands_is_read_without_end_of_memory(command: str) -> None:
    say_formula(command * 3000 + "x")
    show_formula(command * 3000 + "x")
