"""The functions of the take-home script, as text: the posts' names, netcore's order of operations.

Each returns what the settings need and no more.
"""

from collections.abc import Sequence

from netcore.matmul import SMALL_MATMUL
from netcore.network import MICRO_BATCH
from netcore.training import ACCUMULATORS
from playground.config import RunConfig
from playground.output import is_binary, is_regression, output_activation


def needs_math(config: RunConfig) -> bool:
    """Whether the script uses Python's math: NumPy's numbers would make float64 of float32."""
    return (
        config.schedule in ("cosine", "one_cycle")
        or config.optimizer == "adam"
        or "gelu" in config.activations
    )


SPLIT = '''
def read_data():
    """4,000 digits to train on and 1,000 for validation, 100 of each: examples are columns."""
    pixels, labels = mnist_data()
    X, rng = pixels.astype(np.float32) / 255, np.random.default_rng(0)
    order, rank = rng.permutation(5000), np.empty(5000)
    for digit in range(10):
        members = order[labels[order] == digit]
        rank[members] = (np.arange(len(members)) + rng.random()) / len(members)
    validation = np.isin(order, np.argsort(rank, kind="stable")[:1000])
    train, test = order[~validation], order[validation]
    return X[train].T, labels[train].astype(int), X[test].T, labels[test].astype(int)
'''


FROM_FILE = '''
def read_data():
    """Examples are columns: rows in the file, read as their transpose."""
    data = np.load(Path(__file__).with_name(DATA_FILE))
    X, X_test = data["X_train"], data["X_validation"]
    if X.dtype == np.uint8:  # pixels
        X, X_test = X / np.float32(255), X_test / np.float32(255)
    return X.T, data["labels_train"], X_test.T, data["labels_validation"]
'''


def read_data(*, from_file: bool) -> str:
    return FROM_FILE if from_file else SPLIT


INITIALIZERS = {
    "he": ("He: variance 2 / n_in", "rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in)"),
    "glorot": (
        "Glorot: variance 2 / (n_in + n_out)",
        "rng.uniform(-1, 1, (n_out, n_in))",
    ),
    "uniform": ("uniform between -1/√n_in and 1/√n_in", ""),
    "small": ("0.01 · N(0, 1)", "rng.standard_normal((n_out, n_in)) * 0.01"),
    "zeros": ("all zero, on purpose", "np.zeros((n_out, n_in))"),
}


def init_params(initializer: str) -> str:
    about, W = INITIALIZERS[initializer]
    limit = {
        "glorot": "        limit = np.sqrt(6 / (n_in + n_out))\n",
        "uniform": "        limit = 1 / np.sqrt(n_in)\n",
    }.get(initializer, "")
    if limit:
        W = "rng.uniform(-limit, limit, (n_out, n_in))"
    rng = (
        "    params = {}\n"
        if initializer == "zeros"
        else "    rng, params = np.random.default_rng([SEED, 0]), {}\n"
    )
    return f'''
def init_params(layer_dims):
    """W[l] (n[l], n[l-1]) {about}; b[l] (n[l], 1) zero."""
{rng}    for l, (n_in, n_out) in enumerate(zip(layer_dims, layer_dims[1:]), start=1):
{limit}        params[f"W{{l}}"] = np.float32({W})
        params[f"b{{l}}"] = np.zeros((n_out, 1), dtype=np.float32)
    return params
'''


