"""What scikit-learn, SciPy and torchmetrics say of predictions that a formula gives (measures-case.ts has the same one).

    measures_fixture.py  > ../fixtures/reference/measures.json
"""
import json
import numpy
import scipy
import sklearn
import torch
import torchvision_alone  # noqa: F401  torchmetrics imports torchvision
import torchmetrics
from formula_fixture import uniform
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from scipy.stats import binomtest, chi2, entropy
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score, roc_curve
from torchmetrics.functional.classification import multiclass_calibration_error

COUNT, CLASSES = 600, 7


def logits(name, labels):
    z = 8 * uniform(name, COUNT * CLASSES).reshape(COUNT, CLASSES)
    z[numpy.arange(COUNT), labels] += 3
    return z.astype(numpy.float32).astype(numpy.float64)


def measures(z, labels):
    p = softmax(z, axis=1)
    fitted = minimize_scalar(lambda t: log_loss(labels, softmax(z / t, axis=1), labels=range(CLASSES)), bounds=(0.01, 50), method="bounded", options={"xatol": 1e-10})
    return {
        "accuracy": float((p.argmax(1) == labels).mean()),
        "nll": log_loss(labels, p, labels=range(CLASSES)),
        "brier": float(((p - numpy.eye(CLASSES)[labels]) ** 2).sum(1).mean()),
        "brierOfFirstClass": brier_score_loss(labels == 0, p[:, 0]),
        "ece": multiclass_calibration_error(torch.tensor(p), torch.tensor(labels), CLASSES, n_bins=15, norm="l1").item(),
        "temperature": float(fitted.x),
        "temperatureNll": float(fitted.fun),
    }


def detection(known, unknown):
    y = numpy.r_[numpy.ones(len(known)), numpy.zeros(len(unknown))]
    scores = numpy.r_[known, unknown]
    false, true, _ = roc_curve(y, scores, drop_intermediate=False)
    return {"auroc": roc_auc_score(y, scores), "aupr": average_precision_score(y, scores), "fpr95": float(false[numpy.argmax(true >= 0.95)])}


def main():
    labels = (uniform("labels", COUNT) * CLASSES).astype(int)
    one, other = logits("one", labels), logits("other", labels)
    p1, p2 = softmax(one, axis=1), softmax(other, axis=1)
    right = [p.argmax(1) == labels for p in (p1, p2)]
    b, c = int((right[0] & ~right[1]).sum()), int((~right[0] & right[1]).sum())
    statistic = (abs(b - c) - 1) ** 2 / (b + c)
    mean = (p1 + p2) / 2
    # Scores in steps of 1/64, so that many are equal.
    steps = lambda p: numpy.floor(p.max(1) * 64) / 64
    print(json.dumps({
        "made with": f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, torchmetrics {torchmetrics.__version__}",
        "one": measures(one, labels),
        "mean": measures(numpy.log(mean), labels),
        "logitMean": measures((one + other) / 2, labels),
        "mutualInformation": float((entropy(mean, axis=1) - (entropy(p1, axis=1) + entropy(p2, axis=1)) / 2).mean()),
        "mcnemar": {"onlyThis": b, "onlyOther": c, "exactP": binomtest(b, b + c, 0.5).pvalue, "statistic": statistic, "p": float(chi2.sf(statistic, 1))},
        "detection": detection(steps(p1)[:400], steps(softmax(other / 2, axis=1))[:150]),
        "normalisers": (one[:5] - log_softmax(one, axis=1)[:5])[:, 0].tolist(),
    }, indent=1))


main()
