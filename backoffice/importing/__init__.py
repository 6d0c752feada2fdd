"""Reads a folder of files into the back office: every row is taken, or refused with a reason.

`sections` says what a folder may hold, `importer` reads it section by section, `account` and `report` keep account of every
row. `rows` cuts a CSV file into records, `table` gives their fields names, `records` and `reading` read what is in them;
`graphml` reads networks and `payloads`, with `mending`, JSON. The other modules are the sections: each says what a file
means and makes documents of it. `made_up` is what is not in the files and is asked for. `bodies` makes the complete TM
Forum bodies that `generating` writes too.
"""
