"""Separates what moves from what stays: the weight of the person and the background behind."""

from __future__ import annotations

import numpy as np

from avatar.arrays import Floats32, Pixels
from avatar.images import apply_guided_filter, fill_unknown, to_bytes
from avatar.mathematics import smoothstep_between
from avatar.opencv import cv2


def separate_layers(rest: Pixels, matte: Floats32, face_height: float) -> tuple[Floats32, Pixels]:
    """The weight of the moving layer, and the still background.

    The moving layer takes a rim of background along and fades out in it, where both layers show the
    same pixels. So hair is never cut, and nothing changes visibly at rest.
    """
    grey = cv2.cvtColor(rest, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    fine = apply_guided_filter(grey, matte, max(3, round(face_height * 0.03)), 1e-3)
    person = (np.maximum(fine, matte) > 0.25).astype(np.uint8)
    person = _keep_largest_part(_add_strands(rest, person, face_height))
    away = cv2.distanceTransform(1 - person, cv2.DIST_L2, 5)
    # The tracker's matte has 256 pixels a side, so hair may extend beyond it by 2 % of a face.
    rim, fade = 0.025 * face_height, 0.055 * face_height
    weight = (1 - smoothstep_between(rim, rim + fade, away)).astype(np.float32)
    weight[weight > 0.999] = 1
    weight[weight < 0.001] = 0
    return weight, _fill_behind(rest, away, rim, 0.25 * face_height)


def _fill_behind(rest: Pixels, away: Floats32, rim: float, reach: float) -> Pixels:
    """What the person hides.

    Near the outline, the background is mirrored there, so that foliage continues as foliage.
    Farther inside than `reach`, it is the smoothed background.
    """
    known = away > rim
    smooth = fill_unknown(rest, known)
    hidden = (~known).astype(np.uint8)
    deep, labels = cv2.distanceTransformWithLabels(
        hidden, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    if not known.any() or not hidden.any():
        return smooth
    # The labels number the known pixels: find out which number is which pixel.
    rows, columns = np.nonzero(known)
    nearest = np.zeros((int(labels.max()) + 1, 2), np.float32)
    nearest[labels[rows, columns]] = np.stack([columns, rows], -1)
    y, x = np.mgrid[0 : rest.shape[0], 0 : rest.shape[1]].astype(np.float32)
    # Neighbours have neighbouring mirror images, except at creases in the outline, which are
    # smoothed.
    at = 2 * nearest[labels] - np.stack([x, y], -1)
    at = cv2.GaussianBlur(at, (0, 0), max(1.0, 0.06 * reach))
    mirrored = cv2.remap(rest, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    # This must never show the person, from across a concave outline or from beyond the edge.
    clean = cv2.remap(
        known.astype(np.float32), at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    clean = cv2.erode(clean, np.ones((5, 5), np.uint8))
    mix = np.clip(1.5 - deep / reach, 0, 1) * cv2.GaussianBlur(clean, (0, 0), 2.0) ** 2
    out = smooth + (mirrored.astype(np.float32) - smooth) * mix[..., None]
    out[known] = rest[known]
    return to_bytes(out)


def _add_strands(rest: Pixels, person: Pixels, face_height: float) -> Pixels:
    """Add the hair that the matte cut off: whatever stands out near the person."""
    away = cv2.distanceTransform(1 - person, cv2.DIST_L2, 5)
    far = away > 0.16 * face_height
    if far.mean() < 0.02:
        return person
    lab = cv2.cvtColor(rest, cv2.COLOR_RGB2LAB).astype(np.float32)
    behind = cv2.cvtColor(fill_unknown(rest, far), cv2.COLOR_RGB2LAB).astype(np.float32)
    inner = cv2.erode(person, np.ones((5, 5), np.uint8)) > 0
    before = cv2.cvtColor(fill_unknown(rest, inner), cv2.COLOR_RGB2LAB).astype(np.float32)
    # A strand of hair in front of a wall differs by 20 levels of Lab; a wall's own shading is half
    # of that.
    apart = np.abs(lab - behind).max(-1)
    strange = (apart > 20) & (np.abs(lab - before).max(-1) < apart)
    band = (away > 0.03 * face_height) & (away < 0.13 * face_height)
    # Hair in front of a wall fills 3 % of the band around a head. Leaves and rocks fill 10 % and
    # more, and then the matte is all that can be used.
    if band.sum() == 0 or strange[band].mean() > 0.07:
        return person
    near = (away < 0.13 * face_height) & strange
    return np.asarray(np.maximum(person, near.astype(np.uint8)), np.uint8)


def _keep_largest_part(person: Pixels) -> Pixels:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(person)
    if len(stats) < 2:
        return person
    keep = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return np.asarray((labels == keep).astype(np.uint8), np.uint8)
