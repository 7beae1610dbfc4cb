"""Two entries of one person become one customer, in every domain that holds personal data, or in none."""
