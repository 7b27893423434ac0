"""Two forms submitted at the same time: the second save waits for the first and then detects its changes."""

from threading import Event, Thread

import pytest
from django.db import connection
from django.test import Client

from catalog.admin.conflicts.admin import ConflictDetectionMixin
from catalog.models import Episode
from catalog.tests import factories as make
from catalog.tests.admin.conflicts.editor_session import EditorSession

SAVE_TIMEOUT = 1.5  # seconds: more than the second save takes if nothing blocks it


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_while_another_is_being_saved_does_not_overwrite_it(admin_client, editor, monkeypatch):
    episode = make.episode(title="As both read it")
    other_client = Client()
    other_client.force_login(editor)
    first, second = (
        EditorSession.open(admin_client, episode).fill_in(title="First"),
        EditorSession.open(other_client, episode).fill_in(title="Second"),
    )
    is_done, merge_submission = Event(), ConflictDetectionMixin._merge_submission

    def send_second():
        try:
            second.send()
        finally:
            is_done.set()
            connection.close()

    def merge_then_send_second(model_admin, request, object_id):
        response = merge_submission(model_admin, request, object_id)
        if not threads:
            threads.append(Thread(target=send_second))
            threads[0].start()
            is_done.wait(SAVE_TIMEOUT)
        return response

    threads = []
    monkeypatch.setattr(ConflictDetectionMixin, "_merge_submission", merge_then_send_second)
    first.send()
    threads[0].join()
    assert [first.saved, second.saved] == [True, False]
    assert [conflict.theirs for conflict in second.conflicts.values()] == ["First"]
    assert Episode.objects.get().title == "First"
