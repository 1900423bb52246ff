#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Trains the network that the example import_amp imports, and writes its files into this folder.

Needs PyTorch and NumPy. Takes some minutes. The files in the repository were written by PyTorch 1.13.
"""
import gzip
import pathlib

import numpy
import torch

here = pathlib.Path(__file__).parent
rate = 44_100
piece = 64  # sequence length for training and export


def clipper(signal):
    """The diode clipper of examples/amp.cpp, for several signals (columns)."""
    resistance, capacity, current, thermal, steps = 2200, 10e-9, 2.52e-9, 45.3e-3, 4
    h = 1 / (rate * steps)

    def slope(x, v):
        return (x - v) / (resistance * capacity) - 2 * current / capacity * numpy.sinh(v / thermal)

    def slope_by_v(v):
        return -1 / (resistance * capacity) - 2 * current / (capacity * thermal) * numpy.cosh(v / thermal)

    output = numpy.empty_like(signal)
    v, before = numpy.zeros(signal.shape[1]), numpy.zeros(signal.shape[1])
    for t, sample in enumerate(signal):
        for step in range(steps):
            # The trapezoidal rule, solved by Newton's method.
            last, now = (before + (sample - before) * k / steps for k in (step, step + 1))
            known = v + h / 2 * slope(last, v)
            for _ in range(50):
                change = (v - h / 2 * slope(now, v) - known) / (1 - h / 2 * slope_by_v(v))
                v = v - change
                if numpy.abs(change).max() < 1e-12:
                    break
        before = sample
        output[t] = v
    return output


def strings(chords, samples, seed):
    """Plucked strings: each column is a chord of two notes, each with eight harmonics that decay."""
    draw = numpy.random.default_rng(seed)
    t = numpy.arange(samples)[:, None] / rate
    signal = numpy.zeros((samples, chords))
    loudness = draw.uniform(0.2, 1.5, chords)
    for _ in range(2):
        pitch = 82.4 * 2 ** (draw.uniform(0, 36, chords) / 12)
        for harmonic in range(1, 9):
            signal += (loudness / harmonic * numpy.minimum(1, 400 * t) * numpy.exp(-(2 + 2 * harmonic) * t) *
                       numpy.sin(2 * numpy.pi * harmonic * pitch * t) * (harmonic * pitch < rate / 4))
    return signal


class Amp(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, 16, batch_first=True)
        self.out = torch.nn.Linear(16, 1)

    def forward(self, x):
        y, _ = self.lstm(x)
        return self.out(y)


def tensor(signal):
    return torch.from_numpy(signal.astype(numpy.float32))


torch.manual_seed(1)
torch.set_num_threads(1)
dry = strings(chords=32, samples=rate // 4, seed=1)
wet = clipper(dry)
rows = len(dry) // piece * piece
x, y = (tensor(signal[:rows].T.reshape(-1, piece, 1)) for signal in (dry, wet))
net = Amp()
epochs, batch = 30, 32
optimizer = torch.optim.Adam(net.parameters())
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=epochs * (len(x) // batch))
for epoch in range(epochs):
    order = torch.randperm(len(x))
    for k in range(len(x) // batch):
        chosen = order[k * batch:(k + 1) * batch]
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(net(x[chosen]), y[chosen])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1)
        optimizer.step()
        schedule.step()
    print(f"epoch {epoch + 1}: loss of the last batch {loss.item():.6f}", flush=True)
net.eval()

torch.onnx.export(net, x[:1], str(here / "amp.onnx"), opset_version=13, input_names=["dry"], output_names=["wet"])

# An unseen chord: 50 ms, in one sequence.
played = strings(chords=1, samples=rate // 20, seed=2)
wanted = clipper(played)
with torch.no_grad():
    answered = net(tensor(played.reshape(1, -1, 1))).numpy().reshape(-1)
error = ((answered - wanted[:, 0]) ** 2).sum() / (wanted ** 2).sum()
print(f"error-to-signal ratio: {100 * error:.3f}%")
lines = ["dry,circuit,pytorch"] + [f"{numpy.float32(a)!s},{numpy.float32(b)!s},{c!s}"
                                   for a, b, c in zip(played[:, 0], wanted[:, 0], answered)]
with gzip.GzipFile(here / "amp_played.csv.gz", "wb", mtime=0) as file:
    file.write(("\n".join(lines) + "\n").encode())
