"""Lessons with places for planted errors, one sentence on each line.

`[moon|sun]` may be replaced by another word, `[fifteen~fifty]` by one that sounds like it or by
another word of grammar; `[not-]` may be left out, and `[the+]` may be said twice. Constants were
chosen on the first of the two sets, and figures come from the second.
"""

from __future__ import annotations

CHOOSING = {
    "astronomy": """\
The [moon|garden] does [not-] shine by its own light; it [reflects+] the light of the [sun-].
It circles the Earth once in about [27~37] days, [at+] a [mean|purple] distance of 384,400 km.
Because its [rotation-] is locked, we [always|seldom] see the same [side~sight] of it.
Galileo [turned+] his telescope to Jupiter in 1610 [and~but] found four [small-] moons.
A [total|hollow] eclipse lasts [no-] more than seven [and+] a half minutes at any one [place~plate].
The tides follow [the-] moon, but they also depend [on~in] the shape of the [coast|ladder].
On Mars, gravity is only 38% [of-] what we [feel~fill] here, so a [jump+] takes you higher.
Venus is hotter than [Mercury|Denmark], although it is [farther-] from [the+] sun.
Astronomers [can~can't] measure these temperatures from [the-] infrared [radiation|sandwich] alone.
Remember that a light year is a [distance+], [not-] a [time~dime].""",
    "statistics": """\
The mean of a sample is [not-] always a [typical|yellow] value, as incomes [show+] very well.
Suppose nine people earn [$30,000~$13,000] a year, and one person [earns-] two [million|thousand].
Then the [median-] stays where it was, while [the+] mean [rises~rice] sharply.
A p value below 0.05 does [not-] prove that [the+] hypothesis is [true|round].
It only says that such [data-] would be [rare~real] if nothing were [going|singing] on.
Correlation between x and y tells us [nothing~something] about [which-] of them is the [cause+].
We write the [variance|kitchen] as σ², and [its+] square root [is-] the standard deviation.
About 95% of all values lie [within~without] two [standard-] deviations of [the+] mean.
With a larger [sample|candle], the [error-] becomes [smaller~small], but never quite zero.
Please [do-] the exercises [before~for] you [read+] the next chapter.""",
    "cooking": """\
Bread rises because yeast [turns+] sugar into [carbon-] dioxide and a little [alcohol|plastic].
Salt slows [the-] yeast down, so [never~ever] put the two [together|upstairs] too early.
Knead [the+] dough for at [least~last] ten minutes, until it [feels|looks] smooth and elastic.
The gluten [forms-] long strands that [hold~fold] the gas, [like+] the skin of a balloon.
Let it rest at 24 °C, [not-] in [direct|liquid] sunlight, and [cover+] it with a cloth.
After [an-] hour, it should have [doubled|melted] in [size~sides] and in volume.
Preheat the oven to 220 °C [and-] place a bowl of [water~waiter] on [the+] lowest shelf.
Steam keeps the crust [soft|green] at first, which [lets-] the loaf [expand~expend] fully.
The brown colour [comes+] from [the-] Maillard reaction, which [begins|sleeps] near 140 °C.
You [should~shouldn't] wait until it is cool, [because+] warm bread [is-] hard to slice.""",
    "programming": """\
A function is a [named|wooden] piece of code that takes [arguments-] and [returns+] a value.
In Python, [indentation-] is [part~port] of the grammar, [not-] a matter of taste.
The CPU [reads+] one instruction after [another|yesterday], while [the-] GPU works on thousands.
A list [can~can't] be changed [after+] it was made, but a tuple can [not-].
If the [loop-] never ends, [press|paint] Control and C to [stop~start] it.
Always [give+] a variable a [clear|bitter] name; a single [letter-] is rarely enough.
Sorting n [numbers|flowers] takes about n log n [steps-], which is [hard~hot] to beat.
An exception [tells~sells] the [caller+] that [something-] went wrong.
Do [not-] catch an error [that+] you [cannot~can] handle.
Write [a-] test first, then [the+] code, and run [both|soup] every day.""",
    "history": """\
In 1789 the king [called+] the Estates General for the [first|purple] time in 175 [years-].
The third estate paid nearly all [the-] taxes, but had [less~more] power than [the+] clergy.
Bread [prices+] had [doubled-] within a few [months|miles], and people in Paris were hungry.
On July [14th~40th], a crowd [stormed|painted] the Bastille and [freed-] seven prisoners.
The king did [not-] understand [what+] it [meant~men].
A year later, [feudal-] rights were [gone|warm], [and+] the nobles left for Vienna.
The new [constitution|mountain] gave the vote [to+] men who owned [property~poverty].
Women were [not-] included, [although+] they had marched [to~from] Versailles in October.
Olympe de Gouges [wrote~broke] a declaration [of-] their [rights|shoes] in 1791.
Napoleon [ended+] the republic [in-] 1799, after [ten~tent] years of war.""",
}

