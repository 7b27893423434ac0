"""Fetch texts of TVmaze, Wikipedia, Wikidata and TMDB for the readers: the only code with a network client."""
