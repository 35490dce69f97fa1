from __future__ import annotations

import pytest
from latex2mathml import exceptions

from narrate.errors import RenderError
from narrate.slides.formula_pictures import LATEX_PROBLEMS, draw_formula


def test_every_error_of_the_converter_has_its_sentence() -> None:
    found = {kind for kind in vars(exceptions).values() if isinstance(kind, type)}
    assert set(LATEX_PROBLEMS) == found


@pytest.mark.parametrize(
    ("latex", "problem"),
    [
        (r"\begin{matrix} a", r"a \begin has no matching \end"),
        (r"\left( x", r"a \left has no matching \right"),
        ("x^", "nothing follows a ^ or a _"),
        ("x_1_2", "two subscripts in the same place"),
        ("x^1^2", "two superscripts in the same place"),
        (r"{a \over}", "a fraction has no denominator"),
        (r"\over b", "a fraction has no numerator"),
        (r"x \limits_a", r"\limits must follow an operator"),
        (r"\frac", "it ends where something must follow"),
        (r"\genfrac{(}{)}{0pt}{9}{a}{b}", r"the style of \genfrac"),
    ],
)
def test_mistakes_in_latex_are_told_in_plain_words(latex: str, problem: str) -> None:
    with pytest.raises(RenderError) as error:
        draw_formula(latex, colour="#000000", inline=False)
    assert problem in error.value.message
    assert latex in error.value.message
