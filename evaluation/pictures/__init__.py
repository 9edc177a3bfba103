"""Pictures of a verdict, and pictures for the analyst."""
