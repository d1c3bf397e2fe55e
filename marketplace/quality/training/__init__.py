"""Learning the models of scores anew, once a week in the worker, and what each attempt came to.

`actions` claims and keeps, `lessons` reads what there is to learn from, `learning` judges without a database, `queries`
are for staff.
"""
