from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.lexicon import parse_lexicon
from lessons.speakable import ATOM, Atom, Reader, Word, say

CASES = {
    "numbers": """
0 | zero
7 items | seven items
12 | twelve
21 | twenty-one
100 | one hundred
101 dogs | one hundred one dogs
1,000 | one thousand
12,345 | twelve thousand three hundred forty-five
1500 cases | one thousand five hundred cases
12,000,458 | twelve million four hundred fifty-eight
3.14 | three point one four
0.05 | zero point zero five
.5 | zero point five
-5 | minus five
−40 | minus forty
+3 | plus three
±2 | plus or minus two
~50 | about fifty
007 | zero zero seven
2 million | two million
1e-9 | one times ten to the minus nine
6.02e23 | six point zero two times ten to the twenty-third
10^6 | ten to the sixth
10⁻³ | ten to the minus three
3×10⁸ | three times ten to the eighth
""",
    "ordinals": """
1st | first
2nd | second
3rd | third
22nd | twenty-second
100th | one hundredth
the 19th century | the nineteenth century
""",
    "years": """
in 1905 | in nineteen oh five
in 1900 | in nineteen hundred
since 2008 | since two thousand eight
by 2024 | by twenty twenty-four
from 1914 to 1918 | from nineteen fourteen to nineteen eighteen
1914–1918 | nineteen fourteen to nineteen eighteen
1939-45 | nineteen thirty-nine to forty-five
the 1990s | the nineteen nineties
the '80s | the eighties
Newton (1687) wrote | Newton, sixteen eighty-seven, wrote
in 1500 cases | in one thousand five hundred cases
""",
    "dates": """
May 5 | May fifth
May 5, 2024 | May fifth, twenty twenty-four
5 May 2024 | the fifth of May twenty twenty-four
the 5th of May | the fifth of May
Sept. 1987 | September nineteen eighty-seven
Dec. 24 | December twenty-fourth
2024-03-05 | March fifth, twenty twenty-four
3/5/2024 | March fifth, twenty twenty-four
""",
    "times": """
10:30 | ten thirty
9:05 am | nine oh five A M
at 3 pm | at three P M
10:30 a.m. sharp | ten thirty A M sharp
8:00 | eight o'clock
5pm | five P M
14:00 | fourteen hundred hours
""",
    "ranges and ratios": """
10–20 | ten to twenty
pages 3-5 | pages three to five
10–20 km | ten to twenty kilometers
16:9 | sixteen to nine
1920×1080 | nineteen twenty by ten eighty
3x | three times
2x4 | two by four
""",
    "money": """
$5 | five dollars
$1 | one dollar
$5.20 | five dollars and twenty cents
$0.99 | ninety-nine cents
$5 million | five million dollars
€1.5bn | one point five billion euros
£10 | ten pounds
¥500 | five hundred yen
20¢ | twenty cents
5€ | five euros
100 USD | one hundred U S dollars
EUR 30 | thirty euros
$10–20 | ten to twenty dollars
""",
    "units": """
5 km | five kilometers
1 km | one kilometer
10km | ten kilometers
25% | twenty-five percent
20 °C | twenty degrees Celsius
20°C | twenty degrees Celsius
90° | ninety degrees
60 km/h | sixty kilometers per hour
9.81 m/s² | nine point eight one meters per second squared
9.81 m/s^2 | nine point eight one meters per second squared
10 m² | ten square meters
5 cm³ | five cubic centimeters
3 GHz | three gigahertz
16 GB | sixteen gigabytes
5GB | five gigabytes
100-m dash | one hundred meter dash
500 nm | five hundred nanometers
1 s | one second
10 ms | ten milliseconds
5 V | five volts
4.2 kJ/kg | four point two kilojoules per kilogram
60 fps | sixty frames per second
3 kWh | three kilowatt hours
10 µm | ten micrometers
6 ft | six feet
1/2 km | one half kilometers
3×10⁸ m/s | three times ten to the eighth meters per second
""",
    "fractions": """
1/2 | one half
3/4 | three quarters
2/3 | two thirds
½ | one half
2½ | two and a half
5/16 | five sixteenths
1/100 | one over one hundred
""",
    "Roman numerals": """
Chapter IV | Chapter four
Henry VIII | Henry the eighth
Louis XIV's court | Louis the fourteenth's court
World War II | World War two
Part I | Part one
Queen Elizabeth II | Queen Elizabeth the second
""",
    "initialisms": """
the GPU | the G P U
GPUs | G P U's
the CPU's cache | the C P U's cache
NASA | nasa
an API | an A P I
HTML and CSS | H T M L and C S S
the U.S. Army | the U S Army
JPEG | jay peg
JSON | jason
UNESCO | unesco
HTTPS | H T T P S
AI | A I
do NOT touch | do not touch
mRNA | M R N A
MP3 | M P three
GPT4 | G P T four
PhD | P H D
R&D | R and D
I/O | I O
A/B test | A B test
TCP/IP | T C P I P
3D | three D
COVID-19 | covid nineteen
""",
    "names in mixed case": """
iPhone | i phone
GitHub | git hub
DeepMind | Deep Mind
McDonald | McDonald
NumPy | num pie
C++ | C plus plus
C# | C sharp
""",
    "Greek and signs": """
α | alpha
λ = 5 | lambda equals five
ΔT | delta T
π | pi
3 + 4 = 7 | three plus four equals seven
a - b | a minus b
x ≤ 5 | x is less than or equal to five
5 × 3 | five times three
5 > 3 | five is greater than three
A → B | A to B
∞ | infinity
∇ | nabla
x² | x squared
x³ + y³ | x cubed plus y cubed
mc² | m c squared
x₁ | x sub one
x^2 | x squared
2ⁿ | two to the n
#5 | number five
Tom & Jerry | Tom and Jerry
""",
    "code and names": """
np.zeros | n p dot zeros
snake_case | snake case
my_var_2 | my var two
data.csv | data dot C S V
main.py | main dot pie
src/main.py | source slash main dot pie
https://example.com | example dot com
https://www.example.org/docs/ | W W W dot example dot org slash docs
user@example.com | user at example dot com
v1.2.3 | version one point two point three
Python3 | Python three
print() | print
""",
    "chemistry": """
H2O | H two O
H₂O | H two O
CO2 | C O two
C6H12O6 | C six H twelve O six
Fe2O3 | F E two O three
Na+ | N A plus
Ca²⁺ | C A two plus
NaCl | N A C L
pH | P H
""",
    "abbreviations": """
e.g. this | for example this
i.e. that | that is that
cats, dogs, etc. | cats, dogs, et cetera.
Dr. Smith | doctor Smith
Prof. Jones | professor Jones
Mr. and Mrs. Hill | mister and missus Hill
red vs. blue | red versus blue
Fig. 3 | figure three
No. 5 | number five
pp. 3–5 | pages three to five
Eq. (3) | equation, three,
approx. 5 | approximately five
w.r.t. x | with respect to x
Smith et al. found | Smith et al found
St. Paul | saint Paul
""",
    "mixtures": """
10,000+ points | ten thousand plus points
in < 5 s | in less than five seconds
Einstein's 1905 paper | Einstein's nineteen oh five paper
an RTX 4090 | an R T X forty ninety
Python 3.11 | Python three point eleven
f(x) = 2x + 1 | f of x equals two x plus one
O(n log n) | O of n log n
a 50/50 chance | a fifty fifty chance
press Ctrl+C | press control plus C
first.last@uni.ac.uk | first dot last at uni dot A C dot U K
192.168.0.1 | one hundred ninety-two point one hundred sixty-eight point zero point one
p < 0.05 | p is less than zero point zero five
DNA → RNA | D N A to R N A
the 20th-century view | the twentieth century view
1.5x faster | one point five times faster
−273.15 °C | minus two hundred seventy-three point one five degrees Celsius
32-bit | thirty-two bit
FY2023 | F Y twenty twenty-three
""",
    "prose": """
Let's go! | Let's go!
It's John's. | It's John's.
"Quoted," she said. | Quoted, she said.
well-known | well-known
state-of-the-art | state-of-the-art
and/or | and or
he/she | he or she
really — yes | really— yes
good (very good) work | good, very good, work
wait... what? | wait… what?
A cat sat. | a cat sat.
vitamin A is | vitamin A is
naïve café | naïve café
hello 😀 world | hello world
24/7 | twenty-four seven
twenty-one | twenty-one
9-year-old | nine year old
the students' work | the students work
rock 'n' roll | rock n roll
""",
}
TABLE = [
    (kind, *(part.strip() for part in line.split(" | ")))
    for kind, lines in CASES.items()
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("kind", "written", "spoken"), TABLE)
def test_written_to_spoken(kind: str, written: str, spoken: str) -> None:
    assert say(written) == spoken


