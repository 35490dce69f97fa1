"""Lessons that are read aloud for `benchmarks/recording_times.py`, one sentence on each line.

Constants were chosen on the first set, and figures come from the second.
"""

from __future__ import annotations

CHOOSING = {
    "rivers": """\
A river never flows in a straight line for very long.
Where the ground is level, its bends grow wider every year.
The water on the outside of a bend moves faster, so it wears the bank away.
On the inside it slows down and drops what it carries.
Sooner or later two bends meet, and the river takes the shorter way.
What is left behind is called an oxbow lake.
The Amazon carries 209,000 cubic metres of water into the sea every second.
That is more than the next seven largest rivers together.
Its slope, however, is less than 2 cm per kilometre.
Why, then, does it not simply stand still?
Because the water behind it keeps on pushing.
A flood is not an accident, but a part of how rivers work.
In Egypt, people counted on it for more than 5,000 years.
Since the dam at Aswan was finished in 1970, the mud stays behind its wall.
Farmers now have to buy the fertiliser that once came for free.
If you build a house beside a river, ask first how high it stood in the worst year.
Engineers speak of a hundred year flood.
That does not mean that it comes once in a century; its chance is 1% in any year.
Over thirty years, the chance is about 26%.
Please work this out yourselves before we meet again on Thursday.""",
    "equations": """\
Today we solve equations of the second degree.
The general form is $ax^2 + bx + c = 0$, where $a$ is not zero.
If $b$ is zero, all we need is a square root.
For example, $x^2 = 49$ has two solutions, 7 and −7.
Many students forget the second one.
When $c$ is zero we can factor out $x$, which leaves something linear.
The difficult case is the one in between.
We complete the square, and I will show you every step.
First, divide both sides by $a$.
Then move the constant term to the right.
Now add $\\frac{b^2}{4a^2}$ to both sides.
The left side has become a perfect square, as you can check.
What stands under the root is called the discriminant, and we write $D = b^2 - 4ac$.
If $D > 0$ there are two real solutions.
If it is negative, there is none among the real numbers.
Al-Khwarizmi described this around the year 820, entirely in words.
He drew actual squares, and completed them with scissors and paper, so to speak.
Negative numbers made no sense to him at all.
Symbols such as $x$ came 800 years later, with Descartes.
Let us try it with $2x^2 - 4x - 6 = 0$.
You should find $x = 3$ or $x = -1$.
Always put your answers back into the equation that you started with.""",
    "nutrition": """\
Welcome back, everybody.
Last week we talked about sugar; this week it is the turn of fat.
Fat has a bad name, but nobody can live without it.
One gram of it holds 9 kcal, more than twice as much as a gram of starch.
Our grandparents would have called that an advantage.
Chemically, a fat is three fatty acids on a molecule of glycerol.
What matters is whether the chains are saturated.
Saturated chains are straight and pack closely, so butter is solid at 20 °C.
Unsaturated ones are bent.
Olive oil, for instance, is about 73% oleic acid.
Dr. Ancel Keys compared seven countries in the 1950s.
His study was much criticised, and partly for good reasons.
Does a diet cause the disease, or do sick people eat differently?
Only a trial that assigns diets by chance can tell.
One of them, with 7,447 people in Spain, had to be published twice.
The second time, the authors were more careful with their words.
Omega-3 acids come from fish, walnuts and flax seed.
The body cannot make them, and therefore we call them essential.
How much is enough?
Most authorities say between 250 and 500 mg a day.
Read the label, and read the small print as well.
That will be all for today; thank you for listening.""",
}

