"""What rows of a file would do, and whether that still is what an editor was shown."""

import hashlib
import json


def row_fingerprint(row):
    """What a row would do, in short, to see whether it still is the same."""
    said = json.dumps([row.import_type, row.object_id if row.import_type != "new" else None, row.changes])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def changed_rows(result):
    """The rows that do something or cannot, and how many do nothing."""
    shown = [row for row in result.rows if row.import_type != "skip"]
    return {"rows": shown, "same": len(result.rows) - len(shown)}


def stale_message(entry):
    """Who changed a record while its dry run was looked at, and when."""
    if entry is None:
        return "This is no longer as it was in the dry run."
    who = entry.edit.by if entry.edit and entry.edit.by else "Somebody"
    return f"{who} {entry.get_action_display().lower()} it meanwhile, {entry.at:%-d %B %Y at %H:%M}."
