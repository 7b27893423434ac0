"""The claims of a series in short lines, for expectations written by hand."""


def credit_line(credit):
    """“director: A One as B (main, for some episodes)”."""
    claim = credit.claim if hasattr(credit, "claim") else credit
    details = [claim.kind, claim.note, "some" if claim.for_some_episodes else ""]
    details = ", ".join(filter(None, details))
    character = f" as {claim.character}" if claim.character else ""
    return f"{claim.role}: {claim.name}{character}{f' ({details})' if details else ''}"


def episode_line(episode):
    """“1x02 Title 2004-11-23 60”."""
    values = episode.claim.values
    number = "" if episode.claim.number is None else f"{episode.claim.number:02d}"
    parts = (f"{episode.season}x{number}", *(str(values.get(name, "")) for name in ("title", "air_date", "runtime")))
    return " ".join(filter(None, parts))


def names_in_role(episode, role):
    """The names of an episode's credits in a role."""
    return [claim.name for claim in episode.claim.credits if claim.role == role]
