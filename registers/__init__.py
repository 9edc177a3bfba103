"""From rows and open statistics to small, cleared tables that the report can read."""
