"""The app as a command line: `train` a network, `classify` pictures with it."""
