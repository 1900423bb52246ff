# SPDX-License-Identifier: BSL-1.0
"""What Keras' layers compute outside of training, by the formulas of its documentation, in NumPy and double precision.

Values are as in Keras: the batch first, the channels last. Nothing here is shared with ctnn-import.
"""
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def activation(name, x, version):
    slope = 0.2 if version < 3 else 1 / 6
    table = {
        "linear": lambda: x,
        "relu": lambda: np.maximum(x, 0),
        "relu6": lambda: np.clip(x, 0, 6),
        "sigmoid": lambda: sigmoid(x),
        "tanh": lambda: np.tanh(x),
        "softmax": lambda: softmax(x),
        "elu": lambda: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
        "selu": lambda: 1.05070098735548 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(np.minimum(x, 0)) - 1)),
        "softplus": lambda: np.log1p(np.exp(x)),
        "softsign": lambda: x / (1 + np.abs(x)),
        "swish": lambda: x * sigmoid(x),
        "silu": lambda: x * sigmoid(x),
        "exponential": lambda: np.exp(x),
        "hard_sigmoid": lambda: np.clip(slope * x + 0.5, 0, 1),
        "mish": lambda: x * np.tanh(np.log1p(np.exp(x))),
    }
    return table[name]()


def pair(value, axes):
    return list(value) if isinstance(value, (list, tuple)) else [value] * axes


