"""The line between training and evaluation.

Every exchange has a key, such as `capital|What is the capital of {}?|France` (family, phrasing, fact),
`sum|17|24` (a pair of numbers, whatever the phrasing), `name|Tobrin` (a name to be remembered) or
`unknown|photosynthesis`. A key whose hash falls in the held-out tenth is never generated for training, alone or inside
a longer dialogue, with whatever decoration, typing error or system turn. Evaluation judges only such keys.
"""
import hashlib

HELD_OUT_SHARE = 10  # one key in ten


def is_held_out(key: str) -> bool:
    """Whether `key` belongs to evaluation; a fixed function of its text."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % HELD_OUT_SHARE == 0
