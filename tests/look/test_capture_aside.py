"""Capture leaves no mark: switches, weights, chance, memory and other threads are as they were."""

import gc
import threading
import weakref

import numpy as np
import pytest
import torch
from foreign import make
from torch import nn

from pellucid.look import capture


def switches():
    return (
        torch.backends.mkldnn.enabled,
        torch.backends.mha.get_fastpath_enabled(),
        torch.backends.cuda.flash_sdp_enabled(),
        torch.is_grad_enabled(),
        len(torch.nn.modules.module._global_forward_hooks),
        len(torch.nn.modules.module._global_forward_pre_hooks),
    )


class Fails(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout()

    def forward(self, x):
        x = self.drop(x)
        raise RuntimeError("as told")


def test_everything_is_put_back_even_after_an_error():
    module, before = Fails().train(), switches()
    module.drop.eval()
    assert before[0] and before[1] and before[2]
    with pytest.raises(RuntimeError, match="as told"):
        capture(module, torch.ones(2))
    assert switches() == before
    assert module.training and not module.drop.training


@pytest.mark.parametrize("backward", [False, True])
def test_gradients_chance_and_weights_stay_as_they_were(backward):
    module, args, kwargs = make("tied")
    module.fc.weight.grad = torch.full_like(module.fc.weight, 3.0)
    weights = {name: each.clone() for name, each in module.state_dict().items()}
    state, before = torch.get_rng_state(), switches()
    capture(module, *args, backward=backward, **kwargs)
    assert torch.equal(torch.get_rng_state(), state) and switches() == before
    assert (
        torch.equal(module.fc.weight.grad, torch.full_like(module.fc.weight, 3.0)) and module.head.weight.grad is None
    )
    assert all(torch.equal(each, weights[name]) for name, each in module.state_dict().items())


def test_random_operations_draw_the_same_numbers():
    module, x = nn.Sequential(nn.Dropout(0.5), nn.Linear(6, 6)), torch.ones(4, 6)
    torch.manual_seed(3)
    with torch.no_grad():
        expected = module(x)
    torch.manual_seed(3)
    trace = capture(module, x, train=True)
    np.testing.assert_allclose(trace.array(next(iter(trace.outputs.values()))), expected.numpy(), atol=1e-6)


def test_nothing_of_the_run_is_kept_alive():
    class Keeps(nn.Module):
        def forward(self, x):
            y = x + 1
            found.append(weakref.ref(y))
            return y * 2

    found = []
    gc.collect()
    gc.disable()
    try:
        capture(Keeps(), torch.ones(3))
        assert found[0]() is None
    finally:
        gc.enable()


def test_arguments_of_capture_are_no_arguments_of_forward():
    with pytest.raises(TypeError, match="by position"):
        capture(nn.Linear(2, 2), torch.ones(2), backward=True, target=torch.ones(2))


def test_modules_of_other_threads_are_not_ours():
    began, may_end = threading.Event(), threading.Event()

    class Elsewhere(nn.Module):
        def forward(self):
            began.set()
            may_end.wait(10)

    class Waits(nn.Module):
        def forward(self, x):
            other = threading.Thread(target=Elsewhere())
            other.start()
            began.wait(10)
            x = x + 1  # while the other module runs
            may_end.set()
            other.join()
            return x * 2

    trace = capture(Waits(), torch.ones(3))
    assert [node.name for node in trace.nodes] == ["x#2", "output"] and list(trace.modules) == [""]


def test_compiled_modules_are_seen_step_by_step():
    module = nn.Sequential(nn.Linear(3, 3), nn.ReLU())
    compiled = torch.compile(module, backend="eager")
    inner = nn.Sequential(torch.compile(nn.Linear(3, 3), backend="eager"))
    x = torch.randn(2, 3)
    assert [node.name for node in capture(compiled, x).nodes] == [node.name for node in capture(module, x).nodes]
    assert [node.kind for node in capture(inner, x).nodes] == ["t", "addmm"]
