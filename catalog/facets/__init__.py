"""NARROW: one declaration a facet; filter, counts, chips and links follow from it."""
