"""Reminders: rows that say who is to be told what, when, and why (docs/reminders.md).

`planning` keeps the rows in line with the facts, `changing` is what a person may do to them, `wording` is what they
say, `sending` lets them go when they fall due. Due times come from the rows, so an outage delays and never loses.
"""
