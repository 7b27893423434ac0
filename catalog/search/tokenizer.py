"""What the words of a text are: one rule for what is indexed and for what is typed, so that both databases agree.

A token is letters and digits, folded. A mark before it says where a record has it: ``=`` a whole name without its
spaces, ``@`` a production code, ``#`` an episode's code or number, ``~`` text beside the names; a word of a name has
none.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from catalog.models.series import episode_code
from catalog.text import fold

MAX_QUERY_LENGTH = 200  # characters of a text that is typed
MAX_TOKEN_LENGTH = 100
MAX_QUERY_WORDS = 8  # of a text that is typed
MAX_TEXT_TOKENS = 1_000  # of a record's prose
NAME_MARK, PRODUCTION_CODE_MARK, EPISODE_NUMBER_MARK, TEXT_MARK = MARKS = "=@#~"
ARTICLES = ("the", "a", "an")
_JOINERS = "'’‘ʼ`´′.·-‐‑‒–"  # signs inside a word: O'Brien is found as obrien and as brien
# Scripts that put no spaces between words: each part of a name may be typed.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+"
)
_CODES = [
    re.compile(r"\bs\s?(\d{1,4})\s?[.:_-]?\s?e\s?(\d{1,5})\b", re.ASCII | re.IGNORECASE),
    re.compile(r"\b(\d{1,2})x(\d{1,4})\b", re.ASCII | re.IGNORECASE),
    re.compile(r"\bseason\s?(\d{1,4})[\s,]{1,3}episode\s?(\d{1,5})\b", re.ASCII | re.IGNORECASE),
]
_NUMBERED = re.compile(r"\b(?:episode|ep\.?)\s?(\d{1,5})\b", re.ASCII | re.IGNORECASE)
_LAST_NUMBER = re.compile(r"(?<=\s)#?(\d{1,5})\s*$", re.ASCII)


def clean_query(text):
    """What is searched for: single spaces, no NUL, at most LONGEST characters."""
    return " ".join(text[: 50 * MAX_QUERY_LENGTH].replace("\x00", " ").split())[:MAX_QUERY_LENGTH].strip()


@lru_cache(maxsize=50_000)
def fold_word(word):
    """A word in small Latin letters and digits; as it is written where it cannot be put so."""
    if word.isascii() and word.isalnum():
        return word.lower()[:MAX_TOKEN_LENGTH]
    folded = "".join(char for char in fold(word) if char.isalnum() and char.isascii())
    if not folded:
        folded = "".join(char for char in word.casefold() if char.isalnum())
    return folded[:MAX_TOKEN_LENGTH]


def normalize(text):
    """One form for what looks alike: composed, full-width made narrow, ligatures opened, marks of direction gone."""
    if text.isascii():
        return text.replace("&", " and ")
    text = unicodedata.normalize("NFKC", text)
    return "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cn", "Co")).replace("&", " and ")


def is_joiner(char):
    """Whether a sign joins the parts of a word."""
    return char in _JOINERS


def is_word_character(char):
    """Whether a word goes on with this character."""
    return char.isalnum() or char in _JOINERS or unicodedata.category(char)[0] == "M"


def split_words(text):
    """The words of a normal text, each with the signs that join it."""
    if not text.isascii() or not text.replace(" ", "").isalnum():
        text = "".join(char if is_word_character(char) else " " for char in text)
    return [word for word in (word.strip(_JOINERS) for word in text.split()) if word]


@lru_cache(maxsize=50_000)
def split_word(word):
    """A word as tokens: those of what its signs join and, of a script without spaces, each character and each two."""
    if word.isascii() and word.isalnum():
        return (fold_word(word),)
    found = []
    for piece in re.split(f"[{re.escape(_JOINERS)}]+", word):
        place = 0
        for run in _UNSPACED.finditer(piece):
            found += [fold_word(piece[place : run.start()]), run.group()]
            place = run.end()
        found.append(fold_word(piece[place:]))
    return tuple(part for part in found if part)


def is_unspaced(part):
    """Whether it is of a script that puts no spaces between words."""
    return bool(_UNSPACED.match(part))


def bigrams(run):
    """Each two characters that stand together; the character, when there is one."""
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def tokenize(text):
    """All tokens by which the words of a text are found."""
    found = {}
    for word in split_words(normalize(text)):
        pieces = split_word(word)
        for piece in pieces:
            if is_unspaced(piece):
                read = [fold_word(char) for char in piece]  # 章子怡 is also zhang, zi, yi, zhangzi, ziyi
                found |= dict.fromkeys(
                    [*piece, *bigrams(piece), *read, *map("".join, zip(read, read[1:], strict=False))]
                )
            else:
                found[piece] = None
        if len(pieces) > 1 or is_unspaced(word):
            found[fold_word(word)] = None
    found.pop("", None)
    return found


def name_key(text):
    """A whole name as it is compared: its letters and digits without spaces, signs and a leading article."""
    words = split_words(normalize(text))
    if len(words) > 1 and words[0].casefold() in ARTICLES and f"{words[0]}," not in text:  # not of "A, Ann"
        words = words[1:]
    if any(map(_UNSPACED.search, words)):
        return "".join("".join(split_word(word)) for word in words)[:MAX_TOKEN_LENGTH]
    return "".join(map(fold_word, words))[:MAX_TOKEN_LENGTH] or _signs(text)


def _signs(text):
    """A name of signs only, spelt by their numbers: no database takes them for words."""
    return "".join(f"u{ord(char):x}" for char in "".join(text.split())[:12])


def name_keys(name):
    """The forms in which a whole name may be typed: as it is written, and in Latin letters."""
    written = name_key(name)
    found = {written: None} if written else {}
    if _UNSPACED.search(written):
        found[fold_word(written)] = None
    return found


def token_mark(token):
    """The mark of a token."""
    return token[0] if token[0] in MARKS else ""


def name_tokens(names):
    """The tokens of a record's names."""
    found = {}
    for name in filter(None, names):
        found |= dict.fromkeys(NAME_MARK + whole for whole in name_keys(name))
        found |= tokenize(name)
    return found


