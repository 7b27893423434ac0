"""Data quality: rules that find missing, doubtful and disputed data, and their counts."""
