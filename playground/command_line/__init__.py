"""The app without a page: `train` a network, `classify` pictures with it."""
