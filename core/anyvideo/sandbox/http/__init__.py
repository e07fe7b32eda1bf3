"""HTTP/1.1 for local servers: messages as values, forms, ranges, and a listener."""
