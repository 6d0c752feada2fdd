"""A desk is filled by a real back office, is killed while it is, and ends with the same records: `script/load`."""
