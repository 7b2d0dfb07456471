"""The paper archive: what was printed, what of it still holds, and what a code on a sheet means.

The print ledger is the memory of it, see :mod:`cardcli.archive.ledger`. Values in, values out.
"""
