"""A program that paints the sample course's presenter: a portrait of nobody who lives.

`python -m samples.presenter OUT.png` paints it. Lengths are centimetres of the head, origin
between the pupils, x to the viewer's right, y up, z towards the viewer; the camera is orthographic,
so that a place on the face and a place in the picture are one.
"""
