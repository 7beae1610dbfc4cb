"""The OpenAPI document says what the server does: an integrator generates a client from it and nothing else."""

import pytest_asyncio

from tests.journeys.conftest import Town
from tests.journeys.shopkeeper import Json


@pytest_asyncio.fixture(scope="module")
async def document(town: Town) -> Json:
    return dict((await town.public.get("/openapi.json")).json())


async def test_refusals_are_documented_as_the_problem_documents_that_they_are(document: Json) -> None:
    wrong = [
        f"{method.upper()} {path} {status}: {sorted(response.get('content', {}))}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for status, response in operation["responses"].items()
        if status.startswith("4") and "application/problem+json" not in response.get("content", {})
    ]
    assert wrong == []


async def test_the_document_says_how_to_authenticate(document: Json) -> None:
    schemes = document.get("components", {}).get("securitySchemes", {})
    assert "bearer" in {scheme.get("scheme") for scheme in schemes.values()}
