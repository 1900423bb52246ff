# SPDX-License-Identifier: BSL-1.0
"""Writes TensorFlow Lite's files with the flatbuffers package, field by field, by the numbers of the published schema. It
does not use the importer's tflite.fbs."""
import flatbuffers
import numpy

TYPES = {"float32": 0, "float16": 1, "int32": 2, "uint8": 3, "int64": 4, "bool": 6, "int16": 7, "int8": 9}

OPERATORS = {"ADD": 0, "AVERAGE_POOL_2D": 1, "CONCATENATION": 2, "CONV_2D": 3, "DEPTHWISE_CONV_2D": 4, "DEPTH_TO_SPACE": 5,
             "DEQUANTIZE": 6, "EMBEDDING_LOOKUP": 7, "FULLY_CONNECTED": 9, "LOGISTIC": 14, "MAX_POOL_2D": 17, "MUL": 18,
             "RELU": 19, "RELU_N1_TO_1": 20, "RELU6": 21, "RESHAPE": 22, "RESIZE_BILINEAR": 23, "SOFTMAX": 25,
             "SPACE_TO_DEPTH": 26, "TANH": 28, "CUSTOM": 32, "PAD": 34, "GATHER": 36, "TRANSPOSE": 39, "MEAN": 40, "SUB": 41,
             "DIV": 42, "SQUEEZE": 43, "UNIDIRECTIONAL_SEQUENCE_LSTM": 44, "STRIDED_SLICE": 45, "EXP": 47, "SPLIT": 49,
             "LOG_SOFTMAX": 50, "CAST": 53, "PRELU": 54, "MAXIMUM": 55, "ARG_MAX": 56, "MINIMUM": 57, "NEG": 59, "PADV2": 60,
             "SLICE": 65, "SIN": 66, "TRANSPOSE_CONV": 67, "TILE": 69, "EXPAND_DIMS": 70, "LOG": 73, "SUM": 74, "SQRT": 75,
             "RSQRT": 76, "SHAPE": 77, "POW": 78, "REDUCE_MAX": 82, "PACK": 83, "UNPACK": 88, "SQUARE": 92,
             "RESIZE_NEAREST_NEIGHBOR": 97, "LEAKY_RELU": 98, "SQUARED_DIFFERENCE": 99, "MIRROR_PAD": 100, "ABS": 101,
             "SPLIT_V": 102, "REVERSE_V2": 105, "ADD_N": 106, "COS": 108, "ELU": 111, "QUANTIZE": 114, "HARD_SWISH": 117,
             "BATCH_MATMUL": 126, "BROADCAST_TO": 130, "GELU": 150, "RELU_0_TO_1": 152}

# Activations, and the two paddings.
NONE, RELU, RELU_N1_TO_1, RELU6 = range(4)
SAME, VALID = range(2)

# Tables of options: their number in the union, and the kind of each field.
OPTIONS = {"CONV_2D": (1, "biibii"), "DEPTHWISE_CONV_2D": (2, "biiibii"), "AVERAGE_POOL_2D": (5, "biiiib"),
           "MAX_POOL_2D": (5, "biiiib"), "FULLY_CONNECTED": (8, "bb?"), "SOFTMAX": (9, "f"), "CONCATENATION": (10, "ib"),
           "ADD": (11, "b"), "RESIZE_BILINEAR": (15, "xx??"), "RESHAPE": (17, "v"), "SPACE_TO_DEPTH": (19, "i"), "MUL": (21, "b"),
           "GATHER": (23, "ii"), "MEAN": (27, "?"), "SUM": (27, "?"), "REDUCE_MAX": (27, "?"), "SUB": (28, "b"), "DIV": (29, "b"),
           "SQUEEZE": (30, "v"), "STRIDED_SLICE": (32, "iiiii?"), "SPLIT": (35, "i"), "TRANSPOSE_CONV": (49, "biib"), "SHAPE": (55, "b"),
           "PACK": (59, "ii"), "UNPACK": (64, "ii"), "UNIDIRECTIONAL_SEQUENCE_LSTM": (71, "bff?"),
           "RESIZE_NEAREST_NEIGHBOR": (74, "??"), "LEAKY_RELU": (75, "f"), "MIRROR_PAD": (77, "b"), "SPLIT_V": (79, "i"),
           "DEPTH_TO_SPACE": (94, "i"), "BATCH_MATMUL": (101, "??"), "GELU": (116, "?")}


