"""Linear algebra on one thread."""

from functools import cache

from threadpoolctl import threadpool_limits


@cache
def keep_to_one_thread() -> None:
    """Let numpy's OpenBLAS compute in the calling thread only, in this process, from here on; safe to repeat.

    OpenBLAS stops its threads whenever the process forks, as PostgreSQL's tools are started under another user. A
    computation that is going on in another thread at that moment then waits for them for ever. The matrices here are
    small, and the other cores are the calls'.
    """
    threadpool_limits(limits=1, user_api="blas")
