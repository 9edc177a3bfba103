"""Files as Norwegian agencies publish them, read into a table of an edition."""
