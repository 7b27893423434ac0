"""The history in the admin: entries of a record, diffs, and pages that undo, revert and restore.

``admin``: the history page of a record. ``confirmation``: previews a change before it is made.
``deleted_records``: the list of deleted records. ``permissions``: who may undo, revert and restore.
"""
