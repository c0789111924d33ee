"""Makes an ensemble of stored logits with NumPy for each line on stdin, and prints the seconds it took, then accuracy, NLL, Brier score and ECE.

    ensemble.py LOGITS MEMBERS OBJECTS CLASSES
LOGITS: float32, members after one another, then the labels as int32.
"""
import sys
import time
import numpy

path, members, objects, classes = sys.argv[1], *map(int, sys.argv[2:])
raw = numpy.fromfile(path, dtype=numpy.float32)
logits = raw[: members * objects * classes].reshape(members, objects, classes).copy()
labels = raw[members * objects * classes :].view(numpy.int32).astype(numpy.int64)

print(f"NumPy {numpy.__version__}", flush=True)
for _ in sys.stdin:
    started = time.perf_counter()
    mean = numpy.zeros((objects, classes))
    for member in logits:
        exponentials = numpy.exp(member - member.max(1, keepdims=True))
        mean += exponentials / exponentials.sum(1, keepdims=True)
    mean /= members
    right = mean.argmax(1) == labels
    of_label = mean[numpy.arange(objects), labels]
    nll = -numpy.log(of_label).mean()
    brier = ((mean * mean).sum(1) - 2 * of_label + 1).mean()
    confidence = mean.max(1)
    bins = numpy.clip(numpy.ceil(confidence * 15) - 1, 0, 14).astype(int)
    ece = numpy.abs(numpy.bincount(bins, right - confidence, 15)).sum() / objects
    print(time.perf_counter() - started, right.mean(), nll, brier, ece, flush=True)
