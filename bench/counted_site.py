"""The site, with headers that say what each response took: ``X-Queries`` and ``X-Processor-Ms``."""

import threading
import time

from django.db.backends.signals import connection_created

from soundtrack_site.wsgi import application as site

_counts = threading.local()


def _count(execute, sql, params, many, context):
    _counts.queries = getattr(_counts, "queries", 0) + 1
    return execute(sql, params, many, context)


def _count_queries(connection, **_):
    connection.execute_wrappers.append(_count)


connection_created.connect(_count_queries)


def application(environ, start_response):
    """Answer as the site does."""
    _counts.queries = 0
    start = time.thread_time()

    def start_counted(status, headers, *args):
        processor_ms = 1000 * (time.thread_time() - start)
        counts = [("X-Queries", str(_counts.queries)), ("X-Processor-Ms", f"{processor_ms:.1f}")]
        return start_response(status, headers + counts, *args)

    return site(environ, start_counted)
