"""How many units may pay for a basket: the tables, and what holds for every number."""

from hypothesis import given
from hypothesis import strategies as st

from passerelle.rewards.spending import Funds, Payable, PaymentTerms, Value, fault_of, nearest, payable
from tests.rewards.tables import DOCUMENT, number

values = st.builds(Value, st.integers(1, 1000), st.integers(1, 1000))
terms_of_all_kinds = st.builds(
    PaymentTerms,
    values,
    st.integers(1, 500),
    st.none() | st.integers(1, 5000),
    st.integers(1, 300),
    st.integers(1, 100),
)
funds_of_all_kinds = st.builds(Funds, st.integers(-50, 10_000), st.none() | st.integers(-50, 5000))


@DOCUMENT.each_row("payments")
def test_payments(row: dict[str, str]) -> None:
    units, _, amount_minor = row["value"].partition(" = ")
    value = Value(int(units), int(amount_minor))
    terms = PaymentTerms(value, int(row["min"]), number(row["max"]), int(row["step"]), int(row["percent"]))
    funds = Funds(int(row["balance"]), number(row["cap left"]))
    allowed = payable(int(row["basket"]), funds, terms, int(row["paid before"]))
    assert (allowed.minimum, allowed.maximum, allowed.bound) == (
        int(row["minimum"]),
        int(row["maximum"]),
        row["bound"],
    )
    assert value.of(allowed.maximum) == int(row["discount"])


@DOCUMENT.each_row("chosen")
def test_chosen(row: dict[str, str]) -> None:
    bounds = (int(row["minimum"]), int(row["maximum"]), int(row["step"]))
    allowed = Payable(*bounds, row["bound"], int(row["bounded at"]))  # type: ignore[arg-type]  # a cell of the table
    assert (fault_of(int(row["units"]), allowed) or "ok") == row["answer"]
    assert nearest(int(row["units"]), allowed) == int(row["nearest"])


@given(st.integers(1, 10**6), funds_of_all_kinds, terms_of_all_kinds, st.integers(0, 10**5), st.integers(1, 20_000))
def test_a_payment_never_exceeds_balance_share_or_bill(
    basket: int, funds: Funds, terms: PaymentTerms, paid: int, units: int
) -> None:
    allowed = payable(basket, funds, terms, paid)
    if fault_of(units, allowed) is not None:
        return
    discount = terms.value.of(units)
    assert units <= funds.available
    assert funds.spendable is None or units <= funds.spendable
    assert terms.maximum is None or units <= terms.maximum
    assert units % terms.step == 0
    assert units >= terms.minimum
    assert 1 <= discount <= basket
    assert (discount + paid) * 100 <= basket * terms.basket_percent
    assert discount * terms.value.units <= units * terms.value.amount_minor, "never beyond what was taken"


@given(st.integers(1, 10**6), funds_of_all_kinds, terms_of_all_kinds)
def test_both_ends_of_a_quote_may_be_chosen(basket: int, funds: Funds, terms: PaymentTerms) -> None:
    allowed = payable(basket, funds, terms)
    if allowed.maximum:
        assert fault_of(allowed.minimum, allowed) is None
        assert fault_of(allowed.maximum, allowed) is None
        assert fault_of(allowed.maximum + terms.step, allowed) is not None
    else:
        assert fault_of(allowed.minimum, allowed) is not None


@given(st.integers(1, 20_000), st.integers(1, 10**6), funds_of_all_kinds, terms_of_all_kinds)
def test_the_nearest_number_may_be_chosen(units: int, basket: int, funds: Funds, terms: PaymentTerms) -> None:
    allowed = payable(basket, funds, terms)
    if allowed.maximum:
        assert fault_of(nearest(units, allowed), allowed) is None


def test_37_of_99_leaves_62() -> None:
    """Minor units only: stored credit is usable below one major unit."""
    allowed = payable(37, Funds(99), PaymentTerms(Value(1, 1)))
    assert (allowed.maximum, Value(1, 1).of(37), 99 - allowed.maximum) == (37, 37, 62)
