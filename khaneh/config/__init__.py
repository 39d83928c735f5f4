"""Settings, addresses, entry points of the web server."""
