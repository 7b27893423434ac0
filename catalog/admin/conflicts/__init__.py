"""No lost updates: what two editors did to one record is merged, and where that cannot be, the second chooses.

``values``: what a field was sent, and what it would have been sent. ``rows``: the rows of a form as they were sent.
``conflict``: what is to be chosen. ``reconcile``: the merge of three: the form as it was read, as it was sent, and the
record as it is now; ``removed``: of rows that one side removed. ``desk``: where all of it meets Django's views.
"""
