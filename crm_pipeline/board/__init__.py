"""What the pipeline page reads of many opportunities at once."""