REPORTING = {
    "cells": """\
Every [living-] thing is made of cells, and every cell [comes+] from [another|yellow] cell.
The nucleus [holds+] the DNA, which is [about~above] two metres [long|sweet] in each of us.
Mitochondria [turn-] sugar [and~or] oxygen into [energy|paper] that the cell [can+] use.
A virus is [not-] a cell; it [needs+] a host to make [copies~coffees] of itself.
The membrane lets [small-] molecules pass, [but+] it keeps most [salts|horses] outside.
Red blood cells live for [about+] [120~112] days and have [no-] nucleus.
Plants also have a [wall|song] around [the-] membrane, which [makes~takes] them stiff.
When a cell [divides+], it [first|never] copies all 46 [chromosomes-].
Cancer begins when [that-] [control~patrol] fails and [the+] cell goes on dividing.
You [can~can't] see all this [with-] a simple [microscope|umbrella] at 400 times magnification.""",
    "electricity": """\
A current is [the-] flow of charge, and we [measure+] it in [amperes|tomatoes].
The voltage [pushes|follows] the charge, much [as-] pressure [pushes+] water through a pipe.
Ohm's law [says-] that the voltage is [equal|hostile] to the current times [the+] resistance.
A lamp of [60~16] watts on 230 volts draws [only-] a [quarter|forest] of an ampere.
If two resistors are in [series~serious], their [values-] simply [add+] up.
In parallel, the total is [smaller|older] than [either-] of the two, [not+] larger.
Never [touch+] a bare [wire~wine], even if the switch [is-] off.
Copper is a [good|German] conductor, but [glass-] and rubber [are~aren't] insulators.
A transformer does [not-] work with direct [current|butter], [because+] nothing changes.
The power [lost-] in [the+] cable grows with the square of the [current~courage].""",
    "economics": """\
When the price of coffee [rises|sleeps], people buy [less~last] of it and [turn+] to tea.
Demand [falls-] as the [price+] goes up, and [supply|music] goes the other way.
The two [curves+] meet at [the-] point where the market [clears~cleans].
Inflation of 3% [means+] that prices [double|vanish] in [about-] 24 years.
The central bank [can~can't] raise interest [rates|cats], which makes [loans-] more expensive.
Money that is [not-] spent [is+] [saved~safe], and banks lend it out again.
Adam Smith [described|married] the division [of-] labour in [1776~1767].
Ten workers made 48,000 pins [a-] day, [because+] each did one [task|dance] only.
A tariff [protects~predicts] some jobs, but it [costs-] everyone [else+] money.
Economists [do-] not [agree|swim] on how [much+] this matters.""",
    "glaciers": """\
A glacier [forms+] where more [snow-] falls in winter than [melts|sings] in summer.
The snow is [pressed-] [into~under] ice, which [flows+] downhill like thick honey.
Most glaciers [move|taste] less than [a-] metre a day, so you do [not-] see it.
The ice carries [stones+] that scratch [the-] rock and [leave~live] long grooves.
During the last [ice|tea] age, sea level [was-] about [120 m~150 m] lower than today.
People [could~couldn't] walk from Siberia [to+] Alaska on [dry-] land.
A fjord is a [valley|window] that the [ice+] carved and [the-] sea filled.
Greenland holds [enough+] ice to [raise~race] the oceans [by-] seven metres.
Since 1980, the glaciers of [the+] Alps have [lost|gained] half of [their-] volume.
They will [not-] come [back+] within our [lifetime|kitchen].""",
    "networks": """\
The internet [sends|paints] data in [small-] packets, and each [finds+] its own way.
Every packet carries [the-] IP address [of+] the sender and of the [receiver|butterfly].
A router [reads+] the address and [passes-] the packet [on~in] to the next router.
If a packet is [lost|green], TCP will [send~spend] it [again-].
UDP does [not-] wait, so [it+] is used for [video|gravel] and games.
Light in a [glass|paper] fibre travels at [200,000~220,000] km/s, [which-] is not the limit.
The domain [name-] system is a [kind~king] of telephone [book+] for computers.
HTTPS [hides|sells] what you read, but [not-] whom [you+] talk to.
A password [should~shouldn't] be long, and you [must+] never use [it-] twice.
Wi-Fi shares [one-] channel, [so+] it is slower [when~then] many people use it.""",
    "music": """\
A string that [vibrates-] 440 times a [second|carpet] gives [the+] note called A by orchestras.
Half the [length+] gives the octave, [which-] is [exactly|hardly] twice the frequency.
Pythagoras [found-] that simple [ratios|rabbits] [sound+] pleasant to the ear.
A fifth is 3/2, and [a-] fourth is 4/3, [but~by] a tritone [is+] neither.
The piano is [not-] tuned [to+] pure [fifths~fists].
Its twelve semitones are [equal-], [so+] every key is [slightly|quietly] wrong.
Bach [wrote+] 48 preludes and [fugues|spoons] to show [that-] it works.
A [flute|lamp] has few overtones, while [a+] trumpet has [many~any].
Play the scale [slowly-] at 60 [beats|boats] a minute, and do [not-] hurry.
You will [hear~hair] the difference [between+] [major-] and minor at once.""",
}