REPORTING = {
    "telescopes": """\
Good morning, and welcome to the fourth lecture on instruments.
A telescope does two things: it gathers light, and it separates what lies close together.
Magnification is the least important of its qualities.
Any eyepiece can magnify a blur.
The area of the mirror decides how faint a star you can see.
A mirror of 8 m collects sixteen times as much light as one of 2 m.
How fine the details are depends on the diameter $D$ and on the wavelength.
The smallest angle is roughly $1.22 \\lambda / D$.
For green light and a mirror of ten centimetres that is 1.4 arcseconds.
In practice the air above us spoils it long before.
Stars twinkle because warm and cold air mix.
Astronomers therefore climb mountains, or leave the atmosphere altogether.
The Hubble telescope was launched in April 1990.
Its mirror had been ground very precisely to the wrong shape.
The error was 2.2 micrometres at the edge.
Three years later, astronauts fitted it with what you might call spectacles.
On the ground there is another remedy.
A laser makes an artificial star some 90 km above the site.
A computer watches it dance, and bends a thin mirror against the motion.
This happens about a thousand times per second.
Radio waves are much longer, so radio dishes must be enormous.
Or one connects many small ones by cable.
The picture of the black hole in M87 was made with eight observatories, on four continents.
Together they acted like one dish as wide as the Earth.
Their data filled half a ton of hard disks.""",
    "grammar": """\
Let me begin with a question.
What exactly is a word?
Everybody believes that they know, until they try to write it down.
In English we put spaces between words, yet "ice cream" has one inside.
Turkish can say in one word what takes us a whole sentence.
Linguists prefer to speak of morphemes.
A morpheme is the smallest piece of language that means something.
The word "unhappiness" has three of them.
The first, "un", turns the meaning around.
The last makes a noun out of an adjective.
Some morphemes can stand alone; others cannot.
Now look at the plural.
We write the same letter in cats, dogs and horses.
But listen: the ending is spoken in three different ways.
After a voiceless sound we hear an S.
After a voiced one it becomes a Z.
And after a hiss there has to be a vowel in between.
No child is ever taught this rule.
Jean Berko Gleason showed in 1958 that children of four know it anyway.
She drew a strange little animal and called it a wug.
Then she showed two of them, and asked what they were.
Almost 90% of the children answered as you would.
They could not have heard that word before.
So they were not repeating; they were applying something.
What that something is will occupy us until Christmas.""",
    "networks": """\
When you open a page, your computer first asks for an address.
Names such as example.org are made for people.
Machines use numbers, and the system that translates between them is called DNS.
The answer usually arrives within 20 to 50 milliseconds.
Next, the browser opens a connection to port 443.
Both sides have to agree on a key that nobody else can know.
They do this in public, which sounds impossible.
In 1976, Diffie and Hellman found out how.
Imagine that each of us mixes a secret colour into a common one.
Mixing is easy, but separating is hard.
In mathematics, the mixing is $g^a$ modulo a large prime $p$.
Data travels in packets of at most 1,500 bytes.
A packet may be lost, delayed, or even delivered twice.
TCP numbers the bytes, and asks again for what is missing.
That is reliable; it is not always fast.
For a video call, a late word is worse than a lost one.
There, we use UDP and hope for the best.
Every router on the way looks at the address and passes the packet on.
None of them knows the whole path.
If a cable is cut, the others learn of it within seconds.
You can watch this yourself with a program called traceroute.
Try it with a server in Australia, and count the hops.
Light in glass needs about 5 μs for every kilometre.
No cleverness in the world will make that any shorter.""",
    "economics": """\
Prices tell us what is scarce.
When a frost ruins the coffee harvest in Brazil, nobody has to send a letter.
The price rises from $1.20 to $3.40 a pound, and people drink less.
Adam Smith wrote about this in 1776.
He called it an invisible hand, although he used the phrase only three times.
Let us draw the two curves.
Demand falls from left to right, and supply rises.
They cross where buyers want exactly as much as sellers offer.
Suppose that demand is $q = 100 - 2p$ and supply is $q = 3p$.
Then the price settles at 20, and 60 units are sold.
Of course no market looks like this.
Some sellers are so large that they set the price themselves.
Some goods cost others more than their buyers pay.
Smoke from a chimney is the standard example.
A tax of 15% on the harm would make the owner think twice.
Arthur Pigou proposed it in 1920, and it is still argued about.
Others prefer to hand out permits and let firms trade them.
Under certain conditions, both come to the same thing.
The conditions are what you should remember.
What happens if nobody knows how large the damage is?
Then a wrong tax and a wrong number of permits fail in different ways.
Martin Weitzman made this precise in 1974.
His paper is only 15 pages long, and I recommend it warmly.""",
}

ASIDES = (
    "Oh, and before I forget, the library will be closed on Monday morning.",
    "Could somebody please open a window at the back?",
    "My neighbour told me the other day that his dog understands all of this.",
    "By the way, the slides are on the course page, under week seven.",
    "Sorry, my telephone is ringing, I will just switch it off.",
    "I once missed a train because I was thinking about exactly this problem.",
    "There is a lovely film about it, but I cannot remember its name.",
    "We are a little late, so I shall speak somewhat faster from here.",
)
"""Sentences that are said but are in no script."""
