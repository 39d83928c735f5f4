"""The addresses of the pages."""

from django.urls import URLPattern, URLResolver, path

from khaneh.interfaces.web.views import design, files, preferences, texts

urlpatterns: list[URLPattern | URLResolver] = [
    path("", texts.about, name="home"),
    path("search", texts.about, name="search"),
    path("suggest", texts.about, name="suggest"),
    path("houses", texts.about, name="houses"),
    path("organisations", texts.about, name="organisations"),
    path("sitemap.xml", texts.about, name="sitemap"),
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
]