def test_the_table_is_large() -> None:
    assert len(TABLE) >= 200


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
    (r"9.81\,\mathrm{m/s^2}", "nine point eight one meters per second squared", "9.81 m/s^2"),
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
    word = Word(ATOM, (Atom("formula", source),))
    (said,) = Reader().read([word])
    assert said.spoken == spoken
    if written is not None:
        assert said.written == written.replace(" ", "\u202f")


CODE = [
    ("np.zeros", "n p dot zeros"),
    ("snake_case", "snake case"),
    ("camelCase", "camel case"),
    ("HTTPServer", "H T T P server"),
    ("x == y", "x equals equals y"),
    ("i != j", "i is not equal to j"),
    ("x += 1", "x plus equals one"),
    ("f(x)", "f of x"),
    ("range(10)", "range ten"),
    ("a[0]", "A sub zero"),
    ("x**2", "x to the power of two"),
    ("--verbose", "dash dash verbose"),
    ("git commit -m", "git commit dash m"),
    ("MAX_SIZE", "max size"),
    ("API_KEY", "A P I key"),
    ("self.x", "self dot x"),
    ("==", "equals equals"),
    ("{}", "braces"),
    ("0xFF", "hex F F"),
    ("a -> b", "A arrow b"),
    ("__init__", "init"),
    ("List[int]", "list of int"),
]