class Model:
    """A graph with one subgraph. Tensors are their indices."""

    def __init__(self):
        self.tensors, self.operators, self.inputs, self.outputs, self.codes = [], [], [], [], []

    def tensor(self, name, dims, kind="float32", data=None, scales=(), zeros=(), axis=0, **more):
        self.tensors.append(dict(name=name, dims=list(dims), kind=kind, data=data, scales=list(scales), zeros=list(zeros), axis=axis,
                                 **more))
        return len(self.tensors) - 1

    def input(self, name, dims, kind="float32", **more):
        self.inputs.append(self.tensor(name, dims, kind, **more))
        return self.inputs[-1]

    def constant(self, name, numbers, **more):
        numbers = numpy.asarray(numbers)
        kind = {"float64": "float32", "int64": "int32"}.get(numbers.dtype.name, numbers.dtype.name)
        return self.tensor(name, numbers.shape, kind, numbers.astype(kind).tobytes(), **more)

    def op(self, kind, inputs, dims, options=None, name=None, type="float32", **more):
        """The output, or all of them if `dims` is a list of lists."""
        several = bool(dims) and isinstance(dims[0], (list, tuple))
        name = name or f"{kind.lower()}_{len(self.operators)}"
        made = [self.tensor(name if i == 0 else f"{name}:{i}", one, type, **more) for i, one in enumerate(dims if several else [dims])]
        self.operators.append((kind, list(inputs), made, options))
        return made if several else made[0]

    def bytes(self):
        b = flatbuffers.Builder(1024)

        def ints(numbers, start=4):
            b.StartVector(start, len(numbers), start)
            for one in reversed(numbers):
                b.PrependInt64(one) if start == 8 else b.PrependInt32(one)
            return b.EndVector()

        def offsets(all):
            b.StartVector(4, len(all), 4)
            for one in reversed(all):
                b.PrependUOffsetTRelative(one)
            return b.EndVector()

        def buffer(data):
            if data is None:
                b.StartObject(1)
                return b.EndObject()
            b.StartVector(1, len(data), 16)
            b.head -= len(data)
            b.Bytes[b.head:b.head + len(data)] = data
            content = b.EndVector()
            b.StartObject(1)
            b.PrependUOffsetTRelativeSlot(0, content, 0)
            return b.EndObject()

        buffers = [buffer(None)] + [buffer(t["data"]) for t in self.tensors if t["data"] is not None]
        tensors, number = [], 0
        for t in self.tensors:
            quantised = None
            if t["scales"] or t["zeros"]:
                b.StartVector(4, len(t["scales"]), 4)
                for one in reversed(t["scales"]):
                    b.PrependFloat32(one)
                scales = b.EndVector()
                zeros = ints(t["zeros"], 8)
                b.StartObject(7)
                b.PrependUOffsetTRelativeSlot(2, scales, 0)
                b.PrependUOffsetTRelativeSlot(3, zeros, 0)
                b.PrependInt32Slot(6, t["axis"], 0)
                quantised = b.EndObject()
            name, dims = b.CreateString(t["name"]), ints(t["dims"])
            signature = ints(t["signature"]) if "signature" in t else None
            sparsity = None
            if t.get("sparse"):
                b.StartObject(1)
                sparsity = b.EndObject()
            b.StartObject(8)
            b.PrependUOffsetTRelativeSlot(0, dims, 0)
            b.PrependInt8Slot(1, t["kind"] if isinstance(t["kind"], int) else TYPES[t["kind"]], 0)
            if t["data"] is not None:
                number += 1
                b.PrependUint32Slot(2, number, 0)
            b.PrependUOffsetTRelativeSlot(3, name, 0)
            if quantised is not None:
                b.PrependUOffsetTRelativeSlot(4, quantised, 0)
            b.PrependBoolSlot(5, t.get("variable", False), False)
            if sparsity is not None:
                b.PrependUOffsetTRelativeSlot(6, sparsity, 0)
            if signature is not None:
                b.PrependUOffsetTRelativeSlot(7, signature, 0)
            tensors.append(b.EndObject())
        operators = []
        for kind, inputs, made, options in self.operators:
            if kind not in self.codes:
                self.codes.append(kind)
            content = None
            if options is not None:
                union, kinds = OPTIONS[kind]
                lists = {i: ints(one) for i, one in enumerate(options) if kinds[i] == "v"}
                b.StartObject(len(kinds))
                for i, one in enumerate(options):
                    slots = {"b": b.PrependInt8Slot, "i": b.PrependInt32Slot, "f": b.PrependFloat32Slot, "?": b.PrependBoolSlot}
                    if kinds[i] == "v":
                        b.PrependUOffsetTRelativeSlot(i, lists[i], 0)
                    elif kinds[i] != "x":
                        # Dilations are 1 unless the file says otherwise, so that a 0 is written.
                        default = 1 if kind in ("CONV_2D", "DEPTHWISE_CONV_2D") and i >= len(kinds) - 2 else 0
                        slots[kinds[i]](i, one, default)
                content = b.EndObject()
            ends = ints(inputs), ints(made)
            b.StartObject(5)
            b.PrependUint32Slot(0, self.codes.index(kind), 0)
            b.PrependUOffsetTRelativeSlot(1, ends[0], 0)
            b.PrependUOffsetTRelativeSlot(2, ends[1], 0)
            if content is not None:
                b.PrependUint8Slot(3, union, 0)
                b.PrependUOffsetTRelativeSlot(4, content, 0)
            operators.append(b.EndObject())
        codes = []
        for kind in self.codes:
            number = OPERATORS[kind]
            b.StartObject(4)
            b.PrependInt8Slot(0, min(number, 127), 0)
            b.PrependInt32Slot(3, number, 0)
            codes.append(b.EndObject())
        vectors = [offsets(tensors), ints(self.inputs), ints(self.outputs), offsets(operators)]
        b.StartObject(5)
        for i, one in enumerate(vectors):
            b.PrependUOffsetTRelativeSlot(i, one, 0)
        graphs = offsets([b.EndObject()])
        vectors = {1: offsets(codes), 2: graphs, 4: offsets(buffers)}
        b.StartObject(5)
        b.PrependUint32Slot(0, 3, 0)
        for i, one in vectors.items():
            b.PrependUOffsetTRelativeSlot(i, one, 0)
        b.Finish(b.EndObject(), file_identifier=b"TFL3")
        return bytes(b.Output())
