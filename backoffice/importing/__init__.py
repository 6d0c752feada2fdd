"""Reads a folder of customer and complaint files into the back office: every row is taken, or refused with a reason.

`rows` cuts a file into records, `table` gives their fields names, `reading` reads what is in them, `customers`,
`customer_documents` and `complaints` make documents of them, `importer` runs it all and `report` keeps account.
`bodies` makes the complete TM Forum bodies that `generating` writes too.
"""
