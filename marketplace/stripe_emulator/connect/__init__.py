"""Connected accounts: from being invited over the check of who they are to the payouts to their bank."""
