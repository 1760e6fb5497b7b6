"""PHOLD, M/M/1 and cancelled time-outs in SimPy: prints nanoseconds of processor time per event.

    pip install simpy
    python3 benches/simpy/models.py phold

The models are those of benches/engine/models.rs, each with the callbacks of SimPy's timeouts, which is its cheapest way.
SimPy cannot cancel a timeout: as its users do, the callback of one that is not wanted any more is taken away.
"""

import random
import statistics
import sys
import time

import simpy

ENTITIES = 1_000
EVENTS = 100_000


def after(env, delay, callback):
    timeout = env.timeout(delay)
    timeout.callbacks.append(callback)
    return timeout


def phold(env):
    def hop(_):
        counts[random.randrange(ENTITIES)] += 1
        after(env, random.expovariate(1.0), hop)

    counts = [0] * ENTITIES
    for _ in range(ENTITIES):
        after(env, random.expovariate(1.0), hop)


def mm1(env):
    def arrive(_):
        nonlocal in_system
        in_system += 1
        after(env, random.expovariate(0.8), arrive)
        if in_system == 1:
            after(env, random.expovariate(1.0), leave)

    def leave(_):
        nonlocal in_system
        in_system -= 1
        if in_system > 0:
            after(env, random.expovariate(1.0), leave)

    in_system = 0
    after(env, random.expovariate(0.8), arrive)


def cancel(env):
    def work(entity, time_out_of_last):
        if time_out_of_last is not None and time_out_of_last.callbacks:
            time_out_of_last.callbacks.clear()
        time_out = after(env, 10.0, lambda _: None)
        after(env, random.expovariate(1.0), lambda _: work(entity, time_out))

    for entity in range(ENTITIES):
        after(env, random.expovariate(1.0), lambda _, entity=entity: work(entity, None))


def nanos_per_event(model):
    """Time-outs that are not wanted any more are handled as well and do not count as events."""
    env = simpy.Environment()
    MODELS[model](env)
    steps = EVENTS * 2 if model == "cancel" else EVENTS
    for _ in range(steps // 2):
        env.step()
    start = time.process_time()
    for _ in range(steps):
        env.step()
    return (time.process_time() - start) / EVENTS * 1e9


MODELS = {"phold": phold, "mm1": mm1, "cancel": cancel}

if __name__ == "__main__":
    random.seed(1)
    print(round(statistics.median(nanos_per_event(sys.argv[1]) for _ in range(5))))
