"""Sales processes, and the workflows that a site puts beside them."""
