"""The in-memory index: exact counts for every facet, computed from numpy arrays, as of the last commit.

``engine`` answers for a request from a ``snapshot`` of its list. ``registry`` holds one snapshot for each list and
brings it up to date after edits, with ``affected``, which reads the change log. ``episode``, ``series`` and ``person``
build the ``segment``s of a snapshot from the database, with ``building`` and ``credit_arrays``; ``stored_arrays`` keeps
them in files. A segment has values in ``levels``, and people by role in ``credit_levels``; ``conditions`` and
``matching_rows`` select from it. ``vocabulary`` holds slugs and labels, ``sparse`` which rows have which values, and
``read_arrays`` reads whole columns.
"""
