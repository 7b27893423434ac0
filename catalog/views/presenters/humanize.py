"""Numbers and names in prose."""

MAX_NAMES = 3  # names in a sentence


def join_names(names, most=MAX_NAMES):
    """Names in prose, the first few of them: ``A, B and C``, ``A, B, C and others``."""
    names = list(dict.fromkeys(names))
    shown = names[:most] + (["others"] if len(names) > most else [])
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def plural(number, one, many):
    """``1 episode``, ``12,480 episodes``."""
    return f"{number:,} {one if number == 1 else many}"
