"""One folder per wallet; each speaks its vendor's protocol and nothing else."""
