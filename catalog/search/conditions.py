"""What to ask the index for: conditions on tokens, written for SQLite's FTS5 and for PostgreSQL's tsquery."""

from catalog.search.tokenizer import (
    EPISODE_NUMBER_MARK,
    NAME_MARK,
    PRODUCTION_CODE_MARK,
    TEXT_MARK,
    bigrams,
    fold_word,
    is_unspaced,
    split_word,
)

EXACT, BEGINS, WORDS, ELSEWHERE = range(4)  # how a record answers, best first
NAMES, ANYWHERE = ("",), ("", TEXT_MARK)  # where a word may stand
PREFIX_INDEX_LENGTH = 4  # letters for which SQLite's index keeps lists of what begins with them


class Dialect:
    """How a database writes a condition. Tokens hold letters, digits and marks only, so nothing need be escaped.

    ``known`` has the tokens that begin with a text, where they are few enough to be named.
    """

    def __init__(self, term, start, both, either, known=None):
        self.term, self._start, self._both, self._either, self.known = (
            term,
            start,
            both,
            either,
            known if known is not None else {},
        )

    def with_expansions(self, known):
        """The same with other ``known`` tokens."""
        return Dialect(self.term, self._start, self._both, self._either, known)

    def start(self, token):
        """Records with a token that begins with this one."""
        known = self.known.get(token)
        return self._start(token) if known is None else self.any_of(map(self.term, known or [token]))

    def all_of(self, conditions):
        """All of them."""
        return self._joined(self._both, conditions)

    def any_of(self, conditions):
        """Any of them."""
        return self._joined(self._either, conditions)

    @staticmethod
    def _joined(word, conditions):
        conditions = list(dict.fromkeys(filter(None, conditions)))
        return conditions[0] if len(conditions) == 1 else f"({word.join(conditions)})" if conditions else ""


def _begins_in_postgresql(token):
    return f"'^{token}'" if len(token) <= PREFIX_INDEX_LENGTH else f"'{token}':*"


DIALECTS = {
    "sqlite": Dialect('"{}"'.format, '"{}"*'.format, " AND ", " OR "),
    "postgresql": Dialect("'{}'".format, _begins_in_postgresql, " & ", " | "),
}


def with_prefix_tokens(tokens):
    """The tokens of a text and the first letters of each: what SQLite's index has of itself, PostgreSQL is given."""
    tokens = tokens.split()
    return [*tokens, *{f"^{token[:length]}" for token in tokens for length in range(1, PREFIX_INDEX_LENGTH + 1)}]


class PrefixRecorder(dict):
    """Stands for ``known`` while a condition is written once, to learn which tokens it lets go on."""

    def get(self, token, default=None):
        """None, and the token is noted. Short ones are not: of what begins with them the index keeps lists.

        Nor are production codes: each is another, so few begin alike.
        """
        if len(token) > PREFIX_INDEX_LENGTH and token[0] != PRODUCTION_CODE_MARK:
            self[token] = None
        return default


def open_prefixes(kind, typed):
    """The tokens that may go on in the conditions of a kind."""
    noted = PrefixRecorder()
    match_any(DIALECTS["sqlite"].with_expansions(noted), kind, typed)
    return list(noted)


def _token(dialect, token, marks, begins):
    write = dialect.start if begins else dialect.term
    return dialect.any_of(write(mark + token) for mark in marks)


def word(dialect, text, marks, begins=True):
    """Records that hold a word, or a word that begins with it: O'Brien as one token or as both of its parts."""
    pieces, found = split_word(text), []
    if len(pieces) > 1 and not any(map(is_unspaced, pieces)):
        found.append(_token(dialect, fold_word(text), marks, begins))
    each = []
    for piece in pieces:
        for token in bigrams(piece) if is_unspaced(piece) else (piece,):
            each.append(_token(dialect, token, marks, begins))
    return dialect.any_of([*found, dialect.all_of(each)])


def all_words(dialect, texts, marks, begins=True):
    """Records that hold all words."""
    return dialect.all_of(word(dialect, text, marks, begins) for text in texts)


def _named(dialect, kind, typed, begins):
    """Records whose whole name, or production code, is what was typed or begins with it.

    A sign between letters has to stand between words: a%n is not Ann.
    """
    write = dialect.start if begins else dialect.term
    marks = (NAME_MARK, PRODUCTION_CODE_MARK) if kind == "episode" else (NAME_MARK,)
    found = dialect.any_of(write(mark + typed.key) for mark in marks)
    if begins and typed.has_signs:
        return dialect.all_of([found, all_words(dialect, typed.words, NAMES)])
    return found


def _of_episode(dialect, kind, typed):
    """The episodes that a code or a number names, of the series that the words besides name."""
    if kind != "episode" or not typed.code and typed.number is None:
        return ""
    named = dialect.term(f"{EPISODE_NUMBER_MARK}{typed.code or typed.number}")
    return dialect.all_of([named, all_words(dialect, typed.beside, ANYWHERE)])


def ranked_conditions(dialect, kind, typed):
    """(how it answers, condition) for each way in which records of a kind may answer, best first."""
    begins, whole = _named(dialect, kind, typed, True), all_words(dialect, typed.words, NAMES, begins=False)
    found = [
        (EXACT, _named(dialect, kind, typed, False)),
        (BEGINS, whole and dialect.all_of([begins, whole])),
        (BEGINS, begins),
        (WORDS, whole),
        (WORDS, _of_episode(dialect, kind, typed)),
        (WORDS, all_words(dialect, typed.words, NAMES)),
        (ELSEWHERE, all_words(dialect, typed.words, ANYWHERE)),
    ]
    return [(tier, condition) for tier, condition in found if condition]


def match_any(dialect, kind, typed):
    """The condition that a record answers at all."""
    words = all_words(dialect, typed.words, ANYWHERE)
    return dialect.any_of([_named(dialect, kind, typed, True), words, _of_episode(dialect, kind, typed)])
