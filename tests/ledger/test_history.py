"""Random histories on a real database, compared after each step with a model that counts single points."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule, run_state_machine_as_test

from passerelle.kit import clock
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.ids import new_id
from passerelle.ledger import service
from passerelle.ledger.errors import TransferConflict
from passerelle.ledger.schemas import Balance, Credit, Debit, Posted, PostKind
from tests.conftest import MASTER_KEY
from tests.ledger.model import NEVER, Model, Refused

_START = datetime(2026, 1, 1, tzinfo=UTC)
_OWNERS = (0, 1)
T = TypeVar("T")

amounts = st.integers(1, 12)
owners = st.sampled_from(_OWNERS)
gives = st.lists(st.tuples(owners, amounts, st.integers(0, 3), st.one_of(st.none(), st.integers(1, 6))), min_size=1, max_size=3)
takes = st.lists(st.tuples(owners, amounts), min_size=1, max_size=3)
