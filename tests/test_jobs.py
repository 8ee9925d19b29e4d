"""Jobs take turns in a few threads: evenly, only while somebody waits for them, and never two turns at once."""

import gc
import itertools
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread, current_thread, get_ident

import pytest

from app.runs.jobs import REST_SECONDS, Job, Pool

END_SECONDS = 0.25
MAX_WAIT_SECONDS = 20.0


def endless(seconds: float = 0.001) -> Iterator[int]:
    for epochs in itertools.count(1):
        time.sleep(seconds)
        yield epochs


def wait_until(holds: Callable[[], object]) -> None:
    until = time.perf_counter() + MAX_WAIT_SECONDS
    while not holds():
        assert time.perf_counter() < until, "it never came to that"
        time.sleep(0.002)


def test_a_job_is_taken_to_its_end() -> None:
    job = Job(iter([10, 20, 30]))
    Pool(1).resume(job)
    wait_until(lambda: job.over)
    assert job.reached == 30


def test_all_jobs_take_turns() -> None:
    pool, turns = Pool(1), list[str]()

    def noted(name: str) -> Iterator[int]:
        for epochs in range(1, 21):
            turns.append(name)
            yield epochs

    def all_queued() -> Iterator[int]:
        started.wait()
        yield 1

    started = Event()
    jobs = [Job(all_queued()), *(Job(noted(name)) for name in "abc")]
    for job in jobs:
        pool.resume(job)
    started.set()
    wait_until(lambda: all(job.over for job in jobs))
    assert "".join(turns) == "abc" * 20


def test_the_threads_are_bounded_and_begin_with_the_first_job() -> None:
    pool, seen = Pool(2), set[int]()

    def noted() -> Iterator[int]:
        for epochs in range(50):
            seen.add(get_ident())
            time.sleep(0.001)
            yield epochs

    assert pool.threads == []
    jobs = [Job(noted()) for _ in range(12)]
    for job in jobs:
        pool.resume(job)
    wait_until(lambda: all(job.over for job in jobs))
    assert len(pool.threads) == 2
    assert all(thread.daemon for thread in pool.threads)
    assert seen <= {thread.ident for thread in pool.threads}


@pytest.mark.parametrize("how", ["pause", "end", "leave"])
def test_a_job_that_is_paused_ended_or_left_soon_takes_no_turn(how: str) -> None:
    pool, job = Pool(2), Job(endless(), owner="tab")
    pool.resume(job)
    wait_until(lambda: job.reached > 5)
    if how == "pause":
        pool.pause(job)
    elif how == "end":
        job.end()
    else:
        pool.attend(lambda owner: False)
    time.sleep(END_SECONDS)
    reached = job.reached
    time.sleep(0.05)
    assert job.reached == reached


def test_a_paused_job_goes_on_where_it_was() -> None:
    pool, job = Pool(1), Job(endless())
    pool.resume(job)
    wait_until(lambda: job.reached > 5)
    pool.pause(job)
    job.wait(MAX_WAIT_SECONDS)
    reached = job.reached
    pool.resume(job)
    wait_until(lambda: job.reached > reached + 5)
    job.end()


def test_an_ended_job_never_goes_on() -> None:
    pool, job = Pool(1), Job(endless())
    job.end()
    pool.resume(job)
    other = Job(iter([1, 2]))
    pool.resume(other)
    wait_until(lambda: other.over)
    assert job.reached == 0


def test_pausing_and_resuming_quickly_gives_no_second_turn() -> None:
    pool = Pool(2)
    hasty, calm = Job(endless()), Job(endless())
    for job in (hasty, calm):
        pool.resume(job)
    for _ in range(50):
        pool.pause(hasty)
        pool.resume(hasty)
    assert pool.load <= 2
    begun = hasty.reached, calm.reached
    wait_until(lambda: calm.reached > begun[1] + 30)
    assert hasty.reached - begun[0] < 2 * (calm.reached - begun[1])
    for job in (hasty, calm):
        job.end()


def test_jobs_of_owners_who_are_present_are_kept() -> None:
    pool, here, nobodys = Pool(1), Job(endless(), owner="here"), Job(endless())
    for job in (here, nobodys):
        pool.resume(job)
    pool.attend(lambda owner: owner == "here")
    wait_until(lambda: here.reached > 5 < nobodys.reached)
    for job in (here, nobodys):
        job.end()


def test_a_job_that_nobody_holds_is_forgotten() -> None:
    pool, closed = Pool(1), Event()

    def turns() -> Iterator[int]:
        try:
            yield from endless()
        finally:
            closed.set()

    holder = [Job(turns())]
    pool.resume(holder[0])
    wait_until(lambda: holder[0].reached > 5)
    holder.clear()
    gc.collect()
    assert closed.wait(MAX_WAIT_SECONDS)
    wait_until(lambda: pool.load == 0)


def test_an_exception_in_a_job_reaches_its_owner_and_the_thread_lives_on() -> None:
    pool = Pool(1)

    def breaking() -> Iterator[int]:
        yield 1
        raise ArithmeticError(current_thread().name)

    job, next_job = Job(breaking()), Job(iter([1, 2, 3]))
    for each in (job, next_job):
        pool.resume(each)
    wait_until(lambda: job.over and next_job.over)
    with pytest.raises(ArithmeticError, match="pool 0"):
        job.check()
    next_job.check()
    assert (job.reached, next_job.reached) == (1, 3)


def test_a_script_may_take_turns_itself_but_never_at_the_same_time() -> None:
    pool, taken = Pool(2), list[int]()

    def careful() -> Iterator[int]:
        for epochs in endless():
            taken.append(get_ident())
            yield epochs

    job = Job(careful())
    pool.resume(job)
    job.work(0.1)  # a generator that is entered twice at once raises ValueError
    job.check()
    assert get_ident() in taken
    job.end()


def test_the_pace_is_measured_over_the_last_turns() -> None:
    job = Job(itertools.count(100, 100))
    assert job.pace == 0
    began = time.perf_counter()
    for _ in range(10):
        time.sleep(0.002)
        job.turn()
    assert 900 / (time.perf_counter() - began) < job.pace <= 900 / 0.018


def test_between_two_turns_a_job_leaves_the_processor_to_others() -> None:
    times: list[float] = []

    def timed() -> Iterator[int]:
        for epochs in range(3):
            times.append(time.perf_counter())
            yield epochs

    job = Job(timed())
    Pool(1, busy=lambda: True).resume(job)
    wait_until(lambda: job.over)
    assert all(later - earlier >= REST_SECONDS for earlier, later in itertools.pairwise(times))


def test_a_waiting_thread_is_woken_by_the_next_job() -> None:
    pool = Pool(1)
    for _ in range(3):
        job = Job(iter([1]))
        Thread(target=pool.resume, args=(job,)).start()
        wait_until(lambda job=job: job.over)  # type: ignore[misc]


def test_a_closed_pool_takes_no_further_turn() -> None:
    pool, job = Pool(2), Job(endless())
    pool.resume(job)
    wait_until(lambda: job.reached > 5)
    pool.close()
    assert not any(thread.is_alive() for thread in pool.threads)
    assert not job.over
