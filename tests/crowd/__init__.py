"""Many desks and one back office: a week without the line and everybody back at once, and all of them starting at once.

`script/crowd` runs it at full size. A `hall` is a process with some desks in it, each with its own encrypted files, its own
engine and its own HTTP client; `check` compares what the desks were told with what is there at the end.
"""
