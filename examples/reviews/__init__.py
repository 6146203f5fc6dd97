"""Shop reviews: loading, training, fetching, answering."""
