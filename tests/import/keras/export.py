#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes this folder's files: small models with random weights in the layouts of several versions of Keras, three inputs
of each, and the outputs that keras_numpy.py computes. It needs h5py and NumPy; Keras is not run. Each run gives the same
bytes."""
import io
import json
import re
import zipfile
from pathlib import Path

import h5py
import numpy as np

import keras_numpy

HERE = Path(__file__).parent

DEFAULTS = {
    "Dense": dict(activation="linear", use_bias=True, kernel_initializer=None, kernel_constraint=None),
    "Conv1D": dict(strides=[1], padding="valid", data_format="channels_last", dilation_rate=[1], groups=1,
                   activation="linear", use_bias=True, activity_regularizer=None),
    "Conv2D": dict(strides=[1, 1], padding="valid", data_format="channels_last", dilation_rate=[1, 1], groups=1,
                   activation="linear", use_bias=True, activity_regularizer=None),
    "DepthwiseConv2D": dict(strides=[1, 1], padding="valid", data_format="channels_last", dilation_rate=[1, 1],
                            activation="linear", use_bias=True, depth_multiplier=1, depthwise_initializer=None),
    "SeparableConv1D": dict(strides=[1], padding="valid", data_format="channels_last", dilation_rate=[1], groups=1,
                            activation="linear", use_bias=True, depth_multiplier=1, pointwise_constraint=None),
    "Conv1DTranspose": dict(strides=[1], padding="valid", data_format="channels_last", dilation_rate=[1],
                            activation="linear", use_bias=True, output_padding=None),
    "DepthwiseConv1D": dict(strides=[1], padding="valid", data_format="channels_last", dilation_rate=[1],
                            activation="linear", use_bias=True, depth_multiplier=1, depthwise_initializer=None),
    "SeparableConv2D": dict(strides=[1, 1], padding="valid", data_format="channels_last", dilation_rate=[1, 1],
                            activation="linear", use_bias=True, depth_multiplier=1),
    "AveragePooling1D": dict(padding="valid", data_format="channels_last", strides=None),
    "GlobalMaxPooling2D": dict(data_format="channels_last", keepdims=False),
    "Conv2DTranspose": dict(strides=[1, 1], padding="valid", data_format="channels_last", dilation_rate=[1, 1],
                            activation="linear", use_bias=True, output_padding=None),
    "MaxPooling1D": dict(padding="valid", data_format="channels_last", strides=None),
    "MaxPooling2D": dict(padding="valid", data_format="channels_last", strides=None),
    "AveragePooling2D": dict(padding="valid", data_format="channels_last", strides=None),
    "GlobalAveragePooling2D": dict(data_format="channels_last", keepdims=False),
    "BatchNormalization": dict(axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, gamma_constraint=None),
    "LayerNormalization": dict(axis=-1, epsilon=0.001, center=True, scale=True),
    "Flatten": dict(data_format="channels_last"),
    "Dropout": dict(rate=0.5, seed=None, noise_shape=None),
    "LSTM": dict(return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 activation="tanh", recurrent_activation="sigmoid", use_bias=True, unit_forget_bias=True, dropout=0.0,
                 recurrent_dropout=0.0),
    "GRU": dict(return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                activation="tanh", recurrent_activation="sigmoid", use_bias=True, reset_after=True, dropout=0.0),
    "SimpleRNN": dict(return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                      activation="tanh", use_bias=True, dropout=0.0),
    "Embedding": dict(mask_zero=False, input_length=None, embeddings_initializer=None),
    "Concatenate": dict(axis=-1),
    "ZeroPadding2D": dict(data_format="channels_last"),
    "UpSampling2D": dict(data_format="channels_last", interpolation="nearest"),
    "Bidirectional": dict(merge_mode="concat"),
}


def layer(type, name, *, of=(), layers=None, **config):
    """A layer; `of` names those before it in a functional model, `layers` are those of a model that is a layer."""
    config = {"name": name, "trainable": True, "dtype": "float32", **DEFAULTS.get(type, {}), **config}
    return {"type": type, "name": name, "config": config, "of": list(of), "layers": layers}


class Model:
    """Layers in a row, or a graph of them, with random weights."""

    def __init__(self, inputs, layers, outputs=None, version="3.8.0", seed=1):
        self.inputs = inputs if isinstance(inputs, dict) else {"input_layer": inputs}
        self.layers, self.outputs, self.version = layers, outputs, version
        self.major = int(version[0])
        self.random = np.random.default_rng(seed)
        self.weights = {}
        ones = {name: np.zeros((1, *shape)) for name, shape in self.inputs.items()}
        self.run(ones, make=True)

    def draw(self, name, shape):
        if name == "count":
            return np.array(7, dtype=np.int64)
        if name in ("moving_variance", "variance"):
            return self.random.uniform(0.5, 2, shape).astype(np.float32)
        if name == "alpha":
            return self.random.uniform(0.1, 0.4, shape).astype(np.float32)
        fan = max(int(np.prod(shape[:-1])), 1)
        numbers = self.random.normal(0, min(1.5 / np.sqrt(fan), 0.5), shape)
        return (numbers + (1 if name == "gamma" else 0)).astype(np.float32)

    def make(self, one, shape):
        name, config = one["type"], one["config"]
        if name == "Bidirectional":
            inner = config["layer"]
            return {way: self.make({"type": inner["class_name"], "config": inner["config"]}, shape)
                    for way in ("forward", "backward")}
        if name == "TimeDistributed":
            inner = config["layer"]
            return self.make({"type": inner["class_name"], "config": inner["config"]}, (shape[0], *shape[2:]))
        return {own: self.draw(own, size) for own, size in keras_numpy.shapes_of(name, config, shape)}

    def apply(self, one, weights, inputs, make):
        if one["layers"] is not None:
            x = inputs[0]
            for inside in one["layers"]:
                x = self.apply(inside, weights.setdefault(inside["name"], {}), [x], make)
            return x
        if make and not weights:
            weights.update(self.make(one, inputs[0].shape))
        real = {own: ({k: v.astype(float) for k, v in n.items()} if isinstance(n, dict) else n.astype(float))
                for own, n in weights.items()}
        return keras_numpy.layer(one["type"], one["config"], real, inputs, self.major)

    def run(self, inputs, make=False):
        values = dict(inputs)
        last = next(iter(inputs))
        for one in self.layers:
            before = [values[name] for name in (one["of"] or [last])]
            values[one["name"]] = self.apply(one, self.weights.setdefault(one["name"], {}), before, make)
            last = one["name"]
        return [values[name] for name in (self.outputs or [last])]

    # --- The configuration

    def entry(self, one, graph):
        config = dict(one["config"])
        if one["layers"] is not None:
            inner = [self.input_entry(one["name"] + "_input", one["input"])]
            inner += [self.entry(inside, False) for inside in one["layers"]]
            config = {"name": one["name"], "layers": inner}
        if self.major == 3 and one["layers"] is None:
            config["dtype"] = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
                               "registered_name": None}
        result = {"class_name": one["type"], "config": config}
        if self.archive:
            result = {"module": "keras.layers", **result, "registered_name": None}
        if graph:
            result["name"] = one["name"]
            result["inbound_nodes"] = self.inbound(one)
        return result

    def input_entry(self, name, shape, graph=False):
        key = "batch_shape" if self.major == 3 else "batch_input_shape"
        config = {key: [None, *shape], "dtype": "float32", "sparse": False, "name": name}
        result = {"class_name": "InputLayer", "config": config}
        if graph:
            result.update(name=name, inbound_nodes=[])
        return result

    def inbound(self, one):
        if not one["of"]:
            return []
        # A model as a layer has a first call of its own, which is not in the file.
        models = {other["name"] for other in self.layers if other["layers"] is not None}
        if self.major == 3:
            tensors = [{"class_name": "__keras_tensor__",
                        "config": {"shape": [None], "dtype": "float32", "keras_history": [name, 0, 0]}}
                       for name in one["of"]]
            return [{"args": [tensors] if len(tensors) > 1 else tensors, "kwargs": {"mask": None}}]
        return [[[name, 1 if name in models else 0, 0, {}] for name in one["of"]]]

    def config(self, archive):
        self.archive = archive
        graph = any(one["of"] for one in self.layers)
        if not graph:
            layers = [self.input_entry(*next(iter(self.inputs.items())))]
            layers += [self.entry(one, False) for one in self.layers]
            model = {"class_name": "Sequential", "config": {"name": "sequential", "layers": layers}}
        else:
            layers = [self.input_entry(name, shape, True) for name, shape in self.inputs.items()]
            layers += [self.entry(one, True) for one in self.layers]
            models = {one["name"] for one in self.layers if one["layers"] is not None}
            outputs = [[name, 1 if name in models and self.major == 2 else 0, 0] for name in self.outputs]
            model = {"class_name": "Functional" if self.major == 3 else "Model",
                     "config": {"name": "model", "layers": layers,
                                "input_layers": [[name, 0, 0] for name in self.inputs], "output_layers": outputs}}
        if archive:
            model = {"module": "keras", **model, "registered_name": None, "build_config": {}}
        return model

    # --- The files

    def named(self, one, weights):
        """Paths and arrays of a layer's weights in an .h5 file, in order."""
        colon = ":0" if self.major == 2 else ""
        if one["layers"] is not None:
            for inside in one["layers"]:
                yield from self.named(inside, weights[inside["name"]])
            return
        cell = {"LSTM": "lstm_cell/", "GRU": "gru_cell/", "SimpleRNN": "simple_rnn_cell/"}
        for own, numbers in weights.items():
            if isinstance(numbers, dict):
                inner = one["config"]["layer"]
                for name, values in numbers.items():
                    middle = cell[inner["class_name"]]
                    yield f"{one['name']}/{own}_{inner['config']['name']}/{middle}{name}{colon}", values
            else:
                yield f"{one['name']}/{cell.get(one['type'], '')}{own}{colon}", numbers

    def write_h5(self, file):
        with h5py.File(file, "w") as to:
            to.attrs["keras_version"] = self.version
            to.attrs["backend"] = "tensorflow"
            to.attrs["model_config"] = json.dumps(self.config(False))
            root = to.create_group("model_weights")
            root.attrs["layer_names"] = [one["name"].encode() for one in self.layers]
            for one in sorted(self.layers, key=lambda each: each["name"]):
                group = root.create_group(one["name"])
                named = list(self.named(one, self.weights[one["name"]]))
                group.attrs["weight_names"] = [path.encode() for path, _ in named]
                for path, numbers in named:
                    group.create_dataset(path, data=numbers)

    def numbered(self, to, path, layers, weights, folder, separator):
        used = {}
        for one in layers:
            kind = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", one["type"])).lower()
            used[kind] = used.get(kind, -1) + 1
            group = path + folder + separator + kind + ("_" + str(used[kind]) if used[kind] else "")
            own = weights[one["name"]]
            if one["layers"] is not None:
                self.numbered(to, group + separator, one["layers"], own, folder, separator)
                continue
            parts = {"": own}
            if one["type"] == "Bidirectional":
                parts = {f"{separator}{way}_layer{separator}cell": own[way] for way in ("forward", "backward")}
            elif one["type"] in ("LSTM", "GRU", "SimpleRNN"):
                parts = {separator + "cell": own}
            elif one["type"] == "TimeDistributed":
                parts = {separator + "layer": own}
            for part, numbers in parts.items():
                variables = to.create_group(group + part).create_group("vars")
                if part == "" and self.version >= "3.7":
                    variables.attrs["name"] = one["name"]
                for i, values in enumerate(numbers.values()):
                    variables.create_dataset(str(i), data=values)

    def write_keras(self, file, folder="layers", separator="/", compression=zipfile.ZIP_STORED):
        numbers = io.BytesIO()
        with h5py.File(numbers, "w") as to:
            self.numbered(to, "", self.layers, self.weights, folder, separator)
            to.create_group("optimizer").create_group("vars").create_dataset("0", data=np.int64(3))
        with zipfile.ZipFile(file, "w", compression) as archive:
            for name, content in (("metadata.json", json.dumps({"keras_version": self.version})),
                                  ("config.json", json.dumps(self.config(True))),
                                  ("model.weights.h5", numbers.getvalue())):
                info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                info.compress_type = compression
                archive.writestr(info, content)


