"""Its names are cleared for each program, which finds itself in `__main__` as a script would: so nothing stands here."""

from .prove import main

main()
