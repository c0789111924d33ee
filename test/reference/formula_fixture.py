"""What networks of torchvision and timm make of weights and images that a formula gives (formula.ts has the same one).

    formula_fixture.py library:network:side ...  > fixture.json

Each tensor's number i is u(i) = fmix32(fnv1a(name) + i * 0x9e3779b9) / 2^32 in [0, 1), scaled by what the tensor is.
"""
import json
import math
import re
import sys
import numpy
import torch
import torchvision_alone
import timm


def uniform(name, count):
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    with numpy.errstate(over="ignore"):
        x = numpy.uint32(seed) + numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(0x9E3779B9)
        x ^= x >> numpy.uint32(16)
        x *= numpy.uint32(0x85EBCA6B)
        x ^= x >> numpy.uint32(13)
        x *= numpy.uint32(0xC2B2AE35)
        x ^= x >> numpy.uint32(16)
    return x.astype(numpy.float64) / 2**32


def formula(name, shape):
    u = uniform(name, math.prod(shape))
    if re.match(r"layer.*bn[23].weight", name):
        values = 0.1 + 0.3 * u  # residual branches are damped, or the numbers grow with every block
    elif len(shape) == 1:
        values = 0.5 + u if name.endswith(("weight", "running_var")) else 0.4 * u - 0.2
    else:
        gain = 1 if len(shape) == 4 and shape[2] == 1 else 2  # 1x1 convolutions are often not followed by a relu
        values = (2 * u - 1) * math.sqrt(3 * gain / math.prod(shape[1:]))
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


def images(side, draw="images"):
    values = (2 * uniform(draw, 2 * 3 * side * side) - 1) * math.sqrt(3)
    return torch.from_numpy(values.astype(numpy.float32).reshape(2, 3, side, side))


def main(networks):
    torch.set_num_threads(1)
    fixture = {"made with": f"torch {torch.__version__}, torchvision {torchvision_alone.torchvision.__version__}, timm {timm.__version__}", "networks": {}}
    for network in networks:
        library, name, side = network.split(":")
        model = timm.create_model(name) if library == "timm" else getattr(torchvision_alone.torchvision.models, name)()
        state = model.state_dict()
        for key, value in state.items():
            if value.is_floating_point():
                value.copy_(formula(key, list(value.shape)))
        with torch.no_grad():
            logits = model.eval()(images(int(side)))
        fixture["networks"][f"{library}:{name}"] = {
            "side": int(side),
            "shapes": {key: list(value.shape) for key, value in state.items() if value.is_floating_point()},
            "logits": [[round(value, 6) for value in row[::10]] for row in logits.tolist()],
        }
    print(json.dumps(fixture, separators=(",", ":")))


if __name__ == "__main__":
    main(sys.argv[1:])
