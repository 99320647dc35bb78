"""Answers of the API, each held against its description."""

from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator


def ask(client: FlaskClient, address: str, status: int = 200, schema: str = "Error") -> Any:
    answer = client.get(address)
    assert answer.status_code == status
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    described = {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": schemas}}
    Draft202012Validator(described).validate(answer.get_json())
    return answer.get_json()
