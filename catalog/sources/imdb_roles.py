"""Categories and jobs of IMDb's principals as roles of the vocabulary."""

import re

CATEGORIES = {
    "actor": "cast",
    "actress": "cast",
    "self": "cast",
    "archive_footage": "cast",
    "archive_sound": "cast",
    "casting_director": "casting-director",
    "cinematographer": "cinematographer",
    "composer": "composer",
    "director": "director",
    "editor": "editor",
    "producer": "producer",
    "production_designer": "production-designer",
    "writer": "writer",
}
CATEGORY_NOTES = {"self": "as themselves", "archive_footage": "archive footage", "archive_sound": "archive sound"}
# Jobs that say the role more exactly than the category.
JOBS = {
    "co-executive producer": "co-executive-producer",
    "consulting producer": "consulting-producer",
    "co-producer": "co-producer",
    "associate producer": "associate-producer",
    "created by": "creator",
    "creator": "creator",
    "developed by": "developer",
    "originally developed for television by": "developer",
    "executive producer": "executive-producer",
    "executive story editor": "executive-story-editor",
    "head writer": "head-writer",
    "line producer": "line-producer",
    "screenplay": "screenplay",
    "screenplay by": "screenplay",
    "script editor": "script-editor",
    "staff writer": "staff-writer",
    "story": "story",
    "story by": "story",
    "story editor": "story-editor",
    "supervising producer": "supervising-producer",
    "teleplay": "teleplay",
    "teleplay by": "teleplay",
}
# They say no more than the category.
PLAIN_JOBS = {"writer", "written by", "by", "producer", "director of photography", "film editor", "director", "editor"}
ORIGINAL_WORK = re.compile(
    r"(?:based on|characters?\b|suggested by|inspired by|(?:short )?stor(?:y|ies) \W|"
    r"(?:novel|book|play|comic|manga|short story)s?\b)",
    re.IGNORECASE,
)
SERIES_ROLES = {"creator", "developer"}  # IMDb repeats them on every episode


def role_and_note(category: str, job: str) -> tuple[str, str]:
    """The role of a credit and a note: the category says the role, and the job may say it more exactly.

    A job that is no role stands in the note. An unknown category is returned as stated.
    """
    role, job = CATEGORIES.get(category, category.replace("_", " ")), " ".join(job.split())
    note = CATEGORY_NOTES.get(category, "")
    plain_job = job.casefold()
    if not job or plain_job in PLAIN_JOBS or plain_job == category.replace("_", " "):
        return role, note
    if plain_job in JOBS and category in ("writer", "producer"):
        return JOBS[plain_job], note
    if category == "writer" and ORIGINAL_WORK.match(job):
        role = "based-on"
    return role, ", ".join(filter(None, (note, job)))
