"""Network faults where customers feel them (TMF656 service problems)."""
