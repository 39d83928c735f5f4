"""Pouring files in: from a stream of bytes to committed, matched union records.

`batches` says which file of whom, `run` drives it, `readers` parses beside the database, `chunk` writes some thousand records in one
transaction with the checkpoint; what a chunk needs is in `known`, `matching`, `rows`, `copies`, `works` and `set_aside`,
and how a value goes into a COPY in `binary`.
"""
