"""The URLs of the site: visitors' pages at the root, the admin at ADMIN_PATH, uploads at /media/."""

import mimetypes

from django.conf import settings
from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.static import serve

for extension in ("avif", "webp"):  # Python 3.11 takes types from the system, which may lack these
    mimetypes.add_type(f"image/{extension}", f".{extension}")

# An upload opened by itself runs nothing and loads nothing, whatever it holds.
MEDIA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

handler400 = "catalog.views.errors.bad_request"
handler403 = "catalog.views.errors.forbidden"
handler404 = "catalog.views.errors.not_found"
handler500 = "catalog.views.server_errors.server_error"


@csrf_exempt  # so that POST is answered 405, not 403
@require_safe
def media(request, path):
    """Serve an uploaded file. On a busy site a reverse proxy serves MEDIA_ROOT instead."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:  # the name is longer than the file system allows
        raise Http404("No such file") from error
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)  # a name is never reused
    return response


urlpatterns = [
    path(settings.ADMIN_URL[1:], include("soundtrack_site.two_step.urls")),
    path(settings.ADMIN_URL[1:], admin.site.urls),
    re_path(r"^media/(?P<path>.+)\Z", media, name="media"),
    path("", include("catalog.urls")),
]
