"""Many writers against a back office that is killed and whose answers are lost: each act counts once, every reader sees it.

`script/concurrency` runs it at full size. `writer` and `follower` are processes of their own, `servers` are killed, `check`
compares what all of them saw with what is there at the end, `planted` are servers with a fault that must be found.
"""
