"""Reading any report's extracted text: lines, tables, prose, and what could not be read."""
