"""Cutting a file into records, one module for each way of writing them. Only boundaries are looked for; nothing is decoded."""
