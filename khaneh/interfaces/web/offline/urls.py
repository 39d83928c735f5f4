"""The addresses of the offline desk, below /offline-desk/: the scope of its service worker, and nothing else."""

from django.urls import path

from khaneh.interfaces.web.offline import shell, sync

urlpatterns = [
    path("", shell.start, name="offline-desk"),
    path("sw.js", shell.service_worker, name="offline-desk-worker"),
    path("session", sync.session, name="offline-desk-session"),
    path("enrol", sync.enrol, name="offline-desk-enrol"),
    path("recover", sync.recover, name="offline-desk-recover"),
    path("snapshot", sync.snapshot, name="offline-desk-snapshot"),
    path("upload", sync.upload, name="offline-desk-upload"),
    path("<slug:language>/", shell.page, name="offline-desk-page"),
    path("<slug:language>/manifest.webmanifest", shell.manifest, name="offline-desk-manifest"),
]
