"""`python -m marketplace` is the `fairlead` command."""

from marketplace.cli import main

main()
