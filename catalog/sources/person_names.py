"""Names as people write them in a list: commas and “and” between people, an ampersand inside a writing team."""

import html
import re

from catalog.models.person import SUFFIXES

MAX_NAMES = 300  # in one text
MAX_NAME_LENGTH = 160  # characters, as the catalogue has them
BETWEEN = re.compile(r"[,;\n]+\s*(?:and\s+)?|\s+and\s+|\s+/\s+", re.IGNORECASE)
TEAM = re.compile(r"\s*&\s*")
NOTE = re.compile(r"\[[^\]]{0,12}\]")  # a mark that leads to a footnote, copied along
BY = re.compile(r"\b(story|teleplay|screenplay|written|directed)\s+by\b\s*:?", re.IGNORECASE)
BY_ROLE = {"story": "story", "teleplay": "teleplay", "screenplay": "screenplay", "written": "writer"}
BY_ROLE |= {"directed": "director"}


def clean_text(text):
    """A cell or a line as it is read: no footnote marks, single spaces."""
    return " ".join(NOTE.sub("", html.unescape(text)).split())


def split_teams(text):
    """The names of a list, as a list of teams; most have one member. “Robert Downey, Jr.” is one name."""
    found = []
    for part in BETWEEN.split(text):
        members = [name for name in TEAM.split(part.strip()) if name]
        if found and len(members) == 1 and members[0].casefold() in SUFFIXES:
            found[-1][-1] += f" {members[0]}"
        elif members:
            found.append(members)
    return found


def split_by_role(text, slug):
    """[(slug of a role, names)]: of a text that says “Story by: …” itself, or all of it as ``slug``."""
    marks = list(BY.finditer(text))
    if not marks or text[: marks[0].start()].strip():
        return [(slug, text)]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        (BY_ROLE[mark[1].casefold()], text[mark.end() : end].strip(" ;,."))
        for mark, end in zip(marks, ends, strict=True)
    ]
