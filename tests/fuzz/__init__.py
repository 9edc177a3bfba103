"""Every input file, damaged in every way, ends in a typed error with its place, or is read."""
