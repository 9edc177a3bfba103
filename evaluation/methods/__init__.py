"""Methods of evaluation: numbers in, a frozen result out."""
