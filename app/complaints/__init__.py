"""Taking complaints (TMF621 trouble tickets): outage and open tickets first, saved durably, sent when the line is up."""
