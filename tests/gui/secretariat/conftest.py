"""What several tests of the secretariat's desk start from."""

from __future__ import annotations

import pytest

from tests.gui.samples import IssuedRound
from tests.gui.secretariat.returned import Returned, make_returns


@pytest.fixture(scope="session")
def returned(issued: IssuedRound, tmp_path_factory: pytest.TempPathFactory) -> Returned:
    """What the issued round's expert handed in; tests only read the files."""
    return make_returns(issued, tmp_path_factory.mktemp("returned"))
