"""The command line: thin commands over plain functions."""
