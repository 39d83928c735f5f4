"""What an import makes of one record's bytes before the database is asked: pure, so that other processes can do it.

`reading` goes from bytes to everything that is stored beside them; `profile` says where a source writes its copies; `document` says
what of a description can be found and listed; `names` reads authority records.
"""
