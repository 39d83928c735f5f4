"""The addresses of networking."""

from django.urls import path

from khaneh.interfaces.web.networking import following, programmes, shared, sharing

urlpatterns = [
    path("account/following", following.following, name="account-following"),
    path("account/following/<int:subscription_id>/next", following.preview, name="account-following-next"),
    path("account/following/<int:subscription_id>/digests", following.digests, name="account-following-digests"),
    path("digests/<str:secret>/stop", following.stop, name="digest-stop"),
    path("account/shared", shared.shared, name="account-shared"),
    path("desk/networking/programmes", programmes.programmes, name="desk-network-programmes"),
    path("desk/networking/sharing", sharing.sharings, name="desk-sharing"),
    path("desk/networking/sharing/new", sharing.new, name="desk-sharing-new"),
]
