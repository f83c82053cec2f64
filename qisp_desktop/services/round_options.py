"""What a round asks of its experts' machines; it travels in the packages that are issued afterwards."""

from __future__ import annotations

from dataclasses import replace

from qisp_desktop.domain.desk_records import RoundOptions
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.store.round_store import RoundStore


def options_of(store: RoundStore) -> RoundOptions:
    """The round's options; those of a round that never set any are all off."""
    round_id = store.round().id
    return store.get(RoundOptions, round_id) or RoundOptions(round_id, photo_positions=False)


def set_photo_positions(round_at: RoundAt, on: bool) -> RoundOptions:
    """Say whether photos of visits keep the place where they were taken (never on papers); returns the options.

    Counts for packages that are issued from now on: whoever holds one already works by what it says. Raises UserError
    when the round cannot be written.
    """
    with writing(round_at) as store:
        before = options_of(store)
        after = replace(before, photo_positions=on)
        if after != before:
            with store.change("options") as change:
                change.put(after)
    return after