def padding_of(kind, size, window, stride, dilation):
    reach = dilation * (window - 1) + 1
    if kind == "valid":
        return 0, 0
    if kind == "causal":
        return reach - 1, 0
    total = max((-(-size // stride) - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2


def windows_of(x, window, stride, dilation, kind, fill):
    """An array of batch, output places, window places, channels."""
    axes = len(window)
    pads = [padding_of(kind, x.shape[1 + i], window[i], stride[i], dilation[i]) for i in range(axes)]
    x = np.pad(x, [(0, 0)] + pads + [(0, 0)], constant_values=fill)
    outputs = [(x.shape[1 + i] - dilation[i] * (window[i] - 1) - 1) // stride[i] + 1 for i in range(axes)]
    result = np.empty((x.shape[0], *outputs, *window, x.shape[-1]))
    for o in np.ndindex(*outputs):
        for w in np.ndindex(*window):
            at = tuple(o[i] * stride[i] + w[i] * dilation[i] for i in range(axes))
            result[(slice(None), *o, *w)] = x[(slice(None), *at)]
    return result


def convolution(x, kernel, c, groups):
    axes = x.ndim - 2
    window = list(kernel.shape[:axes])
    seen = windows_of(x, window, pair(c.get("strides", 1), axes), pair(c.get("dilation_rate", 1), axes), c["padding"], 0)
    inputs, filters = kernel.shape[-2], kernel.shape[-1]
    parts = []
    for g in range(groups):
        part = seen[..., g * inputs:(g + 1) * inputs]
        of_group = kernel[..., g * (filters // groups):(g + 1) * (filters // groups)]
        parts.append(np.tensordot(part, of_group, axes=axes + 1))
    return np.concatenate(parts, axis=-1)


def depthwise(x, kernel, c):
    """Channel i of the input times kernel[..., i, m] is channel i * multiplier + m of the output."""
    parts = []
    for i in range(x.shape[-1]):
        parts.append(convolution(x[..., i:i + 1], kernel[..., i:i + 1, :], c, 1))
    return np.concatenate(parts, axis=-1)


def transposed(x, kernel, c):
    """The sum of kernel times x at each place, cropped as the gradient of the convolution with that padding is."""
    axes = x.ndim - 2
    window, stride = list(kernel.shape[:axes]), pair(c.get("strides", 1), axes)
    full = [max((x.shape[1 + i] - 1) * stride[i] + window[i], x.shape[1 + i] * stride[i]) for i in range(axes)]
    y = np.zeros((x.shape[0], *full, kernel.shape[-2]))
    for place in np.ndindex(*x.shape[1:-1]):
        for w in np.ndindex(*window):
            at = tuple(place[i] * stride[i] + w[i] for i in range(axes))
            y[(slice(None), *at)] += x[(slice(None), *place)] @ kernel[w].T
    if c["padding"] == "same":
        for i in range(axes):
            size = x.shape[1 + i] * stride[i]
            first = max(window[i] - stride[i], 0) // 2
            y = np.take(y, range(first, first + size), axis=1 + i)
    return y


def lstm(x, w, c, version):
    of_gate = lambda z: activation(c["recurrent_activation"], z, version)
    of_state = lambda z: activation(c["activation"], z, version)
    units = c["units"]
    h = state = np.zeros((x.shape[0], units))
    steps = []
    for t in range(x.shape[1]):
        z = x[:, t] @ w["kernel"] + h @ w["recurrent_kernel"] + w.get("bias", 0)
        i, f, g, o = (z[:, k * units:(k + 1) * units] for k in range(4))
        state = of_gate(f) * state + of_gate(i) * of_state(g)
        h = of_gate(o) * of_state(state)
        steps.append(h)
    return np.stack(steps, axis=1)


def gru(x, w, c, version):
    of_gate = lambda z: activation(c["recurrent_activation"], z, version)
    of_candidate = lambda z: activation(c["activation"], z, version)
    units, after = c["units"], c.get("reset_after", False)
    h = np.zeros((x.shape[0], units))
    bias = w.get("bias", np.zeros((2, 3 * units) if after else 3 * units))
    of_input, of_state = bias if after else (bias, np.zeros(3 * units))
    steps = []
    for t in range(x.shape[1]):
        a = x[:, t] @ w["kernel"] + of_input
        b = h @ w["recurrent_kernel"] + of_state
        z = of_gate(a[:, :units] + b[:, :units])
        r = of_gate(a[:, units:2 * units] + b[:, units:2 * units])
        if after:
            candidate = of_candidate(a[:, 2 * units:] + r * b[:, 2 * units:])
        else:
            candidate = of_candidate(a[:, 2 * units:] + (r * h) @ w["recurrent_kernel"][:, 2 * units:])
        h = z * h + (1 - z) * candidate
        steps.append(h)
    return np.stack(steps, axis=1)


def simple_rnn(x, w, c, version):
    h = np.zeros((x.shape[0], c["units"]))
    steps = []
    for t in range(x.shape[1]):
        h = activation(c["activation"], x[:, t] @ w["kernel"] + h @ w["recurrent_kernel"] + w.get("bias", 0), version)
        steps.append(h)
    return np.stack(steps, axis=1)


def recurrent(name, x, w, c, version):
    x = x[:, ::-1] if c.get("go_backwards") else x
    steps = {"LSTM": lstm, "GRU": gru, "SimpleRNN": simple_rnn}[name](x, w, c, version)
    return steps if c.get("return_sequences") else steps[:, -1]


def along(x, values, axis):
    shape = [1] * x.ndim
    shape[axis] = -1
    return values.reshape(shape)


def layer(name, c, w, inputs, version):
    """The output of a layer of this class, with this configuration and weights by name."""
    x = inputs[0]
    act = lambda y: activation(c.get("activation") or "linear", y, version)
    if name in ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "InputLayer"):
        return x
    if name == "Dense":
        return act(x @ w["kernel"] + w.get("bias", 0))
    if name == "Activation":
        return act(x)
    if name == "ReLU":
        y = np.where(x > 0, x, (c.get("negative_slope") or 0) * x)
        return y if c.get("max_value") is None else np.minimum(y, c["max_value"])
    if name == "LeakyReLU":
        return np.where(x > 0, x, c.get("alpha", c.get("negative_slope")) * x)
    if name == "ELU":
        return np.where(x > 0, x, c["alpha"] * (np.exp(np.minimum(x, 0)) - 1))
    if name == "PReLU":
        return np.where(x > 0, x, w["alpha"][None] * x)
    if name == "Softmax":
        return softmax(x, c.get("axis", -1))
    if name in ("Conv1D", "Conv2D"):
        return act(convolution(x, w["kernel"], c, c.get("groups", 1)) + w.get("bias", 0))
    if name in ("DepthwiseConv1D", "DepthwiseConv2D"):
        return act(depthwise(x, w["depthwise_kernel"], c) + w.get("bias", 0))
    if name in ("SeparableConv1D", "SeparableConv2D"):
        y = depthwise(x, w["depthwise_kernel"], c)
        return act(y @ w["pointwise_kernel"].reshape(w["pointwise_kernel"].shape[-2:]) + w.get("bias", 0))
    if name in ("Conv1DTranspose", "Conv2DTranspose"):
        return act(transposed(x, w["kernel"], c) + w.get("bias", 0))
    if name.startswith(("MaxPooling", "AveragePooling")):
        axes = x.ndim - 2
        window = pair(c["pool_size"], axes)
        stride = window if c.get("strides") is None else pair(c["strides"], axes)
        fill = -np.inf if name.startswith("Max") else np.nan
        seen = windows_of(x, window, stride, [1] * axes, c["padding"], fill)
        over = tuple(range(1 + axes, 1 + 2 * axes))
        return seen.max(axis=over) if name.startswith("Max") else np.nanmean(seen, axis=over)
    if name.startswith("Global"):
        over = tuple(range(1, x.ndim - 1))
        f = np.max if name.startswith("GlobalMax") else np.mean
        return f(x, axis=over, keepdims=c.get("keepdims", False))
    if name == "BatchNormalization":
        axis = c["axis"][0] if isinstance(c["axis"], list) else c["axis"]
        scale = w.get("gamma", np.ones_like(w["moving_mean"])) / np.sqrt(w["moving_variance"] + c["epsilon"])
        return (x - along(x, w["moving_mean"], axis)) * along(x, scale, axis) + along(
            x, w.get("beta", np.zeros_like(scale)), axis)
    if name == "LayerNormalization":
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        return (x - mean) / np.sqrt(variance + c["epsilon"]) * w.get("gamma", 1) + w.get("beta", 0)
    if name == "Embedding":
        return w["embeddings"][x.astype(int)]
    if name in ("SimpleRNN", "GRU", "LSTM"):
        return recurrent(name, x, w, c, version)
    if name == "Bidirectional":
        inner, inside = c["layer"]["class_name"], c["layer"]["config"]
        there = recurrent(inner, x, w["forward"], inside, version)
        back = recurrent(inner, x, w["backward"], {**inside, "go_backwards": True}, version)
        if inside.get("return_sequences"):
            back = back[:, ::-1]
        return {"concat": lambda: np.concatenate([there, back], axis=-1), "sum": lambda: there + back,
                "mul": lambda: there * back, "ave": lambda: (there + back) / 2}[c["merge_mode"]]()
    if name == "TimeDistributed":
        of = c["layer"]
        return np.stack([layer(of["class_name"], of["config"], w, [x[:, t]], version) for t in range(x.shape[1])], 1)
    if name == "Flatten":
        return x.reshape(x.shape[0], -1)
    if name == "Reshape":
        return x.reshape(x.shape[0], *c["target_shape"])
    if name == "Permute":
        return x.transpose(0, *c["dims"])
    if name == "RepeatVector":
        return np.repeat(x[:, None], c["n"], axis=1)
    if name in ("ZeroPadding1D", "ZeroPadding2D"):
        pads = [tuple(c["padding"])] if name.endswith("1D") else [tuple(one) for one in c["padding"]]
        return np.pad(x, [(0, 0)] + pads + [(0, 0)])
    if name in ("Cropping1D", "Cropping2D"):
        sides = [c["cropping"]] if name.endswith("1D") else c["cropping"]
        for axis, (first, last) in enumerate(sides):
            x = np.take(x, range(first, x.shape[1 + axis] - last), axis=1 + axis)
        return x
    if name in ("UpSampling1D", "UpSampling2D"):
        if c.get("interpolation", "nearest") == "bilinear":
            for axis, times in enumerate(c["size"]):
                # Pixels have their centres at the halves.
                size = x.shape[1 + axis]
                at = np.clip((np.arange(size * times) + 0.5) / times - 0.5, 0, size - 1)
                low = np.floor(at).astype(int)
                share = along(x, at - low, 1 + axis)
                high = np.minimum(low + 1, size - 1)
                x = np.take(x, low, axis=1 + axis) * (1 - share) + np.take(x, high, axis=1 + axis) * share
            return x
        for axis, times in enumerate(pair(c["size"], x.ndim - 2)):
            x = np.repeat(x, times, axis=1 + axis)
        return x
    if name == "Rescaling":
        return x * c["scale"] + c["offset"]
    if name == "Normalization":
        return (x - w["mean"]) / np.maximum(np.sqrt(w["variance"]), 1e-7)
    if name == "Add":
        return sum(inputs)
    if name == "Subtract":
        return inputs[0] - inputs[1]
    if name == "Multiply":
        return np.prod(np.broadcast_arrays(*inputs), axis=0)
    if name == "Average":
        return sum(inputs) / len(inputs)
    if name == "Concatenate":
        return np.concatenate(inputs, axis=c["axis"])
    raise NotImplementedError(name)


# The weights that a layer has, by name, in the order in which Keras makes them.
def shapes_of(name, c, shape):
    """The names and shapes of the weights of a layer whose input has this shape, batch included."""
    features, bias = shape[-1], c.get("use_bias", True)
    if name == "Dense":
        own = [("kernel", (features, c["units"])), ("bias", (c["units"],))]
        return own[:1 + bias]
    if name in ("Conv1D", "Conv2D"):
        own = [("kernel", (*c["kernel_size"], features // c.get("groups", 1), c["filters"])), ("bias", (c["filters"],))]
        return own[:1 + bias]
    if name.startswith("DepthwiseConv"):
        own = [("depthwise_kernel", (*c["kernel_size"], features, c["depth_multiplier"])),
               ("bias", (features * c["depth_multiplier"],))]
        return own[:1 + bias]
    if name.startswith("SeparableConv"):
        inner = features * c["depth_multiplier"]
        own = [("depthwise_kernel", (*c["kernel_size"], features, c["depth_multiplier"])),
               ("pointwise_kernel", (*[1] * len(c["kernel_size"]), inner, c["filters"])), ("bias", (c["filters"],))]
        return own[:2 + bias]
    if name in ("Conv1DTranspose", "Conv2DTranspose"):
        own = [("kernel", (*c["kernel_size"], c["filters"], features)), ("bias", (c["filters"],))]
        return own[:1 + bias]
    if name == "BatchNormalization":
        axis = c["axis"][0] if isinstance(c["axis"], list) else c["axis"]
        names = ["gamma"] * c.get("scale", True) + ["beta"] * c.get("center", True) + ["moving_mean", "moving_variance"]
        return [(one, (shape[axis],)) for one in names]
    if name == "LayerNormalization":
        return [(one, (features,)) for one in ["gamma"] * c.get("scale", True) + ["beta"] * c.get("center", True)]
    if name == "Normalization":
        return [("mean", (features,)), ("variance", (features,)), ("count", ())]
    if name == "PReLU":
        shared = c.get("shared_axes") or []
        return [("alpha", tuple(1 if i in shared else shape[i] for i in range(1, len(shape))))]
    if name == "Embedding":
        return [("embeddings", (c["input_dim"], c["output_dim"]))]
    if name in ("SimpleRNN", "GRU", "LSTM"):
        columns = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[name] * c["units"]
        own = [("kernel", (features, columns)), ("recurrent_kernel", (c["units"], columns)),
               ("bias", (2, columns) if c.get("reset_after") else (columns,))]
        return own[:2 + bias]
    return []
