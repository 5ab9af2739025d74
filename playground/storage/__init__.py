"""File formats: a whole training state to and from the bytes of one `.npz`, believing nothing."""
