"""The addresses of the pages."""

from django.urls import URLPattern, URLResolver, include, path

from khaneh.interfaces.web.accounts import lists
from khaneh.interfaces.web.views import (
    catalogue,
    design,
    directory,
    files,
    home,
    photos,
    preferences,
    search,
    sitemaps,
    texts,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("suggest", search.suggest, name="suggest"),
    path("records/<int:record_id>", catalogue.record, name="record"),
    path("records/<int:record_id>/origin", catalogue.origin, name="record-origin"),
    path("records/<int:record_id>/export/<slug:form>", catalogue.export, name="record-export"),
    path("works/<int:work_id>", catalogue.work, name="work"),
    path("authors/<path:heading>", catalogue.author, name="author"),
    path("subjects/<path:heading>", catalogue.subject, name="subject"),
    path("houses", directory.houses, name="houses"),
    path("houses/<str:code>", directory.house, name="house"),
    path("spaces/photos/<int:photo_id>/<slug:version>/<slug:size>.webp", photos.space_photo, name="space-photo"),
    path("organisations", directory.organisations, name="organisations"),
    path("organisations/<str:code>", directory.organisation, name="organisation"),
    path("", include("khaneh.interfaces.web.spaces.urls")),
    path("desk/", include("khaneh.interfaces.web.desk.urls")),
    path("offline-desk/", include("khaneh.interfaces.web.offline.urls")),
    path("account/", include("khaneh.interfaces.web.accounts.urls")),
    path("lists/<str:key>", lists.shared, name="shared-list"),
    path("selfcheck/", include("khaneh.interfaces.web.selfcheck.urls")),
    path("about", texts.about, name="about"),
    path("privacy", texts.privacy, name="privacy"),
    path("accessibility", texts.accessibility, name="accessibility"),
    path("offline", texts.offline, name="offline"),
    path("design", design.design, name="design"),
    path("preferences", preferences.set_preferences, name="preferences"),
    path("assets/<slug:version>/<path:name>", files.asset, name="asset"),
    path("manifest.webmanifest", files.manifest, name="manifest"),
    path("sw.js", files.service_worker, name="service-worker"),
    path("robots.txt", files.robots, name="robots"),
    path("opensearch.xml", files.opensearch, name="opensearch"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap/<slug:kind>/<int:start>.xml", sitemaps.part, name="sitemap-part"),
]
