"""What machines ask the server."""

import httpx


async def test_liveness_readiness_and_metrics_need_no_account(client: httpx.AsyncClient) -> None:
    del client.headers["Authorization"]
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ok"}
    metrics = (await client.get("/metrics")).text
    assert 'passerelle_card_updates_due{wallet="apple"}' in metrics


async def test_the_contract_names_every_refusal_and_takes_idempotency(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    purchase = document["paths"]["/api/v1/scans/purchases"]["post"]
    described = " ".join(answer["description"] for answer in purchase["responses"].values())
    for code in ("card_unknown", "card_revoked", "amount_not_positive", "other_currency", "not_allowed"):
        assert f"`{code}`" in described
    assert document["info"]["title"] == "Passerelle"