def inner(type, name, **config):
    return {"class_name": type, "config": {"name": name, "trainable": True, **DEFAULTS.get(type, {}), **config}}


def submodel(name, shape, layers, of=()):
    result = layer("Sequential", name, of=of, layers=layers)
    result["input"] = shape
    return result


def models():
    yield "mlp", Model((6,), [
        layer("Normalization", "normalization", axis=[-1], mean=None, variance=None, invert=False),
        layer("Dense", "dense", units=5, activation="relu"), layer("Dropout", "dropout"),
        layer("Dense", "dense_1", units=4, activation="hard_sigmoid", use_bias=False),
        layer("Dense", "scores", units=3, activation="softmax")], version="3.10.0"), "keras"
    # As Keras 2 and TensorFlow 1 wrote sequences.
    yield "line", Model((12, 3), [
        layer("Conv1D", "conv1d_1", filters=4, kernel_size=[3], padding="causal", dilation_rate=[2]),
        layer("BatchNormalization", "batch_normalization_1", axis=[2]),
        layer("LeakyReLU", "leaky_re_lu_1", alpha=0.30000001192092896),
        layer("SeparableConv1D", "separable_conv1d_1", filters=5, kernel_size=[3], padding="same", strides=[2],
              depth_multiplier=2, activation="hard_sigmoid"),
        layer("ZeroPadding1D", "zero_padding1d_1", padding=[1, 2]),
        layer("MaxPooling1D", "max_pooling1d_1", pool_size=[2], padding="same", strides=[2]),
        layer("GRU", "gru_1", units=4, return_sequences=True, reset_after=False),
        layer("Flatten", "flatten_1"), layer("Dense", "dense_1", units=2)], version="2.3.1"), "h5"
    yield "image", Model((7, 6, 2), [
        layer("Rescaling", "rescaling", scale=0.5, offset=-0.25),
        layer("ZeroPadding2D", "zero_padding2d", padding=[[1, 0], [0, 2]]),
        layer("Conv2D", "conv2d", filters=4, kernel_size=[3, 2], strides=[2, 1], padding="same", activation="relu"),
        layer("DepthwiseConv2D", "depthwise_conv2d", kernel_size=[2, 3], padding="same", depth_multiplier=2),
        layer("PReLU", "p_re_lu", shared_axes=[1, 2]),
        layer("Conv2D", "conv2d_1", filters=6, kernel_size=[2, 2], groups=2, use_bias=False),
        layer("BatchNormalization", "batch_normalization", scale=False),
        layer("Activation", "activation", activation="swish"),
        layer("AveragePooling2D", "average_pooling2d", pool_size=[2, 2], padding="same"),
        layer("Flatten", "flatten"), layer("Dropout", "dropout"),
        layer("Dense", "dense", units=3, activation="softmax")], version="3.4.1"), "keras"
    block = [layer("Conv2D", "conv_a", filters=4, kernel_size=[3, 3], padding="same"),
             layer("ReLU", "re_lu", max_value=6.0, negative_slope=0.0, threshold=0.0),
             layer("Conv2D", "conv_b", filters=4, kernel_size=[1, 1])]
    yield "graph", Model({"picture": (6, 6, 3), "knobs": (2,)}, [
        layer("Conv2D", "stem", of=["picture"], filters=4, kernel_size=[3, 3], padding="same", activation="elu"),
        submodel("block", (6, 6, 4), block, of=["stem"]),
        layer("Add", "add", of=["stem", "block"]),
        layer("GlobalAveragePooling2D", "squeeze", of=["add"]),
        layer("Dense", "excite", of=["squeeze"], units=4, activation="sigmoid"),
        layer("Reshape", "reshape", of=["excite"], target_shape=[1, 1, 4]),
        layer("Multiply", "multiply", of=["add", "reshape"]),
        layer("MaxPooling2D", "pool", of=["multiply"], pool_size=[2, 2]),
        layer("Conv2DTranspose", "up", of=["pool"], filters=3, kernel_size=[3, 3], strides=[2, 2], padding="same"),
        layer("Concatenate", "both", of=["up", "multiply"]),
        layer("Conv2D", "mask", of=["both"], filters=1, kernel_size=[1, 1], activation="sigmoid"),
        layer("Flatten", "flatten", of=["pool"]),
        layer("Concatenate", "features", of=["flatten", "knobs"]),
        layer("Dense", "score", of=["features"], units=2, activation="tanh")],
        outputs=["mask", "score"], version="3.8.0"), "keras"
    yield "words", Model((5,), [
        layer("Embedding", "embedding", input_dim=7, output_dim=4),
        layer("Bidirectional", "bidirectional", layer=inner("LSTM", "lstm", units=3, return_sequences=True)),
        layer("LayerNormalization", "layer_normalization"),
        layer("TimeDistributed", "time_distributed", layer=inner("Dense", "dense", units=4, activation="tanh")),
        layer("Bidirectional", "bidirectional_1", merge_mode="sum",
              layer=inner("GRU", "gru", units=3, return_sequences=True)),
        layer("SimpleRNN", "simple_rnn", units=3, return_sequences=True, go_backwards=True),
        layer("LSTM", "lstm", units=2, activation="softsign", recurrent_activation="hard_sigmoid")],
        version="2.10.0"), "h5"
    # As Keras 2.14 wrote archives on Windows.
    yield "windows", Model((4, 4, 1), [
        layer("Conv2D", "conv2d", filters=2, kernel_size=[2, 2]), layer("Flatten", "flatten"),
        layer("Dense", "dense", units=4), layer("Reshape", "reshape", target_shape=[2, 2, 1]),
        layer("UpSampling2D", "up_sampling2d", size=[2, 1]),
        layer("Conv2DTranspose", "conv2d_transpose", filters=2, kernel_size=[2, 3], strides=[3, 2]),
        layer("Permute", "permute", dims=[3, 1, 2]),
        layer("Dense", "dense_1", units=3)], version="2.14.0"), "windows"
    yield "nested", Model({"input_1": (8, 2)}, [
        submodel("encoder", (8, 2), [layer("Conv1D", "conv1d", filters=3, kernel_size=[3], activation="tanh"),
                                     layer("Bidirectional", "both", layer=inner("LSTM", "lstm", units=2))],
                 of=["input_1"]),
        layer("RepeatVector", "repeat", of=["encoder"], n=3),
        layer("LSTM", "lstm_1", of=["repeat"], units=3, return_sequences=True),
        layer("Softmax", "softmax", of=["lstm_1"], axis=-1)], outputs=["softmax"], version="2.9.0"), "h5"
    yield "variety", Model((5, 3), [
        layer("Conv1DTranspose", "conv1d_transpose", filters=4, kernel_size=[2], strides=[3], padding="same",
              activation="selu"),
        layer("Cropping1D", "cropping1d", cropping=[1, 2]),
        layer("DepthwiseConv1D", "depthwise_conv1d", kernel_size=[3], depth_multiplier=2, activation="softsign"),
        layer("UpSampling1D", "up_sampling1d", size=2),
        layer("AveragePooling1D", "average_pooling1d", pool_size=[3], strides=[2], padding="same"),
        layer("LeakyReLU", "leaky_re_lu", negative_slope=0.25),
        layer("Bidirectional", "bidirectional", merge_mode="ave",
              layer=inner("GRU", "gru", units=3, use_bias=False, return_sequences=True)),
        layer("SimpleRNN", "simple_rnn", units=4, activation="relu", return_sequences=True),
        layer("Reshape", "reshape", target_shape=[5, -1, 2]),
        layer("UpSampling2D", "up_sampling2d", size=[2, 3], interpolation="bilinear"),
        layer("BatchNormalization", "batch_normalization", axis=1),
        layer("SeparableConv2D", "separable_conv2d", filters=3, kernel_size=[2, 3], dilation_rate=[2, 1],
              depth_multiplier=2, activation="softplus"),
        layer("GlobalMaxPooling2D", "global_max_pooling2d"),
        layer("Dense", "dense", units=2, activation="exponential")], version="3.13.2", seed=3), "keras"
    yield "modern_h5", Model((5, 2), [
        layer("GRU", "gru", units=3, activation="relu", recurrent_activation="hard_sigmoid", return_sequences=True),
        layer("LSTM", "lstm", units=3, activation="elu", return_sequences=True),
        layer("Bidirectional", "bidirectional", merge_mode="mul", layer=inner("LSTM", "lstm", units=2)),
        layer("Dense", "dense", units=2, activation="mish")], version="3.9.0"), "h5"


