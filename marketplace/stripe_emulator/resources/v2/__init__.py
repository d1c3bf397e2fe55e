"""The resources of API v2: accounts, the links on which they enter who they are, and thin events."""
