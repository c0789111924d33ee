"""What NumPy, SciPy and PyTorch say of networks as points and of the Hessian of a tiny network, of numbers that a formula gives (formula.ts has the same one).

    basin_fixture.py  > ../fixtures/reference/basin.json
"""
import json
import numpy
import scipy.linalg
import scipy.spatial.distance
import torch
from formula_fixture import uniform

NETWORKS, WEIGHTS = 6, 500
IMAGES, FEATURES, HIDDEN, CLASSES = 40, 5, 6, 3


def geometry():
    points = numpy.stack([(4 * uniform(f"network {index}", WEIGHTS) - 2).astype(numpy.float32).astype(numpy.float64) for index in range(NETWORKS)])
    displaced = points[1:] - points[0]
    cosines = 1 - scipy.spatial.distance.cdist(displaced, displaced, "cosine")
    centred = points - points.mean(0)
    singular = numpy.linalg.svd(centred, compute_uv=False)[: NETWORKS - 1]
    axes = numpy.linalg.svd(centred)[2][: NETWORKS - 1]
    return {
        "norm": numpy.linalg.norm(points, axis=1).tolist(),
        "distance": scipy.spatial.distance.cdist(points, points).tolist(),
        "cosine": (1 - scipy.spatial.distance.cdist(points, points, "cosine")).tolist(),
        "angle": numpy.degrees(numpy.arccos(numpy.clip(cosines, -1, 1))).tolist(),
        "variance": (singular**2 / (NETWORKS - 1)).tolist(),
        "explained": (singular**2 / (singular**2).sum()).tolist(),
        "coordinates": numpy.abs(centred @ axes.T).tolist(),
        "eigenvalues": scipy.linalg.eigvalsh(centred @ centred.T)[::-1].tolist(),
    }


def hessian():
    shapes = [(HIDDEN, FEATURES), (HIDDEN,), (CLASSES, HIDDEN), (CLASSES,)]
    sizes = [int(numpy.prod(shape)) for shape in shapes]
    start = numpy.concatenate([(2 * uniform(f"tensor {index}", size) - 1).astype(numpy.float32) for index, size in enumerate(sizes)])
    images = torch.tensor((2 * uniform("images", IMAGES * FEATURES) - 1).astype(numpy.float32)).double().reshape(IMAGES, FEATURES)
    labels = torch.arange(IMAGES) % CLASSES

    def loss(flat):
        first, first_bias, second, second_bias = (part.reshape(shape) for part, shape in zip(flat.split(sizes), shapes))
        return torch.nn.functional.cross_entropy(torch.tanh(images @ first.T + first_bias) @ second.T + second_bias, labels)

    flat = torch.tensor(start).double()
    matrix = torch.autograd.functional.hessian(loss, flat)
    signs = torch.tensor(numpy.where(uniform("signs", len(start)) < 0.5, -1.0, 1.0))
    flat.requires_grad_(True)
    (gradient,) = torch.autograd.grad(loss(flat), flat)
    return {
        "loss": loss(flat).item(),
        "gradientNorm": gradient.norm().item(),
        "topEigenvalue": scipy.linalg.eigvalsh(matrix.numpy())[-1],
        "trace": matrix.trace().item(),
        "alongSigns": (signs @ matrix @ signs).item(),
    }


print(json.dumps({"made with": f"numpy {numpy.__version__}, scipy {scipy.__version__}, torch {torch.__version__}", "geometry": geometry(), "hessian": hessian()}, indent=1))
