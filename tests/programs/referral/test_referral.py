"""Referral on a real database: who is credited, when both sides are given, and what is taken back."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Database, Tx
from passerelle.kit.jobs import Work
from passerelle.ledger import service as ledger
from passerelle.programs import service
from passerelle.programs.referral import jobs
from passerelle.programs.referral import service as referral
from passerelle.programs.referral.errors import ReferralCodeNotFound, ReferralNotOffered
from passerelle.programs.schemas import Program, ProgramChange
from passerelle.purchases.schemas import Purchase
from tests.conftest import Shop
from tests.programs.conftest import Teller

TERMS = {
    "referrer": {"amount": 50},
    "friend": {"amount": 20},
    "minimum_amount_minor": 1000,
    "refund_days": 14,
}
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@dataclass
class Club:
    """A program with a referrer who shares a code."""

    teller: Teller
    program: Program
    referrer: UUID
    code: str

    @property
    def tx(self) -> Tx:
        return self.teller.tx

    async def friend(self, **person: Any) -> tuple[UUID, UUID, str, str | None]:
        """Somebody who joins with the code: customer, membership, state and reason."""
        customer_id = (await customers.register(self.tx, NewCustomer(**person))).customer_id
        enrolled, credited = await service.enroll_by_friend(
            self.tx, self.program.id, customer_id, referral_code=self.code, source="api"
        )
        return customer_id, enrolled.membership_id, credited.state, credited.reason

    async def buy(self, customer_id: UUID, amount_minor: int = 1000, **fields: Any) -> Purchase:
        purchase = await self.teller.buy(customer_id, amount_minor, **fields)
        await service.accrue_for_purchase(self.tx, customer_id, purchase)
        return purchase

    async def settle(self) -> None:
        """What the job does, for every referral."""
        for row in await self.tx.fetch(
            "SELECT id FROM referrals WHERE organization_id = $1", self.tx.organization_id
        ):
            await referral.settle_referral(self.tx, row["id"])

    async def given(self, membership_id: UUID) -> tuple[int, int]:
        """Active and pending beyond what purchases gave: rules of this program give nothing."""
        balance = (await service.standing(self.tx, membership_id)).balance()
        return balance.active, balance.pending

    async def referrals(self) -> list[tuple[str, str | None, int, int]]:
        found = await referral.list_of_member(self.tx, self.referrer, UUID(int=(1 << 128) - 1), 50)
        return [(each.state, each.reason, each.referrer_amount, each.friend_amount) for each in reversed(found)]


async def _club(teller: Teller, **changes: Any) -> Club:
    program = await teller.program(rules=[], settings={"referral": {**TERMS, **changes}})
    person = NewCustomer(email="ada@example.com", phone="+33612345678")
    customer_id = (await customers.register(teller.tx, person)).customer_id
    referrer = await teller.member(program, customer_id)
    _, code = await referral.give_code(teller.tx, referrer)
    return Club(teller, program, referrer, code)


@pytest_asyncio.fixture
async def club(teller: Teller) -> Club:
    return await _club(teller)


async def test_both_sides_are_given_after_the_friends_purchase_and_the_refund_window(club: Club) -> None:
    customer_id, friend, state, _ = await club.friend()
    assert state == "joined"
    await club.settle()
    assert await club.given(club.referrer) == (0, 0)
    with clock.frozen(datetime.now(UTC)):
        await club.buy(customer_id)
        assert await club.referrals() == [("qualified", None, 0, 0)]
        await club.settle()
        assert await club.given(club.referrer) == (0, 50)
        assert await club.given(friend) == (0, 20)
        now = clock.now()
    with clock.frozen(now + timedelta(days=14)):
        assert await club.given(club.referrer) == (50, 0)
        assert await club.given(friend) == (20, 0)
    assert await club.referrals() == [("rewarded", None, 50, 20)]
    assert await ledger.check_books(club.tx) == []


async def test_settling_twice_gives_once(club: Club) -> None:
    customer_id, friend, *_ = await club.friend()
    await club.buy(customer_id)
    await club.buy(customer_id)
    for _ in range(3):
        await club.settle()
    assert (await club.given(club.referrer), await club.given(friend)) == ((0, 50), (0, 20))


async def test_a_small_first_purchase_ends_it(club: Club) -> None:
    customer_id, *_ = await club.friend()
    await club.buy(customer_id, 999)
    await club.buy(customer_id, 5000)
    await club.settle()
    assert await club.referrals() == [("refused", "below_minimum", 0, 0)]


async def test_a_voided_first_purchase_was_none(club: Club) -> None:
    customer_id, *_ = await club.friend()
    small = await club.buy(customer_id, 999)
    await service.undo_purchase(club.tx, small.id)
    await club.buy(customer_id, 5000)
    await club.settle()
    assert await club.referrals() == [("rewarded", None, 50, 20)]


async def test_a_voided_purchase_takes_the_reward_back_and_another_may_earn_it(club: Club) -> None:
    customer_id, friend, *_ = await club.friend()
    purchase = await club.buy(customer_id)
    await club.settle()
    await service.undo_purchase(club.tx, purchase.id)
    assert await club.referrals() == [("joined", None, 50, 20)]  # the books follow in a job
    await club.settle()
    assert await club.referrals() == [("joined", None, 0, 0)]
    assert (await club.given(club.referrer), await club.given(friend)) == ((0, 0), (0, 0))
    await club.buy(customer_id)
    await club.settle()
    assert (await club.given(club.referrer), await club.given(friend)) == ((0, 50), (0, 20))
    assert await ledger.check_books(club.tx) == []


async def test_another_purchase_before_the_job_ran_settles_both(club: Club) -> None:
    customer_id, friend, *_ = await club.friend()
    first = await club.buy(customer_id)
    await club.settle()
    await service.undo_purchase(club.tx, first.id)
    await club.buy(customer_id)
    await club.settle()
    assert (await club.given(club.referrer), await club.given(friend)) == ((0, 50), (0, 20))
    events = [event.name for event in club.tx.events if event.name.startswith("referral.")]
    assert events == [
        "referral.joined",
        "referral.qualified",
        "referral.rewarded",
        "referral.qualified",
        "referral.taken_back",
        "referral.rewarded",
    ]


async def test_what_was_spent_meanwhile_is_forgiven(teller: Teller) -> None:
    club = await _club(teller, refund_days=0)
    customer_id, friend, *_ = await club.friend()
    purchase = await club.buy(customer_id)
    await club.settle()
    await service.adjust(club.tx, friend, amount=-15, reason="spent", reference="1")
    await service.undo_purchase(club.tx, purchase.id)
    await club.settle()
    assert (await club.given(club.referrer), await club.given(friend)) == ((0, 0), (0, 0))
    assert await ledger.check_books(club.tx) == []


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ({"email": "ADA@example.com"}, "same_customer"),
        ({"phone": "+33 6 12 34 56 78"}, "same_customer"),
        ({"email": "ada+friend@example.com"}, "same_email"),
    ],
)
async def test_nobody_brings_themselves(club: Club, person: dict[str, str], reason: str) -> None:
    *_, state, found = await club.friend(**person)
    assert (state, found) == ("refused", reason)


async def test_a_gmail_address_with_dots_is_the_same(teller: Teller) -> None:
    club = await _club(teller)
    other = await teller.customer()
    await teller.member(club.program, other)
    dotted = NewCustomer(email="a.d.a@gmail.com")
    member = await teller.member(club.program, (await customers.register(teller.tx, dotted)).customer_id)
    _, code = await referral.give_code(teller.tx, member)
    club.code = code
    *_, reason = await club.friend(email="ada+x@googlemail.com")
    assert reason == "same_email"


async def test_a_member_is_no_friend(club: Club) -> None:
    customer_id = await club.teller.customer()
    await club.teller.member(club.program, customer_id)
    _, credited = await service.enroll_by_friend(
        club.tx, club.program.id, customer_id, referral_code=club.code, source="api"
    )
    assert (credited.state, credited.reason) == ("refused", "member_before")


async def test_the_first_of_two_codes_counts_and_the_same_told_again_changes_nothing(club: Club) -> None:
    other = await club.teller.member(club.program, await club.teller.customer())
    _, other_code = await referral.give_code(club.tx, other)
    customer_id, *_ = await club.friend()
    for code in (other_code, club.code):
        enrolled, credited = await service.enroll_by_friend(
            club.tx, club.program.id, customer_id, referral_code=code, source="api"
        )
        assert not enrolled.created
        assert (credited.referrer_id, credited.state) == (club.referrer, "joined")


async def test_codes_are_stable_unknown_ones_refused_and_other_programs_elsewhere(club: Club) -> None:
    assert (await referral.give_code(club.tx, club.referrer))[1] == club.code
    stranger = await club.teller.customer()
    with pytest.raises(ReferralCodeNotFound):
        await service.enroll_by_friend(club.tx, club.program.id, stranger, referral_code="nobody0000", source="api")
    second = await club.teller.program(settings={"referral": TERMS})
    with pytest.raises(ReferralCodeNotFound):
        await service.enroll_by_friend(club.tx, second.id, stranger, referral_code=club.code, source="api")
    plain = await club.teller.program()
    with pytest.raises(ReferralNotOffered):
        await referral.give_code(club.tx, await club.teller.member(plain, stranger))


async def test_caps_spare_the_friend(teller: Teller) -> None:
    club = await _club(teller, max_per_referrer=1)
    for _ in range(2):
        customer_id, *_ = await club.friend()
        await club.buy(customer_id)
        await club.settle()
    assert await club.referrals() == [("rewarded", None, 50, 20), ("rewarded", "cap_total", 0, 20)]


async def test_a_cap_of_a_period_ends_with_it(teller: Teller) -> None:
    club = await _club(teller, max_per_period=1, cap_period="month", within_days=365)
    start = datetime.now(UTC)
    for days in (0, 0, 32):
        with clock.frozen(start + timedelta(days=days)):
            customer_id, *_ = await club.friend()
            await club.buy(customer_id)
            await club.settle()
    assert [reason for _, reason, *_ in await club.referrals()] == [None, "cap_period", None]


async def test_a_milestone_comes_once_and_goes_with_its_friends(teller: Teller) -> None:
    club = await _club(teller, refund_days=0, milestones=[{"friends": 2, "prize": {"amount": 100}}])
    bought = []
    for _ in range(3):
        customer_id, *_ = await club.friend()
        bought.append((customer_id, await club.buy(customer_id)))
        await club.settle()
    assert await club.given(club.referrer) == (250, 0)
    await service.undo_purchase(club.tx, bought[0][1].id)
    await club.settle()
    assert await club.given(club.referrer) == (200, 0)  # two friends are left
    await service.undo_purchase(club.tx, bought[2][1].id)
    await club.settle()
    assert await club.given(club.referrer) == (50, 0)
    await club.buy(bought[0][0])
    await club.settle()
    assert await club.given(club.referrer) == (200, 0)


async def test_a_suspended_referrer_gets_nothing(club: Club) -> None:
    customer_id, friend, *_ = await club.friend()
    await club.buy(customer_id)
    await service.change_membership(club.tx, club.referrer, "suspended")
    await club.settle()
    assert await club.referrals() == [("rewarded", "referrer_not_active", 0, 20)]
    assert await club.given(friend) == (0, 20)


async def test_a_program_that_stopped_rewarding_refuses(club: Club) -> None:
    customer_id, *_ = await club.friend()
    await club.buy(customer_id)
    stopped = ProgramChange.model_validate({"settings": {"referral": None}})
    await service.change_program(club.tx, club.program.id, stopped)
    await club.settle()
    assert await club.referrals() == [("refused", "not_running", 0, 0)]


async def test_figures(club: Club) -> None:
    await referral.note_opened(club.tx, club.program.id, club.code.upper())
    await referral.note_opened(club.tx, club.program.id, "nobody")
    customer_id, *_ = await club.friend()
    await club.friend()
    await club.buy(customer_id)
    await club.settle()
    for figures in (
        await referral.member_figures(club.tx, club.referrer),
        await referral.program_figures(club.tx, club.program.id),
    ):
        counts = (figures.invited, figures.joined, figures.qualified, figures.rewarded, figures.refused)
        assert counts == (1, 1, 0, 1, 0)
        assert (figures.referrer_amount, figures.friend_amount) == (50, 20)


async def test_a_purchase_asks_nothing_where_nobody_rewards_friends(teller: Teller) -> None:
    program = await teller.program()
    customer_id = await teller.customer()
    await teller.member(program, customer_id)
    await service.accrue_for_purchase(teller.tx, customer_id, await teller.buy(customer_id, 1000))
    purchase = await teller.buy(customer_id, 1000)
    async with teller.counted() as statements:
        await service.accrue_for_purchase(teller.tx, customer_id, purchase)
    tables = ("referrals", "achievements", "achievement_", "household_members")
    assert [text for text in statements if any(name in text for name in tables)] == []


_ACTIONS = st.lists(
    st.one_of(
        st.just("join"),
        st.just("settle"),
        st.tuples(st.just("buy"), st.integers(0, 3), st.sampled_from([500, 1000, 2000])),
        st.tuples(st.just("void"), st.integers(0, 9)),
    ),
    min_size=4,
    max_size=16,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_ACTIONS)
async def test_no_history_pays_twice(database: Database, shop: Shop, actions: list[Any]) -> None:
    """At the end of any history, what both sides have is what the referrals that are rewarded say."""
    async with database.transaction(shop.organization_id) as tx:
        club = await _club_of_its_own(Teller(tx))
        friends: list[tuple[UUID, UUID]] = []
        bought: list[UUID] = []
        for action in [*actions, "settle"]:
            if action == "join" and len(friends) < 4:
                customer_id, membership_id, *_ = await club.friend()
                friends.append((customer_id, membership_id))
            elif action == "settle":
                await club.settle()
            elif action[0] == "buy" and friends:
                bought.append((await club.buy(friends[action[1] % len(friends)][0], action[2])).id)
            elif action[0] == "void" and bought:
                await service.undo_purchase(tx, bought[action[1] % len(bought)])
        rewarded = [each for each in await club.referrals() if each[0] == "rewarded"]
        assert (await club.given(club.referrer))[1] == 50 * len(rewarded)
        pending = [(await club.given(membership_id))[1] for _, membership_id in friends]
        assert sorted(pending) == sorted([20] * len(rewarded) + [0] * (len(friends) - len(rewarded)))
        assert await ledger.check_books(tx) == []


async def _club_of_its_own(teller: Teller) -> Club:
    """Committed from example to example, so the people differ each time."""
    program = await teller.program(rules=[], settings={"referral": TERMS})
    referrer = await teller.member(program, await teller.customer())
    await teller.tx.execute("UPDATE programs SET state = 'ended' WHERE id <> $1", program.id)
    return Club(teller, program, referrer, (await referral.give_code(teller.tx, referrer))[1])


async def test_two_referrers_at_the_same_instant_and_two_jobs_at_once(
    database: Database, shop: Shop, settings: Settings
) -> None:
    async with database.transaction(shop.organization_id) as tx:
        teller = Teller(tx)
        club = await _club(teller, refund_days=0)
        rival = await teller.member(club.program, await teller.customer())
        codes = [club.code, (await referral.give_code(tx, rival))[1]]
        friend = await teller.customer()

    async def join(code: str) -> UUID:
        async with database.transaction(shop.organization_id) as own:
            _, credited = await service.enroll_by_friend(
                own, club.program.id, friend, referral_code=code, source="form"
            )
            return credited.referrer_id

    credited = await asyncio.gather(*(join(code) for code in codes * 3))
    assert len(set(credited)) == 1

    async def buy() -> None:
        async with database.transaction(shop.organization_id) as own:
            purchase = await Teller(own).buy(friend, 1000)
            await service.accrue_for_purchase(own, friend, purchase)

    await asyncio.gather(*(buy() for _ in range(4)))
    async with database.transaction(shop.organization_id) as tx:
        rows = await tx.fetch("SELECT id FROM referrals WHERE organization_id = $1", tx.organization_id)
    work = Work(database, settings)
    payload = {"organization_id": str(shop.organization_id), "referral_id": str(rows[0]["id"])}
    await asyncio.gather(*(jobs.settle(work, payload) for _ in range(4)))
    async with database.transaction(shop.organization_id) as tx:
        standing = await service.standing(tx, credited[0])
        assert (len(rows), standing.balance().active) == (1, 50)
        assert await ledger.check_books(tx) == []
