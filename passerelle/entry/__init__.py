"""Where programs start: the API, the worker, the command line."""
