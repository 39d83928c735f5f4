"""Lending: loans, requests, transfers, fees, inventory, and the desk that goes on without a line."""
