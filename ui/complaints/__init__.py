"""Taking a complaint: outage and open tickets first."""
