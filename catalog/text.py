"""How texts are compared: whatever the script, case and accents they are written in."""

from anyascii import anyascii


def fold(text):
    """A text as it is searched: in small letters of the Latin alphabet, without accents."""
    return anyascii(text).casefold()