def main():
    for name, model, kind in models():
        if kind == "h5":
            model.write_h5(HERE / f"{name}.h5")
        elif kind == "windows":
            model.write_keras(HERE / f"{name}.keras", "_layer_checkpoint_dependencies", "\\", zipfile.ZIP_DEFLATED)
        else:
            # Keras does not compress; what is compressed is read too.
            model.write_keras(HERE / f"{name}.keras",
                              compression=zipfile.ZIP_STORED if name == "mlp" else zipfile.ZIP_DEFLATED)
        random = np.random.default_rng(7)
        rows_x, rows_y = [], []
        for _ in range(3):
            inputs = {}
            for own, shape in model.inputs.items():
                symbols = model.layers[0]["type"] == "Embedding"
                numbers = random.normal(0, 1, (1, *shape)).astype(np.float32).astype(float)
                inputs[own] = random.integers(0, 7, (1, *shape)) if symbols else numbers
            outputs = model.run(inputs)
            rows_x.append(np.concatenate([one.reshape(-1) for one in inputs.values()]))
            rows_y.append(np.concatenate([one.reshape(-1) for one in outputs]))
        np.save(HERE / f"{name}_x.npy", np.stack(rows_x))
        np.save(HERE / f"{name}_y.npy", np.stack(rows_y))


main()
