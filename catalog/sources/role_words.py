"""Words of structured sources for roles: slugs where they are plain, and which roles are of a whole series."""

ROLE_SLUGS = {
    "actor": "cast",
    "co-executive producer": "co-executive-producer",
    "composer": "composer",
    "created by": "creator",
    "creator": "creator",
    "developer": "developer",
    "director": "director",
    "director of photography": "cinematographer",
    "editor": "editor",
    "executive producer": "executive-producer",
    "guest star": "guest",
    "gueststar": "guest",
    "guest starring": "guest",
    "host": "presenter",
    "music": "composer",
    "original music composer": "composer",
    "producer": "producer",
    "production design": "production-designer",
    "production designer": "production-designer",
    "screenplay": "screenplay",
    "showrunner": "showrunner",
    "story": "story",
    "teleplay": "teleplay",
    "writer": "writer",
}
# Credits that hold for every episode when they are stated for a series.
ROLES_OF_ALL_EPISODES = {
    *("creator", "developer", "based-on", "executive-producer", "showrunner", "production-designer", "theme-music"),
}


def role_of(word: str) -> str:
    """The slug for a plain word such as “Director of Photography”; other words as they are stated."""
    return ROLE_SLUGS.get(word.casefold(), word)


def is_for_some_episodes(role: str) -> bool:
    """True if a credit in ``role`` on a series, without its episodes, holds for none of them in particular."""
    return role not in ROLES_OF_ALL_EPISODES
