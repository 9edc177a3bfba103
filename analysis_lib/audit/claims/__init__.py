"""Claims in prose: quantities read from Norwegian text, and held against the tables and each other."""
