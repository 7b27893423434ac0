"""Where everything is: the catalogue at the root, the editors' desk at /admin/."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.static import serve

handler400 = "catalog.views.errors.bad_request"
handler403 = "catalog.views.errors.forbidden"
handler404 = "catalog.views.errors.not_found"
handler500 = "catalog.views.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    # Uploads are few and small here; a busy site lets the proxy in front serve MEDIA_ROOT.
    re_path(r"^media/(?P<path>.+)\Z", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
    path("", include("catalog.urls")),
]
