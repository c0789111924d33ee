"""Operations on images as Pillow and the standard library do them.

The argument is a JSON request: {"width", "height", "channels", "pixels": base64, "operations": [[name, ...arguments], ...]}.
Prints a list with the pixels of each result, base64.
"""
import base64
import colorsys
import json
import sys

from PIL import Image, ImageEnhance, ImageOps

NEAREST = Image.Resampling.NEAREST
AFFINE = Image.Transform.AFFINE


def hue(image, turn):
    def turned(pixel):
        h, s, v = colorsys.rgb_to_hsv(*(value / 255 for value in pixel))
        return tuple(round(value * 255) for value in colorsys.hsv_to_rgb((h + turn) % 1, s, v))

    result = image.copy()
    result.putdata([turned(pixel) for pixel in image.getdata()])
    return result


OPERATIONS = {
    "brightness": lambda image, factor: ImageEnhance.Brightness(image).enhance(factor),
    "contrast": lambda image, factor: ImageEnhance.Contrast(image).enhance(factor),
    "saturation": lambda image, factor: ImageEnhance.Color(image).enhance(factor),
    "sharpness": lambda image, factor: ImageEnhance.Sharpness(image).enhance(factor),
    "hue": hue,
    "autocontrast": ImageOps.autocontrast,
    "equalize": ImageOps.equalize,
    "posterize": ImageOps.posterize,
    "solarize": ImageOps.solarize,
    "rotate": lambda image, degrees: image.rotate(degrees, NEAREST),
    "shearX": lambda image, slope: image.transform(image.size, AFFINE, (1, slope, 0, 0, 1, 0), NEAREST),
    "shearY": lambda image, slope: image.transform(image.size, AFFINE, (1, 0, 0, slope, 1, 0), NEAREST),
    "translate": lambda image, right, down: image.transform(image.size, AFFINE, (1, 0, -right, 0, 1, -down), NEAREST),
    "resize": lambda image, left, top, width, height, to_width, to_height: image.crop((left, top, left + width, top + height)).resize(
        (to_width, to_height), Image.Resampling.BILINEAR
    ),
}

request = json.loads(sys.argv[1])
mode = "RGB" if request["channels"] == 3 else "L"
image = Image.frombytes(mode, (request["width"], request["height"]), base64.b64decode(request["pixels"]))
results = [OPERATIONS[name](image, *arguments) for name, *arguments in request["operations"]]
print(json.dumps([base64.b64encode(result.tobytes()).decode() for result in results], indent=0))