def text_tokens(texts):
    """The tokens of what is written beside the names."""
    found = dict.fromkeys(TEXT_MARK + token for text in filter(None, texts) for token in tokenize(text))
    return dict.fromkeys(list(found)[:MAX_TEXT_TOKENS])


@dataclass(frozen=True)
class ParsedQuery:
    """A text that somebody typed: its key, its words, and what it says of an episode when it is read as a code.

    ``soundtrack 1x03`` has the code ``s01e03``, ``soundtrack 3`` the number 3; ``beside`` are the words besides.
    """

    text: str
    key: str
    words: tuple
    code: str = ""
    number: int | None = None
    beside: tuple = ()
    has_signs: bool = False  # signs that no name is written with: a%n is not looked for inside other words

    def __bool__(self):
        return bool(self.key)


def parse_query(text):
    """Read what was typed; words after MOST_WORDS are not looked at."""
    text = clean_query(text)
    whole, code, number, rest = normalize(text), "", None, None
    for pattern in _CODES:
        if found := pattern.search(whole):
            code, rest = episode_code(int(found[1]), int(found[2])), f"{whole[: found.start()]} {whole[found.end() :]}"
            break
    else:
        if found := _NUMBERED.search(whole) or _LAST_NUMBER.search(whole):
            number, rest = int(found[1]), f"{whole[: found.start()]} {whole[found.end() :]}"
    return ParsedQuery(
        text=text,
        key=name_key(text) if text else "",
        words=_first(whole),
        code=code,
        number=number,
        beside=_first(rest or ""),
        has_signs=any(not is_word_character(char) and char != " " for char in whole),
    )


def _first(text):
    return tuple(dict.fromkeys(filter(split_word, split_words(text))))[:MAX_QUERY_WORDS]  # an accent alone is no word
