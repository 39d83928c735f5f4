"""A record's description in the forms that others read: MODS, Dublin Core, BibTeX, RIS, schema.org, and citations for people.

Pure: from a `Description` to text. MARC itself is written by `khaneh.formats.marc.write`.
"""
