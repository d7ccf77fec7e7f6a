"""`python -m trongdan`: the same as the command `trongdan`."""

from trongdan.doors.cli.main import main

main()
