"""The three-letter language codes that MP4 stores (ISO 639-2/T; ISO 14496-12, 8.4.2)."""

from __future__ import annotations

_PAIRS = """
af:afr am:amh ar:ara az:aze be:bel bg:bul bn:ben bs:bos ca:cat cs:ces cy:cym da:dan de:deu el:ell
en:eng eo:epo es:spa et:est eu:eus fa:fas fi:fin fr:fra ga:gle gl:glg gu:guj he:heb hi:hin hr:hrv
hu:hun hy:hye id:ind is:isl it:ita ja:jpn ka:kat kk:kaz km:khm kn:kan ko:kor la:lat lo:lao lt:lit
lv:lav mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya nb:nob ne:nep nl:nld nn:nno no:nor pa:pan
pl:pol pt:por ro:ron ru:rus si:sin sk:slk sl:slv sq:sqi sr:srp sv:swe sw:swa ta:tam te:tel th:tha
tl:tgl tr:tur uk:ukr ur:urd uz:uzb vi:vie zh:zho zu:zul
"""
_CODES = dict(pair.split(":") for pair in _PAIRS.split())


def iso639_2(tag: str) -> str:
    """The code for a BCP 47 tag: `en-US` → `eng`; `und` where none is known."""
    first = tag.split("-")[0].lower()
    if len(first) == 3 and first.isascii() and first.isalpha():
        return first
    return _CODES.get(first, "und")
