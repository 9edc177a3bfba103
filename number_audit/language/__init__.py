"""Norwegian words, numbers and periods, as a text has them."""
