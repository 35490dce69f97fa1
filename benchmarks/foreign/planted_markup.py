"""A hundred pieces of markup of many tools in sentences, and a hundred sentences without any.

The scanner must find each of the first and none of the second. The sentences are what a lesson
would say or show if the markup were not understood.
"""

from __future__ import annotations

PLANTED = tuple(
    line
    for line in r"""
::: {.callout-note} Remember to save the file before you go on.
Remember to save the file before you go on. :::
:::: challenge Which of these loops never ends?
:::tip The shorter form is usually clearer.
:::{admonition} What is a branch? A branch is a movable name.
The site of the course is {{ site.url }} and has all slides.
See {{< video intro.mp4 >}} for the whole demonstration.
In this chapter {{% notice tip %}} we look at the heap.
The next part {% include links.md %} explains the pipe.
{% raw %} The braces are written twice.
The figure shows the lens. {: .center}
Answer the questions. {: .challenge}
The table below{: width="500px"} has three columns.
Why we use version control {#sec-why .unnumbered} in teams.
The key result is [important]{.mark} for the exam.
The appendix {-} lists all commands.
A photograph of the eye {width=50%} from the side.
The effect was shown in [@smith2019; @doe2020] twice.
As @smith2019 says, the effect is small.
The curve in @fig-growth rises quickly.
The curve in Figure \@ref(fig:growth) rises quickly.
Read the manual at [the project's page](https://example.org/manual).
The [next episode](04-pipes.html) is about pipes.
The [manual][docs] explains every option.
[docs]: https://example.org/manual
Rods are more sensitive than cones.[^1]
Rods are more sensitive than cones.^[By a factor of a hundred.]
Here is the picture ![A cross section of the eye](eye.png) from above.
![bg left:40%](background.jpg) Welcome to the course.
A **wavelength** is a length.
**Note: this costs time.
It costs time, but it is worth it.**
A __wavelength__ is a length.
A *wavelength* is a length.
A _wavelength_ is a length.
## What a function is
The lens ### and the retina
# What a function is
Press <kbd>Enter</kbd> to go on.
The first line.<br>The second line.
<div class="columns"> On the left is the eye.
On the left is the eye. </div>
<v-click> The answer comes now.
<Tabs groupId="os"> Choose your system.
<Counter count="10" /> The counter goes up.
</details> Then go on with the next part.
<hands-on-title>Load the data</hands-on-title>
Write to us at <https://example.org/help> at any time.
<!-- fit --> The largest title of all
The largest title of all -->
The distance is 5&nbsp;km on this map.
Cats &amp; dogs are &lt;not&gt; alike.
The arrow &#8594; points to the right.
Well done :tada: you have finished the lesson.
:material-check: The test has passed.
:warning: The file is overwritten.
| Name | Age | | --- | --- | | Ada | 36 |
The columns are |:---|---:| for text and numbers.
| Ada | 36 | London |
See [[Garbage collection|how memory is freed]] for more.
The note ![[retina.png]] shows the layers.
Read [[Pointers]] before this part.
The ==most important== word is marked.
%% ask the students first %% The answer is forty-two.
::right:: On the right is the retina.
::default:: The first column comes first.
.pull-left[ On the left is the eye.
The answer is .red[wrong] in most books.
.footnote[Measured in 2019 by two groups.]
??? Remind the students of the homework.
Note:
!!! note "Before you start" Install the compiler.
!!! warning Do not delete the branch.
??? tip "A shortcut" Press both keys.
=== "Linux" Open a terminal.
[!NOTE] Remember to save the file.
[!tip]- A shortcut for experts
As {ref}`the chapter on loops <loops>` says, loops end.
The {term}`retina` has two kinds of cells.
{doc}`setup` explains how to install it.
```{code-cell} ipython3 The next cell draws a line.
```python The next lines read a file.
Call the function `read_table` with the name.
The value is `r nrow(penguins)` in this sample.
\newpage The second part is about light.
\bigskip The second part is about light.
The first \textbf{important} result is about light.
\begin{center} The picture is in the middle.
$$ The sum is over all particles.
The energy $E = mc^2$ is large.
The area is measured in m^2^ and not in metres.
Water is H~2~O in every textbook.
The ~~old~~ new address is on the page.
layout: two-cols title: The eye
class: center, middle
import Tabs from '@theme/Tabs';
{/* only for the web page */} The list has three parts.
{r plot, echo=FALSE, fig.width=4} The plot shows two groups.
- [x] Install the compiler
The price is 5 \$ for each \* of them.
""".strip("\n").splitlines()
)

