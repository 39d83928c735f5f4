"""The SIP2 server: self-checks, sorters and gates come in here and meet the same services as everybody else.

`server` keeps connections, `session` one connection's state, `lending`, `readers` and `copies` answer messages, `wording` says things to
people in their language. No rule of lending lives here. Described in docs/protocols/sip2.md.
"""
