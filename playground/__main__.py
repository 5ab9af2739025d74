"""`python -m playground`: the command line."""

import sys

from playground.command_line.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
