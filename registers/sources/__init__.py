"""Open statistics: the only code of the project that uses the network, and what is made of its snapshots."""
