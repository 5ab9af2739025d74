"""The names of the built-in and downloadable data sets, as settings write them."""

MNIST_5K = "mnist-5k"
MNIST = "mnist"
FASHION_MNIST = "fashion-mnist"

IMAGE_SETS = (MNIST_5K, MNIST, FASHION_MNIST)  # in the order of the page
