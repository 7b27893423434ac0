"""Data shaped in Python so that templates only print it. A module is named as the partial that prints its data."""
