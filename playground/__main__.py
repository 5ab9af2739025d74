"""`python -m playground`: the command line."""

import logging
import sys

from playground.command_line.main import main

if __name__ == "__main__":
    logging.getLogger().setLevel(logging.ERROR)  # a command prints what is to be read itself
    sys.exit(main(sys.argv[1:]))
