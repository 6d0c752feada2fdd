"""Makes a demonstration operator of any size: Chinese and English, the same bytes for the same size, seed and day.

Nothing in it belongs to anybody: `numbers` says where its telephone and identity numbers come from. `sketch` draws a
customer, `featured` holds those that demonstrations and the user guide name, `customers` and `tickets` fill moulds
(`moulds`, `shapes`) with what a sketch says, `batch` collects them, `chunks` makes some hundred customers on their own,
`crew` has several processes do so, `outages` collects whom the network's problems hit, `affairs` adds what customers and
operator had to do with one another, `content` what an operator has once, `operator` runs it all.
"""
