"""What customers hold: products (TMF637) and the services behind them (TMF638)."""
