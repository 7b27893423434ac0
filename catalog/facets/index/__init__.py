"""The in-process index: exact counts over every facet, from arrays, as new as the last commit.

Read top down: ``engine`` holds one snapshot a list and keeps it new; ``snapshot`` answers; ``build`` and ``credits``
fill ``segment``s from the database; ``changes`` says what the change log touched; ``names`` and ``pairs`` are the
arrays themselves, ``columns`` how they are read.
"""