ACTIVATIONS = {
    "relu": """
def relu(Z):
    return np.maximum(Z, 0)
def relu_backward(dA, Z, A):
    return dA * (Z > 0)
""",
    "leaky_relu": """
def leaky_relu(Z):
    return np.maximum(0.01 * Z, Z)
def leaky_relu_backward(dA, Z, A):
    return dA * np.where(Z > 0, np.float32(1), np.float32(0.01))
""",
    "elu": """
def elu(Z):
    return np.maximum(Z, 0) + np.expm1(np.minimum(Z, 0))
def elu_backward(dA, Z, A):
    return dA * (np.minimum(A, 0) + 1)
""",
    "tanh": """
def tanh(Z):
    return np.tanh(Z)
def tanh_backward(dA, Z, A):
    return dA * (1 - A * A)
""",
    "sigmoid": """
def sigmoid(Z):
    return np.tanh(0.5 * Z) * 0.5 + 0.5  # 1 / (1 + exp(-Z)), without overflow
def sigmoid_backward(dA, Z, A):
    return dA * (A * (1 - A))
""",
    "gelu": """
C, CUBIC = math.sqrt(2 / math.pi), 0.044715
def gelu(Z):
    return (0.5 * Z) * (1 + np.tanh(C * Z * (1 + CUBIC * Z * Z)))
def gelu_backward(dA, Z, A):
    Z2 = Z * Z
    T = np.tanh(C * Z * (1 + CUBIC * Z2))
    dU = C * (1 + 3 * CUBIC * Z2)
    return dA * (0.5 * (1 + T) + 0.5 * Z * (1 - T * T) * dU)
""",
    "identity": """
def identity(Z):
    return Z.copy()
def identity_backward(dA, Z, A):
    return dA
""",
    "softmax": """
def softmax(Z):
    A = np.exp(Z - Z.max(axis=0))  # the shift changes nothing and keeps exp from overflowing
    return A / A.sum(axis=0)
""",
}


def activations(hidden: Sequence[str], output: str) -> list[str]:
    """The functions in use; the output's derivative is in dZ[L] = (A[L] - Y)/m already."""
    last = [] if output in hidden else [ACTIVATIONS[output].partition(f"def {output}_backward")[0]]
    return [ACTIVATIONS[name] for name in dict.fromkeys(hidden)] + last


def forward_prop(config: RunConfig, *, in_blocks: bool) -> str:
    """in_blocks: the first W is multiplied as netcore does where it has few rows."""
    product, helper = 'params[f"W{l}"] @ A', ""
    if in_blocks:
        product, helper = f'({product} if l > 1 else times(params["W1"], X))', TIMES
    output = output_activation(config)
    same = len(set(config.activations)) <= 1
    hidden = config.activations[0] if config.activations else ""
    if not hidden:
        apply = f"        A = {output}(Z)"
    elif same:
        apply = f"        A = {hidden}(Z) if l < L else {output}(Z)"
    else:
        names = ", ".join((*config.activations, output))
        apply = f"        A = [{names}][l - 1](Z)"
    if not config.dropout:
        return f'''{helper}
def forward_prop(X, params):
    """Z[l] = W[l] A[l-1] + b[l], A[l] = g(Z[l]); all are kept, back_prop needs them."""
    cache, A = {{"A0": X}}, X
    for l in range(1, L + 1):
        Z = {product} + params[f"b{{l}}"]
{apply}
        cache[f"Z{{l}}"], cache[f"A{{l}}"] = Z, A
    return cache
'''
    return f'''{helper}
def forward_prop(X, params, rng=None):
    """Z[l] = W[l] A[l-1] + b[l], A[l] = g(Z[l]); all are kept, back_prop needs them.
    With an rng, a random share of the hidden units is left out: D is 0, else 1 / (1 - DROPOUT)."""
    cache, A = {{"A0": X}}, X
    for l in range(1, L + 1):
        Z = {product} + params[f"b{{l}}"]
{apply}
        cache[f"Z{{l}}"], cache[f"A{{l}}"] = Z, A
        if rng is not None and l < L:
            kept = rng.random(A.shape, dtype=np.float32) >= DROPOUT
            cache[f"D{{l}}"] = kept * np.float32(1 / (1 - DROPOUT))
            A = A * cache[f"D{{l}}"]
    return cache
'''


