"""Holds `docs/openapi.yaml` against a running server: no answer but those it declares, each in its declared shape, and no 500.

Requests come from the page itself, right ones and wrong ones, the same at every run. `CONIFER_EXAMPLES` asks for more of them.
"""

import json
import os
import pathlib

import httpx
import jsonschema
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance, negative_data_rejection, response_headers_conformance, response_schema_conformance,
    status_code_conformance, unsupported_method)

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "openapi.yaml"
schema = schemathesis.openapi.from_dict(yaml.safe_load(PAGE.read_text()))
schema.config.max_stream_events = 10_000

STREAMED = {
    "/v1/chat/completions": "ChatCompletionChunk", "/v1/completions": "CompletionChunk", "/api/chat": "ChatAnswer",
    "/api/generate": "GenerateAnswer"}


def documents(content_type, body):
    """The JSON documents of a stream, which must have its proper end."""
    if content_type == "text/event-stream":
        events = [event for event in body.split("\n\n") if event and not event.startswith(":")]
        assert events[-1] == "data: [DONE]", f"the stream ends with {events[-1]}"
        return [json.loads(event.removeprefix("data: ")) for event in events[:-1]]
    lines = [json.loads(line) for line in body.splitlines()]
    assert [line.get("done") for line in lines] == [False] * (len(lines) - 1) + [True], f"the stream ends with {lines[-1]}"
    return lines


def stream_conformance(context, response, case):
    """What OpenAPI cannot say: a stream is a row of documents, each in the declared shape."""
    content_type = response.headers["content-type"][0]
    name = STREAMED.get(case.operation.path)
    if name and response.status_code == 200 and content_type in ("text/event-stream", "application/x-ndjson"):
        shape = {**schema.raw_schema, "$ref": f"#/components/schemas/{name}"}
        for document in documents(content_type, response.text):
            jsonschema.validate(document, shape, jsonschema.Draft202012Validator)


CHECKS = [
    stream_conformance,
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection, unsupported_method]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Keeps answers short: a generated request may ask for a hundred of them, each of any length."""
    if case.operation.path.startswith("/v1") and isinstance(case.body, dict):
        for field in ("max_tokens", "max_completion_tokens"):
            given = case.body.get(field)
            if given is None or type(given) is int and 8 < given < 2 ** 63:
                case.body[field] = 8


@schema.parametrize()
@settings(
    max_examples=int(os.environ.get("CONIFER_EXAMPLES", "20")), derandomize=True, deadline=None, database=None,
    phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_declared(server_of_the_page, case):
    case.call_and_validate(base_url=server_of_the_page.url, checks=CHECKS)


@pytest.fixture(scope="module")
def server_of_the_page(tmp_path_factory):
    from conifer_server import Server

    # A short context: a generated request may ask for any number of tokens.
    server = Server(tmp_path_factory.mktemp("page"), "--context", "256")
    yield server
    assert server.stop() == 0


def test_every_path_that_the_page_has_is_served_and_wrong_methods_are_refused(server_of_the_page):
    for path, operations in schema.raw_schema["paths"].items():
        methods = {method.upper() for method in operations} & {"GET", "POST", "DELETE"}
        address = server_of_the_page.url + path.replace("{id}", "larch-3m").replace("{digest}", "sha256:0")
        for method in {"GET", "POST", "DELETE", "PUT"} - methods:
            answer = httpx.request(method, address)
            assert answer.status_code == 405, (method, path)
            assert set(answer.headers["allow"].split(", ")) - {"HEAD"} == methods
        assert all(httpx.request(method, address).status_code not in (404, 405) for method in methods), path
