"""Fairlead: a lead exchange that proves what it sells.

Agencies list leads: a person's interest in something and a way to reach them (`catalog`, `leads`).
Every lead is checked before it is offered (`checks`), and buyers see masked previews only (`market`).
A buyer pays from a wallet (`billing`, `ledger`); the money is held, and the contact is handed over (`orders`).
Until the window closes the buyer may say that the lead was bad; staff decide, and the money follows (`disputes`).
What is not taken back by then goes to the agency, less the fee.

Start reading at `reactions.py`: what happens, and what follows from it.
"""