def cost(config: RunConfig) -> str:
    weighted = weighs_classes(config)
    name = "plain_cost" if weighted else "compute_cost"
    if is_regression(config):
        text = f'''
def {name}(A, Y):
    """J = (1/2m) Σ (A - Y)²."""
    E = A - Y
    return float(np.vdot(E.T, E.T)) / (2 * A.shape[1])
'''
    elif is_binary(config):
        text = f'''
def {name}(A, Y):
    """J = -(1/m) Σ [Y log A + (1 - Y) log(1 - A)]; a logarithm of 0 is kept finite."""
    log_A, log_rest = (np.log(np.maximum(P, np.finfo(np.float32).epsneg)) for P in (A, 1 - A))
    J = float(np.vdot(Y.T, log_A.T)) + float(np.vdot((1 - Y).T, log_rest.T))
    return 0.0 - J / A.shape[1]
'''
    else:
        text = f'''
def {name}(A, Y):
    """J = -(1/m) Σ Y log A; a logarithm of 0 is kept finite."""
    log_A = np.log(np.maximum(A, np.finfo(np.float32).tiny))
    return 0.0 - float(np.vdot(Y.T, log_A.T)) / A.shape[1]
'''
    if not weighted:
        return text
    labels = "Y[0]" if is_binary(config) else "Y.argmax(axis=0)"
    return (
        text
        + f'''
def compute_cost(A, Y):
    """An example of class c counts CLASS_WEIGHTS[c] times."""
    J = 0
    for c, weight in enumerate(CLASS_WEIGHTS):
        of_c = {labels} == c
        if of_c.any():
            J += weight * of_c.sum() / Y.shape[1] * plain_cost(A[:, of_c], Y[:, of_c])
    return float(J)
'''
    )


def weighs_classes(config: RunConfig) -> bool:
    return config.class_weights != "equal" and not is_regression(config)


def back_prop(config: RunConfig) -> str:
    lines = []
    if weighs_classes(config):
        w = "CLASS_WEIGHTS"
        each = f"{w}[0] + ({w}[1] - {w}[0]) * Y[0]" if is_binary(config) else f"{w} @ Y"
        lines.append(f"    dZ *= ({each}).astype(np.float32)")
    lines += ["    for l in range(L, 0, -1):", '        A_prev = cache[f"A{l - 1}"]']
    if config.dropout:
        lines[-1] += ' * cache.get(f"D{l - 1}", np.float32(1))'
    lines += [
        '        grads[f"dW{l}"] = dZ @ A_prev.T',
        '        grads[f"db{l}"] = (dZ @ np.ones(m, dtype=np.float32)).reshape(-1, 1)',
    ]
    if config.activations:
        lines += [
            "        if l > 1:",
            '            dA = params[f"W{l}"].T @ dZ',
        ]
        if config.dropout:
            lines[-1] += ' * cache[f"D{l - 1}"]'
        names = [f"{name}_backward" for name in config.activations]
        g = names[0] if len(set(names)) == 1 else f"[{', '.join(names)}][l - 2]"
        lines.append(f'            dZ = {g}(dA, cache[f"Z{{l - 1}}"], cache[f"A{{l - 1}}"])')
    body = "\n".join(lines)
    return f'''
def back_prop(cache, params, Y):
    """dZ[L] = (A[L] - Y)/m, dW[l] = dZ[l] A[l-1]ᵀ, db[l] = Σ dZ[l], dA[l-1] = W[l]ᵀ dZ[l],
    dZ[l] = dA[l] ⊙ g'(Z[l])."""
    grads, m = {{}}, Y.shape[1]
    dZ = (cache[f"A{{L}}"] - Y) / m
{body}
    return grads
'''


