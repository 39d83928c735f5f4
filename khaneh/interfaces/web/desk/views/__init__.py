"""The desk's views, one module a part. Parse, call, translate."""
