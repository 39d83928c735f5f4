"""The desk's forms. They parse and keep what was typed; services judge."""