UPDATES = {
    "gradient_descent": (
        "θ ← θ - α dθ",
        "        params[name] -= learning_rate * g\n",
    ),
    "momentum": (
        "v ← 0.9 v - α dθ, θ ← θ + v",
        """        v = state[name] = 0.9 * state.get(name, np.zeros_like(g)) - learning_rate * g
        params[name] += v
""",
    ),
    "nesterov": (
        "v ← 0.9 v - α dθ, θ ← θ + 0.9 v - α dθ",
        """        v = state[name] = 0.9 * state.get(name, np.zeros_like(g)) - learning_rate * g
        params[name] -= learning_rate * g
        params[name] += 0.9 * v
""",
    ),
    "rmsprop": (
        "s ← 0.9 s + 0.1 dθ², θ ← θ - α dθ / (√s + ε)",
        """        s = state[name] = 0.9 * state.get(name, np.zeros_like(g)) + (1 - 0.9) * (g * g)
        params[name] -= learning_rate * (g / (np.sqrt(s) + 1e-8))
""",
    ),
    "adam": (
        "m ← 0.9 m + 0.1 dθ, v ← 0.999 v + 0.001 dθ², θ ← θ - α m̂ / (√v̂ + ε)",
        """        m, v = state.get(name, (np.zeros_like(g), np.zeros_like(g)))
        m, v = state[name] = 0.9 * m + (1 - 0.9) * g, 0.999 * v + (1 - 0.999) * (g * g)
        params[name] -= rate * (m / (np.sqrt(v) + 1e-8 * correction))
""",
    ),
}


def update_params(optimizer: str) -> str:
    about, lines = UPDATES[optimizer]
    first = ""
    if optimizer == "adam":
        first = (
            "    correction = math.sqrt(1 - 0.999**t)  # of m and v, which start at zero\n"
            "    rate = learning_rate * correction / (1 - 0.9**t)\n"
        )
    return f'''
def update_params(params, grads, state, learning_rate, t):
    """{about}; t = 1, 2, …"""
{first}    for name in params:
        g = grads["d" + name]
{lines}'''


def predictions(config: RunConfig) -> str:
    if is_regression(config):
        return """
def get_r_squared(A, Y):
    return 1 - float(np.sum((A - Y) ** 2)) / float(np.sum((Y - Y.mean()) ** 2))
"""
    about, rule = (
        ("where the probability is above a half", "(A[0] > 0.5).astype(int)")
        if is_binary(config)
        else ("the largest probability's class", "A.argmax(axis=0)")
    )
    return f"""
def get_predictions(A):
    return {rule}  # {about}
def get_accuracy(predictions, labels):
    return float(np.mean(predictions == labels))
"""


SCHEDULES = {
    "step": "(1.0, 1.0, 0.1, 0.01)[int(4 * (iteration / ITERATIONS))]",
    "cosine": "0.5 * (1 + math.cos(math.pi * (iteration / ITERATIONS)))",
    "one_cycle": "one_cycle(iteration / ITERATIONS)",
}
ONE_CYCLE = """
def one_cycle(progress):  # up from 1/25 in the first 30 %, then down along a cosine
    if progress < 0.3:
        return 0.04 + (1 - 0.04) * progress / 0.3
    return 0.5 * (1 + math.cos(math.pi * min((progress - 0.3) / (1 - 0.3), 1.0)))

"""


