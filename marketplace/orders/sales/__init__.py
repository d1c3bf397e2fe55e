"""A lead is paid by the sale: a deposit with the purchase, a report of each sale, a commission, held and released.

The order stands where the least settled of its sales is. Sales that are not reported are asked for, then audited; a
deposit goes back when all is settled or there was no sale.
"""
