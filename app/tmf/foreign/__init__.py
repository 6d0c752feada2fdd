"""Back offices of others: TM Forum v4 without feed, keys and entity tags. Swept, compared by content, asked by `externalId`."""