def gradient_descent(config: RunConfig, m: int, *, in_slices: bool, warped: bool) -> str:
    """warped: the script has warps.source(), and each step's images go through it."""
    minibatch = config.batch_size is not None and config.batch_size < m
    before, names = [], ["params, state = init_params(LAYER_DIMS), {}"]
    text = ""
    if config.schedule == "one_cycle":
        text += ONE_CYCLE.lstrip("\n")
    if config.dropout or warped:
        before.append("    noise_rng = np.random.default_rng([SEED, 2])")
    if warped:
        before.append("    augment = Augmentation(IMAGE_SHAPE, AUGMENTATION)")
    if minibatch:
        before.append("    order_rng, order = np.random.default_rng([SEED, 1]), []")
    loop = []
    if minibatch:
        loop += [
            "        if len(order) == 0:  # a new epoch, in a new order",
            "            order = order_rng.permutation(X.shape[1])",
            "        index, order = order[:BATCH_SIZE], order[BATCH_SIZE:]",
            "        X_batch, Y_batch = X.T[index].T, Y.T[index].T  # columns stay contiguous",
        ]
    batch = ("X_batch", "Y_batch") if minibatch else ("X", "Y")
    dropout = ", noise_rng" if config.dropout else ""
    if in_slices:
        text += sliced(dropout=config.dropout > 0, warped=warped)
        chance = (", augment" if warped else "") + (", noise_rng" if warped else dropout)
        loop.append(f"        cost, grads = in_slices({batch[0]}, {batch[1]}, params{chance})")
    else:
        images = f"augment({batch[0]}, rng=noise_rng)" if warped else batch[0]
        loop += [
            f"        cache = forward_prop({images}, params{dropout})",
            f'        cost = compute_cost(cache[f"A{{L}}"], {batch[1]})',
            f"        grads = back_prop(cache, params, {batch[1]})",
        ]
    if config.l2 or config.l1:
        loop.append("        for l in range(1, L + 1):")
        if config.l2:
            loop.append('            grads[f"dW{l}"] += L2 * params[f"W{l}"]')
        if config.l1:
            loop.append('            grads[f"dW{l}"] += L1 * np.sign(params[f"W{l}"])')
    rate = "LEARNING_RATE"
    if config.schedule != "constant":
        loop.append(f"        learning_rate = LEARNING_RATE * {SCHEDULES[config.schedule]}")
        rate = "learning_rate"
    loop += [
        f"        update_params(params, grads, state, {rate}, iteration + 1)",
        "        print(repr(cost))",
    ]
    return (
        text
        + "def gradient_descent(X, Y):\n"
        + '    """Print the cost before each step, take the step; the trained parameters."""\n'
        + "\n".join(f"    {name}" for name in names)
        + "\n"
        + "\n".join([*before, "    for iteration in range(ITERATIONS):", *loop])
        + f"""
    return params

X, labels, X_test, labels_test = read_data()
params = gradient_descent(X, {targets(config)})
A_test = forward_prop(X_test, params)[f"A{{L}}"]
print("validation accuracy:", {measure(config)}, file=sys.stderr)
"""
    )


def measure(config: RunConfig) -> str:
    """How good the answers A_test are."""
    if is_regression(config):
        return "get_r_squared(A_test, labels_test[np.newaxis])"
    return "get_accuracy(get_predictions(A_test), labels_test)"


def targets(config: RunConfig) -> str:
    """Y, of the labels: numbers as they are, a probability's, or one-hot."""
    n_out = config.layers[-1]
    if is_regression(config):
        return "labels[np.newaxis]"
    if n_out == 1:
        return "labels[np.newaxis].astype(np.float32)"
    return f"np.eye({n_out}, dtype=np.float32)[labels].T"


TIMES = f"""
def times(W, X):  # W X, so many columns at a time that the library need not copy X first: faster
    width = -(-(m := X.shape[1]) // -(-m * W.size // {SMALL_MATMUL}))
    return np.hstack([W @ X[:, start : start + width] for start in range(0, m, width)])
"""


def sliced(*, dropout: bool, warped: bool) -> str:
    """Many examples a step, as netcore goes through them; what needs chance is handed an rng."""
    images = "augment(X[:, part], rng=rng)" if warped else "X[:, part]"
    chance = (", augment" if warped else "") + (", rng" if dropout or warped else "")
    return f'''def in_slices(X, Y, params{chance}):
    """Cost and gradients of many examples, a slice at a time: the mean, weighted by their shares.
    As the run does it, slices are added up in {ACCUMULATORS} sums, and those at the end."""
    m, costs, sums = X.shape[1], [], []
    width = -(-m // -(-m // {MICRO_BATCH}))
    for first in range(0, min({ACCUMULATORS} * width, m), width):
        costs, sums = [*costs, 0.0], [*sums, {{}}]
        for start in range(first, m, {ACCUMULATORS} * width):
            part = slice(start, min(start + width, m))
            share = (part.stop - part.start) / m
            cache = forward_prop({images}, params{", rng" if dropout else ""})
            costs[-1] += share * compute_cost(cache[f"A{{L}}"], Y[:, part])
            for name, g in back_prop(cache, params, Y[:, part]).items():
                sums[-1][name] = sums[-1].get(name, 0) + share * g
    return sum(costs), {{name: sum(each[name] for each in sums) for name in sums[0]}}

'''
