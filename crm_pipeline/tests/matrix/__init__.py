"""Who sees what, as a matrix: every DocType of ours x every path to it x every kind of person, over HTTP.

`table.py` says what is right; nothing in it comes from the code under test. `people.py` and `world.py` make who asks
and what is asked for, among it a chain of opportunities (`hidden.py`) that most of them may not see. `read_paths.py`,
`write_paths.py` and `everywhere.py` list the paths of Frappe, `own.py` those of the app. `judging.py` tells what an
answer gives away: each is searched for every name and every word of each record that this person may not see,
whatever was asked.

The tests that stand on it:

- `test_complete.py`: each DocType is in the table, each whitelisted function and method of the app in `own.py`.
- `test_matrix.py` and `test_writes.py`: what each person is told and may change, with the number of calls.
- `test_hidden_names.py`: a hidden record asked for by its name answers as a name that does not exist.
- `test_twins.py`: a site with hidden opportunities and all that hangs on them answers byte for byte as one without.

A new DocType: a row in `table.py`, a record in `world.py`. A new endpoint: an entry in `own.py`. Paths that Frappe
has and this host lacks are counted as not offered, never as passed. What only Frappe can mend stands in
`core_decides.py`, with the reason and the versions; docs/administration.md names the same.
"""