CLEAN = tuple(
    line
    for line in r"""
In C++ the name std::vector means a growing array.
The call std::cout::flush is an example of a qualified name.
If a < b and b < c, then a < c.
Is x > 5 or is y <= 3?
The set {1, 2, 3} has three elements.
The set {x, y} has two elements, and {a, b, c} has three.
The interval [0, 1) contains 0 but not 1.
The element a[i] comes before a[j].
The matrix entry m[i][j] is in row i and column j.
The list [[1, 2], [3, 4]] has two lists in it.
A function with *args takes any number of values.
A function with *args and **kwargs takes everything.
In Python 2 ** 10 is 1024, and 2 * 3 * 4 is 24.
The power 2**3 is 8 and 3**2 is 9.
The pointer is declared as int *p, and *p is its value.
The method __init__ is called first, and __str__ is called by print.
The names first_name and last_name are strings.
A private field such as _count starts with an underscore.
Snake case looks like_this_one.
The arrow A → B means that A leads to B.
We write f: A -> B for a function from A to B.
If x => y, then not y => not x.
In R, x <- 5 stores a number.
The way from A --> B is longer than the way back.
She said: “That cannot be right!”
He asked ‘why?’ and went on.
»Das ist richtig«, sagte sie.
« C'est vrai », dit-elle.
„Das stimmt“, sagte er leise.
Is that all? What?! Really?
Stop! No!! Never!!!
Really??? That was quick.
The time is 10:30, and the train leaves at 11:45:30.
The ratio is 3:2:1 in most mixtures.
It costs $5 in one shop and $6 in the other.
It costs between $5 and $6, or 5–6 €.
US$5 are about 4.60 €, i.e. less than US$6.
The temperature is -5 °C, not +5 °C.
About ~5 % of all people have it.
The folder ~/notes is in the home folder.
The path is C:\Users\ada\notes on Windows.
The server is \\server\share in this office.
The options -v and --verbose do the same.
Use --draft to build quickly.
The file is in /usr/local/bin on most systems.
The address is ada@example.org, or bob@example.org.
Ask @ada or @bob in the chat.
The tag #python is used a lot.
C# and F# run on the same machine.
Task #3 is harder than task #2.
She is number 1 of 20 – a good place.
The word — a long one — is hard to read.
The word -- a long one -- is hard to read.
The word --- a long one --- is hard to read.
And so on … until the end.
And so on ... until the end.
Rock & roll, R&D and AT&T are names.
AT&T; and other firms were split.
Press Ctrl+C, then Ctrl+Shift+V.
C++ and g++ are not the same, and i++ adds one.
The operator ++ adds one, and -- subtracts one.
The comparison a == b is not the assignment a = b.
In JavaScript a === b compares types as well.
If x==1 and y==2, nothing happens.
The value is 50% or 100 %, never 200%.
In R, 7 %% 3 is 1.
The magic %timeit and %%timeit measure time.
The bitwise a | b and a & b differ from a || b and a && b.
The probability P(A | B) is not P(B | A).
The norm |x| + |y| is at least |x + y|.
The type List<String> holds strings, and Map<K, V> holds pairs.
The type Option<T> may be empty.
The header <stdio.h> declares printf.
The emoticon :-) was invented in 1982, and ;-) came later.
Smile :) and go on :D
The section “Note” has three parts.
Note: this is a normal sentence.
Title and author: both are on the first page.
Date of birth: 10 December 1815.
The class: a group of thirty students.
Import the module first, and export the result later.
Import numpy from the standard channel.
The marks are 1) good, 2) fair, and 3) poor.
The (second) answer (see above) is right.
The footnote 1 is at the end of the page.
See section 3.2.1, p. 45 ff., and fig. 2.
The version 1.2.3-beta.4 is from 2021-05-03.
The price is 1.234,56 € in Germany and 1,234.56 € in Ireland.
The formula x² + y² = z² has many solutions.
The sum Σ xᵢ over all i is finite.
The formula E = mc² is famous.
The limit as n → ∞ is e ≈ 2.718.
For all ε > 0 there is a δ > 0.
The functions f(x) and g(x)(y) are different.
Der Größer-als-Operator > steht zwischen zwei Zahlen.
L’œil voit mieux à 550 nm ; c’est le vert.
¿Qué es una función? ¡Muy bien!
この関数は（もちろん）「はい」と答えます。
这个函数返回“真”,而不是“假”。
The 5* hotel is better than the 3* one.
""".strip("\n").splitlines()
)
