"""Split texts into search tokens: the same rules for what is indexed and for what a visitor types.

Tokenizing here, and not in the database, makes SQLite and PostgreSQL give the same results. A token is a run of folded
letters and digits. Its first character says where the record has it: ``=`` a whole name without spaces, ``@`` a
production code, ``#`` an episode code or number, ``~`` text other than names. A word of a name has no mark.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from catalog.models.series import episode_code
from catalog.text import fold

MAX_QUERY_LENGTH = 200  # characters
MAX_TOKEN_LENGTH = 100
MAX_QUERY_WORDS = 8
MAX_TEXT_TOKENS = 1_000  # per record
NAME_MARK, PRODUCTION_CODE_MARK, EPISODE_NUMBER_MARK, TEXT_MARK = MARKS = "=@#~"
ARTICLES = ("the", "a", "an")
_JOINERS = "'’‘ʼ`´′.·-‐‑‒–"  # punctuation inside a word: O'Brien matches obrien and brien
# Scripts without spaces between words: any part of a name may be typed.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+"
)
_EPISODE_CODES = [
    re.compile(r"\bs\s?(\d{1,4})\s?[.:_-]?\s?e\s?(\d{1,5})\b", re.ASCII | re.IGNORECASE),
    re.compile(r"\b(\d{1,2})x(\d{1,4})\b", re.ASCII | re.IGNORECASE),
    re.compile(r"\bseason\s?(\d{1,4})[\s,]{1,3}episode\s?(\d{1,5})\b", re.ASCII | re.IGNORECASE),
]
_EPISODE_NUMBER = re.compile(r"\b(?:episode|ep\.?)\s?(\d{1,5})\b", re.ASCII | re.IGNORECASE)
_LAST_NUMBER = re.compile(r"(?<=\s)#?(\d{1,5})\s*$", re.ASCII)


def clean_query(text: str) -> str:
    """Normalize whitespace, remove NUL and cut the text to MAX_QUERY_LENGTH characters."""
    return " ".join(text[: 50 * MAX_QUERY_LENGTH].replace("\x00", " ").split())[:MAX_QUERY_LENGTH].strip()


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """Fold a word to lower-case ASCII letters and digits; to case-folded letters where no ASCII form exists."""
    if word.isascii() and word.isalnum():
        return word.lower()[:MAX_TOKEN_LENGTH]
    folded = "".join(char for char in fold(word) if char.isalnum() and char.isascii())
    if not folded:
        folded = "".join(char for char in word.casefold() if char.isalnum())
    return folded[:MAX_TOKEN_LENGTH]


def normalize(text: str) -> str:
    """Apply Unicode NFKC, remove invisible characters and write "&" as "and"."""
    if text.isascii():
        return text.replace("&", " and ")
    text = unicodedata.normalize("NFKC", text)
    return "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cn", "Co")).replace("&", " and ")


def is_joiner(char: str) -> bool:
    """Whether the character is punctuation that joins parts of one word."""
    return char in _JOINERS


def is_word_character(char: str) -> bool:
    """Whether the character can be part of a word."""
    return char.isalnum() or char in _JOINERS or unicodedata.category(char)[0] == "M"


def split_words(text: str) -> list[str]:
    """Split a normalized text into words; joining punctuation stays inside them."""
    if not text.isascii() or not text.replace(" ", "").isalnum():
        text = "".join(char if is_word_character(char) else " " for char in text)
    return [word for word in (word.strip(_JOINERS) for word in text.split()) if word]


@lru_cache(maxsize=50_000)
def split_word(word: str) -> tuple[str, ...]:
    """Split a word at joining punctuation and at changes between spaced and unspaced scripts, and fold the parts."""
    if word.isascii() and word.isalnum():
        return (fold_word(word),)
    parts = []
    for piece in re.split(f"[{re.escape(_JOINERS)}]+", word):
        end = 0
        for run in _UNSPACED.finditer(piece):
            parts += [fold_word(piece[end : run.start()]), run.group()]
            end = run.end()
        parts.append(fold_word(piece[end:]))
    return tuple(part for part in parts if part)


def is_unspaced(part: str) -> bool:
    """Whether the part is of a script without spaces between words."""
    return bool(_UNSPACED.match(part))


def bigrams(run: str) -> list[str]:
    """Return each two neighbouring characters; the character itself if there is only one."""
    return [run[start : start + 2] for start in range(len(run) - 1)] or [run]


def tokenize(text: str) -> dict[str, None]:
    """Return the tokens under which the words of a text are indexed, as an ordered set."""
    tokens: dict[str, None] = {}
    for word in split_words(normalize(text)):
        parts = split_word(word)
        for part in parts:
            if is_unspaced(part):
                latin = [fold_word(char) for char in part]  # 章子怡 also matches zhang, zi, yi, zhangzi, ziyi
                latin_pairs = map("".join, zip(latin, latin[1:], strict=False))
                tokens |= dict.fromkeys([*part, *bigrams(part), *latin, *latin_pairs])
            else:
                tokens[part] = None
        if len(parts) > 1 or is_unspaced(word):
            tokens[fold_word(word)] = None
    tokens.pop("", None)
    return tokens


def name_key(text: str) -> str:
    """Return the form in which whole names are compared: letters and digits only, without a leading article."""
    words = split_words(normalize(text))
    if len(words) > 1 and words[0].casefold() in ARTICLES and f"{words[0]}," not in text:  # but keep "A, Ann"
        words = words[1:]
    if any(map(_UNSPACED.search, words)):
        return "".join("".join(split_word(word)) for word in words)[:MAX_TOKEN_LENGTH]
    return "".join(map(fold_word, words))[:MAX_TOKEN_LENGTH] or _code_points(text)


def _code_points(text: str) -> str:
    """Spell a name without letters or digits by its code points: no database indexes punctuation."""
    return "".join(f"u{ord(char):x}" for char in "".join(text.split())[:12])


def name_keys(name: str) -> dict[str, None]:
    """Return the keys under which a whole name is indexed: as written and, for unspaced scripts, in Latin letters."""
    key = name_key(name)
    keys: dict[str, None] = {key: None} if key else {}
    if _UNSPACED.search(key):
        keys[fold_word(key)] = None
    return keys


def token_mark(token: str) -> str:
    """Return the mark of an indexed token, "" for a word of a name."""
    return token[0] if token[0] in MARKS else ""


def name_tokens(names: Iterable[str]) -> dict[str, None]:
    """Return the tokens of a record's names."""
    tokens: dict[str, None] = {}
    for name in filter(None, names):
        tokens |= dict.fromkeys(NAME_MARK + key for key in name_keys(name))
        tokens |= tokenize(name)
    return tokens


