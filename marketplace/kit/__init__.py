"""Things without business words that every part may use: database, time, money, ids, refusals, secrets."""
