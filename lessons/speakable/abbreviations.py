"""Abbreviations in English prose, and how they are said."""

from __future__ import annotations

ABBREVIATIONS: dict[str, str] = {
    "e.g.": "for example",
    "eg.": "for example",
    "i.e.": "that is",
    "ie.": "that is",
    "etc.": "et cetera",
    "cf.": "compare",
    "vs.": "versus",
    "vs": "versus",
    "viz.": "namely",
    "approx.": "approximately",
    "ca.": "circa",
    "c.f.": "compare",
    "et": "et",
    "al.": "al",
    "ibid.": "ibid",
    "incl.": "including",
    "excl.": "excluding",
    "max.": "maximum",
    "min.": "minimum",
    "avg.": "average",
    "resp.": "respectively",
    "w.r.t.": "with respect to",
    "wrt": "with respect to",
    "s.t.": "such that",
    "i.i.d.": "I I D",
    "q.e.d.": "Q E D",
    "a.k.a.": "also known as",
    "aka": "also known as",
    "w/o": "without",
    "w/": "with",
    "b/c": "because",
    "n.b.": "note well",
    "p.s.": "P S",
    "est.": "established",
    "dept.": "department",
    "univ.": "university",
    "govt.": "government",
    "inc.": "incorporated",
    "ltd.": "limited",
    "corp.": "corporation",
    "co.": "company",
    "bros.": "brothers",
    "jr.": "junior",
    "sr.": "senior",
    "ph.d.": "P H D",
    "phd": "P H D",
    "m.sc.": "M S C",
    "b.sc.": "B S C",
    "msc": "M S C",
    "bsc": "B S C",
    "a.m.": "A M",
    "p.m.": "P M",
    "tbd": "to be determined",
    "iff": "if and only if",
    "ave.": "avenue",
    "blvd.": "boulevard",
    "rd.": "road",
    "cit.": "cit",
    "op.cit.": "op cit",
    "mr": "mister",
    "mrs": "missus",
}
"""How abbreviations are said, by their form in lower case, with the full stop."""

TITLES: dict[str, str] = {
    "dr.": "doctor",
    "dr": "doctor",
    "mr.": "mister",
    "mrs.": "missus",
    "ms.": "miz",
    "prof.": "professor",
    "st.": "saint",
    "mt.": "mount",
    "gen.": "general",
    "gov.": "governor",
    "sen.": "senator",
    "rep.": "representative",
    "capt.": "captain",
    "lt.": "lieutenant",
    "col.": "colonel",
    "sgt.": "sergeant",
    "rev.": "reverend",
    "hon.": "honorable",
    "pres.": "president",
}
"""How abbreviations are said before a name."""

REFERENCES: dict[str, str] = {
    "fig.": "figure",
    "figs.": "figures",
    "eq.": "equation",
    "eqs.": "equations",
    "eqn.": "equation",
    "no.": "number",
    "nos.": "numbers",
    "p.": "page",
    "pp.": "pages",
    "vol.": "volume",
    "vols.": "volumes",
    "ch.": "chapter",
    "chap.": "chapter",
    "sec.": "section",
    "sect.": "section",
    "tab.": "table",
    "ex.": "example",
    "thm.": "theorem",
    "def.": "definition",
    "ref.": "reference",
    "refs.": "references",
    "app.": "appendix",
    "art.": "article",
    "ver.": "version",
    "l.": "line",
    "op.": "opus",
    "rm.": "room",
    "par.": "paragraph",
    "prop.": "proposition",
    "lem.": "lemma",
    "cor.": "corollary",
}
"""How abbreviations are said before a number."""

STREETS: dict[str, str] = {
    "st.": "street",
    "dr.": "drive",
    "ave.": "avenue",
    "blvd.": "boulevard",
    "rd.": "road",
    "ln.": "lane",
    "sq.": "square",
}
"""How abbreviations are said after a name."""

MONTHS: dict[str, str] = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "sept": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}

WEEKDAYS: dict[str, str] = {
    "mon.": "Monday",
    "tue.": "Tuesday",
    "tues.": "Tuesday",
    "wed.": "Wednesday",
    "thu.": "Thursday",
    "thur.": "Thursday",
    "thurs.": "Thursday",
    "fri.": "Friday",
    "sat.": "Saturday",
    "sun.": "Sunday",
}

# For the sentence splitter, in lower case with the full stop.
NEVER_LAST = frozenset(
    {
        "e.g.",
        "i.e.",
        "eg.",
        "ie.",
        "cf.",
        "vs.",
        "viz.",
        "approx.",
        "ca.",
        "incl.",
        "w.r.t.",
        "fig.",
    }
    | {"figs.", "eq.", "eqs.", "eqn.", "pp.", "vol.", "chap.", "thm.", "resp.", "s.t.", "n.b."}
    | {title for title in TITLES if title.endswith(".") and title != "st."}
)
BEFORE_NUMBER = (
    frozenset(REFERENCES)
    | {f"{month}." for month in MONTHS if month not in ("may", "mar", "jan")}
    | {"jan.", "mar."}
)
OFTEN_LAST = frozenset({"etc.", "al.", "inc.", "ltd.", "corp.", "co.", "jr.", "sr.", "ph.d."})
