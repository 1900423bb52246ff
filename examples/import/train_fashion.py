#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Trains the network that the example import_mnist_style imports, and writes its files into this folder.

Needs PyTorch, NumPy and the files of Fashion-MNIST (Debian: python3-torch, dataset-fashion-mnist). Takes some minutes.
The files in the repository were written by PyTorch 1.13.

    train_fashion.py [<folder of the four files>]
"""
import gzip
import pathlib
import sys

import numpy
import torch

here = pathlib.Path(__file__).parent
data = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist")


def read(name, header):
    with gzip.open(data / name) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


def images(name):
    """Pixels from 0 to 255."""
    return torch.from_numpy(read(name, 16).reshape(-1, 1, 28, 28).astype(numpy.float32))


def labels(name):
    return torch.from_numpy(read(name, 8).astype(numpy.int64))


class Scale(torch.nn.Module):
    """Scales pixels to [0, 1] inside the network, so that callers need no preprocessing."""

    def forward(self, x):
        return x / 255


def network():
    return torch.nn.Sequential(
        Scale(),
        torch.nn.Conv2d(1, 4, 5, stride=2),
        torch.nn.BatchNorm2d(4),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(4, 16, 3),
        torch.nn.BatchNorm2d(16),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(256, 10),
    )


def train(net, x, y, epochs=12, batch=128):
    optimizer = torch.optim.Adam(net.parameters())
    steps = epochs * (len(x) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=steps)
    for epoch in range(epochs):
        order = torch.randperm(len(x))
        for k in range(len(x) // batch):
            chosen = order[k * batch:(k + 1) * batch]
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(x[chosen]), y[chosen])
            loss.backward()
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1}: loss of the last batch {loss.item():.3f}", flush=True)


torch.manual_seed(5)
torch.set_num_threads(1)
net = network()
train(net, images("train-images-idx3-ubyte.gz"), labels("train-labels-idx1-ubyte.gz"))
net.eval()

x, y = images("t10k-images-idx3-ubyte.gz"), labels("t10k-labels-idx1-ubyte.gz")
with torch.no_grad():
    answers = net(x)
right = int((answers.argmax(1) == y).sum())
print(f"{right} of {len(y)} test images")

torch.onnx.export(net, x[:1], str(here / "fashion.onnx"), opset_version=13, input_names=["image"],
                  output_names=["logits"])
# The first 200 test images, as bytes to keep the file small.
numpy.save(here / "fashion_x.npy", x[:200].numpy().astype(numpy.uint8))
numpy.save(here / "fashion_labels.npy", y[:200].numpy().astype(numpy.int32))
(here / "fashion_accuracy.csv").write_text(f"right,images\n{right},{len(y)}\n")
