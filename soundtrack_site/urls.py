"""Where everything is: the catalogue at the root, the editors' desk at /admin/."""

from django.conf import settings
from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from django.views.static import serve

handler400 = "catalog.views.errors.bad_request"
handler403 = "catalog.views.errors.forbidden"
handler404 = "catalog.views.errors.not_found"
handler500 = "catalog.views.errors.server_error"


@require_safe
def media(request, path):
    """An uploaded file. They are few and small here; a busy site lets the proxy in front serve MEDIA_ROOT."""
    try:
        return serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:  # longer than the file system allows
        raise Http404("No such file") from error


urlpatterns = [
    path("admin/", admin.site.urls),
    re_path(r"^media/(?P<path>.+)\Z", media, name="media"),
    path("", include("catalog.urls")),
]
