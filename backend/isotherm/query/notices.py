"""The sentences that go with an answer when its numbers need one."""


def count_notices(*, exact: bool, estimated: bool) -> list[str]:
    """Say what the numbers are if they are not plain counts."""
    notices = []
    if estimated:
        notices.append("Counts are estimates: some sessions were sampled and are weighted.")
    if not exact:
        notices.append(
            "Rage clicks without a replay count as three each, so clicks are a lower bound."
        )
    return notices