@pytest.mark.parametrize(("source", "spoken"), CODE)
def test_inline_code(source: str, spoken: str) -> None:
    (said,) = Reader().read([Word(ATOM, (Atom("code", source),))])
    assert said.spoken == spoken


def test_atoms_cling_to_what_stands_beside_them() -> None:
    words = [
        Word("the"),
        Word(f"({ATOM}-axis),", (Atom("formula", "x"),)),
        Word(f"{ATOM}s", (Atom("code", "list"),)),
        Word(f"{ATOM}th", (Atom("formula", "n"),)),
    ]
    said = Reader().read(words)
    assert [one.spoken for one in said] == ["the,", "x axis,", "list's", "nth"]
    assert [one.written for one in said] == ["the", "(x-axis),", "lists", "nth"]


def test_the_lexicon_gives_respellings_and_phones_for_words_and_phrases() -> None:
    lexicon = parse_lexicon(
        "Huygens: HOY gens\nFizeau: {ipa: fizo}\nspeed of light: see\nSQL: sequel\n"
        "de: {Licht: {ipa: lɪçt}}\n",
        path="lexicon.yaml",
    )
    words = [Word(w) for w in ("Huygens,", "Fizeau's", "SQL:", "speed", "of", "light.")]
    said = Reader("en-US", lexicon).read(words)
    assert [one.spoken for one in said] == ["HOY gens,", "Fizeau's", "sequel:", "see.", "", ""]
    assert said[1].phones == "fizoz"  # the possessive is a form of the word
    (fizeau,) = Reader("en-US", lexicon).read([Word("Fizeau.")])
    assert (fizeau.spoken, fizeau.phones) == ("Fizeau.", "fizo")
    assert Reader("en-US", lexicon).read([Word("Licht")])[0].phones is None
    assert Reader("de-DE", lexicon).read([Word("Licht")])[0].phones == "lɪçt"


def test_other_languages_keep_their_words_and_say_their_numbers() -> None:
    assert say("Das sind 21 Äpfel.", "de") == "Das sind einundzwanzig Äpfel."


def speakable(text: str) -> bool:
    return all(char.isalpha() or char in " '-.,;:?!—…" or ord(char) > 0x2FF for char in text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_written_can_be_said(text: str) -> None:
    words = [Word(word) for word in text.replace(ATOM, "").split()]
    for one, word in zip(Reader().read(words), words, strict=True):
        assert one.written == word.text
        assert speakable(one.spoken), one
        assert "  " not in one.spoken and one.spoken == one.spoken.strip()


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="\\{}^_$&abx12+-=()|[] fracsqrtbeginmatrix", max_size=60))
def test_any_formula_and_any_code_can_be_said(text: str) -> None:
    kinds = ("formula", "code")
    for one in Reader().read([Word(ATOM, (Atom(kind, text),)) for kind in kinds]):  # type: ignore[arg-type]
        assert speakable(one.spoken)
        assert " " not in one.written
