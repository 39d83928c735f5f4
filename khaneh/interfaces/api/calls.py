"""The addresses of the calls themselves: read when somebody makes the first, since describing them all takes a process two seconds."""

from khaneh.interfaces.api.api import api

urlpatterns = api.urls[0]
