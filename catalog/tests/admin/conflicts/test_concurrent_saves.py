"""Two forms that are sent at the very same moment: one waits for the other, and then sees what it did."""

from threading import Event, Thread

import pytest
from django.db import connection
from django.test import Client

from catalog.admin.conflicts.admin import ConflictDetectionMixin
from catalog.models import Episode
from catalog.tests import factories as make
from catalog.tests.admin.conflicts.editor_session import EditorSession

MOMENT = 1.5  # seconds in which the second form is long saved if nothing holds it


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_while_another_is_being_saved_does_not_overwrite_it(admin_client, editor, monkeypatch):
    episode = make.episode(title="As both read it")
    other = Client()
    other.force_login(editor)
    first, second = (
        EditorSession.open(admin_client, episode).fill_in(title="First"),
        EditorSession.open(other, episode).fill_in(title="Second"),
    )
    is_done, merged = Event(), ConflictDetectionMixin._merged

    def send_second():
        try:
            second.send()
        finally:
            is_done.set()
            connection.close()

    def and_then_the_second(model_admin, request, object_id):
        answer = merged(model_admin, request, object_id)
        if not threads:
            threads.append(Thread(target=send_second))
            threads[0].start()
            is_done.wait(MOMENT)
        return answer

    threads = []
    monkeypatch.setattr(ConflictDetectionMixin, "_merged", and_then_the_second)
    first.send()
    threads[0].join()
    assert [first.saved, second.saved] == [True, False]
    assert [conflict.theirs for conflict in second.conflicts.values()] == ["First"]
    assert Episode.objects.get().title == "First"