def text_tokens(texts: Iterable[str]) -> dict[str, None]:
    """Return the tokens of a record's other texts, at most MAX_TEXT_TOKENS."""
    tokens = dict.fromkeys(TEXT_MARK + token for text in filter(None, texts) for token in tokenize(text))
    return dict.fromkeys(list(tokens)[:MAX_TEXT_TOKENS])


@dataclass(frozen=True)
class ParsedQuery:
    """A query as the search reads it; false when it has nothing to search for.

    A query that can mean an episode has ``code`` (``soundtrack 1x03``: ``s01e03``) or ``number`` (``soundtrack 3``: 3),
    and ``series_words``, the words that are not part of it.
    """

    text: str
    key: str  # the text as a whole name
    words: tuple[str, ...]
    code: str = ""
    number: int | None = None
    series_words: tuple[str, ...] = ()
    has_symbols: bool = False  # characters that are part of no word: a%n does not match inside other words

    def __bool__(self) -> bool:
        return bool(self.key)

    @property
    def episode_number(self) -> str:
        """The code or number of an episode, "" if the query has neither."""
        return self.code or ("" if self.number is None else str(self.number))


def parse_query(text: str) -> ParsedQuery:
    """Parse what a visitor typed. Words after MAX_QUERY_WORDS are ignored."""
    text = clean_query(text)
    normalized, code, number, remainder = normalize(text), "", None, ""
    for pattern in _EPISODE_CODES:
        if match := pattern.search(normalized):
            code, remainder = episode_code(int(match[1]), int(match[2])), _without_match(normalized, match)
            break
    else:
        if match := _EPISODE_NUMBER.search(normalized) or _LAST_NUMBER.search(normalized):
            number, remainder = int(match[1]), _without_match(normalized, match)
    return ParsedQuery(
        text=text,
        key=name_key(text) if text else "",
        words=_query_words(normalized),
        code=code,
        number=number,
        series_words=_query_words(remainder),
        has_symbols=any(not is_word_character(char) and char != " " for char in normalized),
    )


def _without_match(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _query_words(text: str) -> tuple[str, ...]:
    words = filter(split_word, split_words(text))  # an accent alone is not a word
    return tuple(dict.fromkeys(words))[:MAX_QUERY_WORDS]
