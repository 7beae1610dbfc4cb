"""Wrong addresses: people read a page, programs get a problem document."""

import httpx
import pytest


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/nothing-here", "text/html,*/*;q=0.8", "text/html"),
        ("/nothing-here", "*/*", "application/problem+json"),
        ("/api/v1/nothing", "text/html,*/*;q=0.8", "application/problem+json"),
    ],
)
async def test_who_asks_decides_what_a_wrong_address_says(
    client: httpx.AsyncClient, path: str, accept: str, kind: str
) -> None:
    answer = await client.get(path, headers={"Accept": accept, "Accept-Language": "fr"})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (404, kind)
    assert ("Aucune page" if kind == "text/html" else "not_found") in answer.text


async def test_a_wrong_method_is_told_as_before(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/healthz", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
