"""Makes `import torchvision` work beside a PyTorch that its compiled operations were not built for: models need none of them.
Import this module first."""
import sys
import torch

try:
    import torchvision  # noqa: F401
except RuntimeError:
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    LIBRARY = torch.library.Library("torchvision", "DEF")
    for operation in ("nms", "qnms"):
        LIBRARY.define(operation + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision  # noqa: F401
