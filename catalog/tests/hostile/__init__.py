"""Hostile requests and files, kept as data with the answer that each must get."""
