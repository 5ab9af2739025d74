"""What the data sets that come with the app, or can be downloaded, are called in settings."""

MNIST_5K = "mnist-5k"
MNIST = "mnist"
FASHION_MNIST = "fashion-mnist"

IMAGE_SETS = (MNIST_5K, MNIST, FASHION_MNIST)  # in the order that the page lists them
