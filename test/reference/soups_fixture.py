"""Soups of small networks that a formula gives, by NumPy, for the rules of core/soups.

    soups_fixture.py > soups.json

Number i of tensor t (its place) of parent k is ((7919 i + 104729 k + 15485863 t + 1) * 48271 mod 1000003) / 500000 - 1; the third parent is the pre-trained network, a tenth as large.
"""
import json
import numpy as np

SHAPES = {"a.weight": (40, 30), "a.bias": (30,), "b.weight": (7, 5, 3), "n.running_var": (9,)}


def tensor(place, shape, parent):
    i = np.arange(np.prod(shape), dtype=np.int64)
    values = ((7919 * i + 104729 * parent + 15485863 * place + 1) * 48271 % 1000003) / 500000 - 1
    return (values / (10 if parent == 2 else 1)).astype(np.float32)


parents = [{name: tensor(place, shape, k) for place, (name, shape) in enumerate(SHAPES.items())} for k in range(3)]
trained = [name for name in SHAPES if "running" not in name]
a, b, start = parents


def every(mix, plain=lambda name: (a[name].astype(float) + b[name]) / 2):
    return {name: [float(x) for x in (mix(name) if name in trained else plain(name))] for name in SHAPES}


def flat(parent):
    return np.concatenate([parent[name].astype(float) for name in trained])


def slerp(t):
    omega = np.arccos(flat(a) @ flat(b) / np.linalg.norm(flat(a)) / np.linalg.norm(flat(b)))
    return every(lambda name: (np.sin((1 - t) * omega) * a[name] + np.sin(t * omega) * b[name]) / np.sin(omega), lambda name: (1 - t) * a[name].astype(float) + t * b[name])


def ties(density, scale):
    learned = [{name: parent[name] - start[name] for name in trained} for parent in (a, b)]
    for vector in learned:
        sizes = np.sort(np.abs(np.concatenate(list(vector.values()))))[::-1]
        least = sizes[round(density * len(sizes)) - 1]
        for name in trained:
            vector[name] = np.where(np.abs(vector[name]) >= least, vector[name], 0).astype(float)

    def mix(name):
        both = np.stack([vector[name] for vector in learned])
        agree = both * np.sign(both.sum(0)) > 0
        return start[name] + scale * (both * agree).sum(0) / np.maximum(agree.sum(0), 1)

    return every(mix)


def model_stock():
    def mix(name):
        layer = [other for other in trained if other.rsplit(".", 1)[0] == name.rsplit(".", 1)[0]]
        x, y = (np.concatenate([parent[other].astype(float) - start[other] for other in layer]) for parent in (a, b))
        cosine = max(0, x @ y / np.linalg.norm(x) / np.linalg.norm(y))
        t = 2 * cosine / (1 + cosine)
        return t * (a[name].astype(float) + b[name]) / 2 + (1 - t) * start[name]

    return every(mix)


print(json.dumps({
    "uniform": every(lambda name: (a[name].astype(float) + b[name]) / 2),
    "wise-ft": every(lambda name: 0.3 * (a[name].astype(float) + b[name]) / 2 + 0.7 * start[name], lambda name: 0.3 * (a[name].astype(float) + b[name]) / 2 + 0.7 * start[name]),
    "slerp": slerp(0.3),
    "ties": ties(0.2, 0.7),
    "model-stock": model_stock(),
}))
