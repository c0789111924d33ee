"""What Pillow, SciPy and colorsys make of an image that a formula gives: the corruptions that these libraries define.

    corruptions_fixture.py  > ../fixtures/reference/corruptions.json
"""
import colorsys
import io
import json
import numpy
import PIL
import scipy
from formula_fixture import uniform
from PIL import Image
from scipy.ndimage import gaussian_filter

HEIGHT, WIDTH = 37, 45


def image():
    noise = uniform("noise", HEIGHT * WIDTH * 3).reshape(HEIGHT, WIDTH, 3)
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    waves = numpy.stack([numpy.sin(x / 7) + numpy.cos(y / 5), numpy.sin((x + y) / 9), numpy.cos(x / 11)], axis=2)
    return numpy.floor(numpy.clip(127 + 60 * waves + 40 * (noise - 0.5), 0, 255)).astype(numpy.uint8)


def jpeg(pixels, quality):
    output = io.BytesIO()
    Image.fromarray(pixels).save(output, "JPEG", quality=quality)
    return numpy.array(Image.open(output))


def pixelate(pixels, share):
    height, width = pixels.shape[:2]
    small = Image.fromarray(pixels).resize((int(width * share), int(height * share)), Image.BOX)
    return numpy.array(small.resize((width, height), Image.BOX))


def in_hsv(pixels, change):
    rows = [colorsys.hsv_to_rgb(*change(*colorsys.rgb_to_hsv(*(pixel / 255)))) for pixel in pixels.reshape(-1, 3)]
    return numpy.array(rows).reshape(pixels.shape) * 255


def main():
    pixels = image()
    grey = pixels[..., 0]
    blurred = lambda sigma: gaussian_filter(pixels / 255, (sigma, sigma, 0), mode="reflect") * 255
    fixture = {
        "jpeg 25": jpeg(pixels, 25), "jpeg 80": jpeg(pixels, 80), "jpeg grey 10": jpeg(grey, 10),
        "pixelate 0.6": pixelate(pixels, 0.6), "pixelate 0.25": pixelate(pixels, 0.25),
        "blur 0.6": blurred(0.6), "blur 3": blurred(3),
        "brightness 0.2": in_hsv(pixels, lambda h, s, v: (h, s, min(v + 0.2, 1))),
        "saturate 5 0.1": in_hsv(pixels, lambda h, s, v: (h, min(5 * s + 0.1, 1), v)),
    }
    numbers = {name: numpy.round(values, 3).reshape(-1)[::7].tolist() for name, values in fixture.items()}
    print(json.dumps({"made with": f"Pillow {PIL.__version__}, SciPy {scipy.__version__}", "pixels": pixels.reshape(-1)[::97].tolist(), "every seventh": numbers}))


main()
