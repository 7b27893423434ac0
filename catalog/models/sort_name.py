"""Guess the sort name of a person from the name: ``West, Ti``; ``Downey Jr., Robert``; ``van Damme, Jean-Claude``."""

import re

from catalog.text import NAME_SUFFIXES

REMARK = re.compile(r"(.+?)\s*(\([^()]*\))")  # tells namesakes apart: John Roe (II)
TITLES = {"prof", "professor", "dr", "sir", "dame", "mr", "mrs", "ms", "rev", "hon"}
# What follows a name behind a comma, without dots: academic degrees, honours, societies of film crafts.
DEGREES = {"phd", "dphil", "md", "dds", "jd", "ba", "ma", "mba", "esq", "obe", "cbe", "mbe", "kbe", "dbe", "qc", "kc"}
DEGREES |= {"asc", "bsc", "csc", "acs", "ace", "cas", "mpse", "csa", "dga", "pga"}
# They begin a family name. Some are also given names or initials if they have a capital: Weird Al Yankovic.
PARTICLES = {"van", "von", "vom", "der", "den", "de", "del", "della", "dei", "des", "di", "da", "dos", "du", "la", "le"}
PARTICLES |= {"st", "st."}
LOWER_CASE_PARTICLES = {"al", "el", "bin", "ibn", "ben", "af", "av", "ter", "ten", "te", "zu", "zur", "lo", "do", "das"}
EAST_ASIAN_LETTER = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
ROMANIZED_GIVEN_NAME = re.compile(r"(?!Al-|El-|Ben-|Abu-)[A-Z][^\W\d_]+-[a-z]+")  # Joon-ho, Kar-wai
# fmt: off
CHINESE_FAMILY_NAMES = {
    "Cai", "Cao", "Chen", "Cheung", "Chow", "Deng", "Fang", "Feng", "Guo", "Hou", "Hsu", "Huang", "Jia",
    "Jiang", "Liang", "Liu", "Luo", "Peng", "Tang", "Tsai", "Wang", "Xie", "Xu", "Yang", "Zhang", "Zhao",
    "Zhou", "Zhu",
}
HUNGARIAN_GIVEN_NAMES = {
    "Ágnes", "András", "Árpád", "Béla", "Dezső", "Endre", "Erzsébet", "Éva", "Ferenc", "Gábor", "Géza",
    "György", "Gyula", "Ildikó", "Imre", "István", "János", "Jenő", "József", "Judit", "Kálmán", "Károly",
    "Katalin", "Lajos", "László", "Márta", "Mihály", "Miklós", "Mór", "Pál", "Péter", "Sándor", "Tamás",
    "Tibor", "Zoltán", "Zsófia", "Zsolt", "Zsuzsa",
}
# fmt: on


def sort_name_of(name: str) -> str:
    """A guess of the name for an index, family name first.

    Titles and degrees are left out. A name that has its family name first already stays: in Chinese, Japanese and
    Korean script, and where a romanized or Hungarian given name comes second.
    """
    remark = REMARK.fullmatch(name)
    base, *after_comma = (remark[1] if remark else name).split(",")
    words, suffixes = base.split(), []
    for part in map(str.strip, after_comma):
        if part.lower() in NAME_SUFFIXES:
            suffixes.append(part)
        elif part.lower().replace(".", "") not in DEGREES:
            return name
    if len(words) > 2 and words[-1].lower() in NAME_SUFFIXES:
        suffixes.insert(0, words.pop())
    while len(words) > 2 and words[0].lower().rstrip(".") in TITLES:
        del words[0]
    remarks = [remark[2]] if remark else []
    if _is_in_sort_order(words):
        return " ".join([*words, *suffixes, *remarks])
    start = _family_name_start(words)
    return f"{' '.join(words[start:] + suffixes)}, {' '.join(words[:start] + remarks)}"


def _is_in_sort_order(words: list[str]) -> bool:
    """True if the family name comes first, or there is none: one word, or single letters."""
    if len(words) < 2 or all(len(word.rstrip(".")) == 1 for word in words) or EAST_ASIAN_LETTER.search("".join(words)):
        return True
    if len(words) > 2:
        return False
    first, second = words
    return (
        bool("-" not in first and ROMANIZED_GIVEN_NAME.fullmatch(second))
        or (first in CHINESE_FAMILY_NAMES and second not in CHINESE_FAMILY_NAMES)
        or (second in HUNGARIAN_GIVEN_NAMES and first not in HUNGARIAN_GIVEN_NAMES)
    )


def _family_name_start(words: list[str]) -> int:
    """The index of the first word of the family name: the last word, or the particles before it."""
    start = len(words) - 1
    while start > 1 and (words[start - 1].lower() in PARTICLES or words[start - 1] in LOWER_CASE_PARTICLES):
        start -= 1
    return start
