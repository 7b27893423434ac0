"""No lost updates: when two editors change one record, both edits are merged, or the second editor decides.

``admin``: the mixin with the views. ``form_merge``: the merge of a submitted form with what happened since it was
opened. ``row_merge``: rows that one editor deleted. ``conflict``: a conflict, and the result of a merge.
``field_values``: how a form field submits and shows a value. ``submitted_rows``: the rows of a formset in POST data.
Which value wins is decided in ``catalog.editing.three_way``.
"""
