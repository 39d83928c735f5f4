"""Pure decisions of notices: the language of templates, quiet hours, waiting between tries. No ORM, no clock, no settings."""
