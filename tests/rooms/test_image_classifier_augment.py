"""Augmentation, each step against what it says it does."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from pellucid.rooms.image_classifier.augment import augment, crop, flip, jitter, shift
from pellucid.rooms.image_classifier.data import DataConfig

OFF = DataConfig()


def batch(channels: int = 3, count: int = 40, height: int = 9, width: int = 12) -> torch.Tensor:
    return torch.rand(count, channels, height, width, generator=torch.Generator().manual_seed(3)) + 0.5


@pytest.mark.parametrize("channels", [1, 3])
def test_a_shift_is_numpys_roll_with_black_where_nothing_was(channels):
    pixels, black = batch(channels), torch.arange(channels).reshape(-1, 1, 1) - 2.0
    random = torch.Generator().manual_seed(1)
    down, right = (torch.randint(-13, 14, (40,), generator=random) for _ in range(2))
    down[0] = right[1] = 0
    found = shift(pixels, down, right, 13, black).numpy()
    for picture, old, a, b in zip(found, pixels.numpy(), down.tolist(), right.tolist(), strict=True):
        wanted = np.roll(old, (a, b), (1, 2))
        wanted[:, : max(a, 0)] = wanted[:, 9 + min(a, 0) if a < 0 else 9 :] = black
        wanted[:, :, : max(b, 0)] = wanted[:, :, max(12 + b, 0) if b < 0 else 12 :] = black
        if abs(a) >= 9 or abs(b) >= 12:
            wanted[:] = black
        np.testing.assert_array_equal(picture, wanted)
    assert set(down.sign().tolist()) == set(right.sign().tolist()) == {-1, 0, 1}


def test_a_flip_is_its_own_inverse_and_changes_those_it_is_told():
    pixels, which = batch(), torch.arange(40) % 3 == 0
    once = flip(pixels, which)
    assert torch.equal(flip(once, which), pixels)
    assert torch.equal(once[~which], pixels[~which])
    assert torch.equal(once[which], pixels[which].flip(-1)) and not torch.equal(once[0], pixels[0])


def test_a_crop_of_all_is_the_picture_and_no_crop_leaves_its_range():
    pixels = batch()
    torch.testing.assert_close(crop(pixels, 1.0), pixels, atol=1e-5, rtol=0)
    found = crop(pixels, 0.5)
    assert found.shape == pixels.shape and not torch.allclose(found, pixels)
    assert found.amin() >= pixels.amin() - 1e-6 and found.amax() <= pixels.amax() + 1e-6
    slope = torch.linspace(-1, 1, 101).expand(200, 1, 101, 101)  # what is cut out has a smaller slope, at least half
    spread = np.ptp(crop(slope, 0.5).numpy()[:, 0, 50], axis=1)
    assert 0.98 < spread.min() < 1.1 and 1.9 < spread.max() <= 2.0
    middles = crop(slope, 0.5)[:, 0, 50, 50]
    assert middles.amin() >= -0.51 and middles.amax() <= 0.51 and abs(middles.mean()) < 0.1


def test_jitter_stays_within_what_it_is_given():
    pixels, black = batch() * 4, torch.tensor([-0.5, -0.2, 0.1]).reshape(-1, 1, 1)
    torch.testing.assert_close(jitter(pixels, 0.0, black), pixels)
    flat = torch.full((200, 3, 2, 2), 3.0)
    factor = (jitter(flat, 0.2, 1.0) - 1) / 2  # gray without contrast: only brightness is left
    assert 0.8 <= factor.amin() < 0.82 and 1.18 < factor.amax() <= 1.2
    assert torch.equal(factor.amin((1, 2, 3)), factor.amax((1, 2, 3)))  # one factor a picture
    gray = jitter(batch(1), 0.3)
    assert gray.shape == (40, 1, 9, 12) and not torch.allclose(gray, batch(1))


def test_with_nothing_wanted_it_is_the_batch_itself():
    pixels = batch()
    assert augment(pixels, OFF) is pixels


@pytest.mark.parametrize("wanted", [{"shift": 2}, {"flip": True}, {"crop": 0.2}, {"jitter": 0.3}])
def test_the_same_seed_gives_the_same_batch_and_another_another(wanted):
    config = OFF.model_copy(update=wanted)

    def made(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        return augment(batch(), config)

    assert torch.equal(made(1), made(1))
    assert not torch.equal(made(1), made(2))
    changed = (made(1) != batch()).flatten(1).any(1)
    assert changed.float().mean() > 0.3 and len({tuple(each.flatten().tolist()) for each in made(1)}) == 40


def test_all_together_on_the_networks_numbers():
    config = SimpleNamespace(shift=3, flip=True, crop=0.2, jitter=0.2)
    torch.manual_seed(0)
    pixels = batch()
    before = pixels.clone()
    found = augment(pixels, config, [0.0, 0.1, 0.2])
    assert found.shape == pixels.shape and found.dtype == pixels.dtype and found.isfinite().all()
    assert torch.equal(pixels, before)  # the batch that was given is left alone
    half = augment(pixels.to(torch.bfloat16), config)
    assert half.dtype == torch.bfloat16 and half.isfinite().all()


def test_black_is_the_darkest_of_the_batch_where_it_is_not_given():
    torch.manual_seed(0)
    found = augment(batch(3, 200), OFF.model_copy(update={"shift": 9}))
    darkest = batch(3, 200).amin((0, 2, 3))
    assert torch.equal(found.amin((0, 2, 3)), darkest)
    assert (found == darkest.reshape(-1, 1, 1)).float().mean() > 0.5
