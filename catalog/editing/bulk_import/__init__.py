"""Import IMDb's data files into an empty catalogue, without the models: see docs/development/bulk-import.md.

The rows are drafts until the last transaction, so that visitors never see half an import. Each stage is a transaction
or several, with the position from which to go on, so that an import that was killed is resumed. Titles and people have
the number of their IMDb id as primary key: no stage has to look keys up.
"""
