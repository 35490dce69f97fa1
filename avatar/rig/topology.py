"""Which of the tracker's 478 points is where. Left and right are the picture's."""

from __future__ import annotations

from typing import Final

# Lip contours from the picture's left corner to the right one.
INNER_UPPER: Final = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
INNER_LOWER: Final = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
OUTER_UPPER: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
OUTER_LOWER: Final = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
CORNERS: Final = (61, 291)
CHIN: Final = 152
FOREHEAD: Final = 10
WINGS: Final = (129, 358)

# For each eye: the lid margins from the picture's left to its right, the crease above, the iris,
# the brow.
EYES: Final = (
    {
        "upper": (33, 246, 161, 160, 159, 158, 157, 173, 133),
        "lower": (33, 7, 163, 144, 145, 153, 154, 155, 133),
        "crease": (130, 247, 30, 29, 27, 28, 56, 190, 243),
        "iris": (468, 469, 470, 471, 472),
        "brow": (70, 63, 105, 66, 107, 46, 53, 52, 65, 55),
    },
    {
        "upper": (362, 398, 384, 385, 386, 387, 388, 466, 263),
        "lower": (362, 382, 381, 380, 374, 373, 390, 249, 263),
        "crease": (463, 414, 286, 258, 257, 259, 260, 467, 359),
        "iris": (473, 474, 475, 476, 477),
        "brow": (300, 293, 334, 296, 336, 276, 283, 282, 295, 285),
    },
)
