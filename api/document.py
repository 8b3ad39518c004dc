"""The API as it describes itself: ninja's OpenAPI document, with short operation names and the problem that every
operation may answer with."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from api.problems import MEDIA_TYPE, TITLES, URN

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": ["about:blank", *(f"{URN}{kind}" for kind in TITLES)]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do, in sentences."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "sentence"],
                "properties": {
                    "field": {"type": "string", "description": "Empty when no single field is at fault."},
                    "sentence": {"type": "string"},
                },
            },
        },
    },
}
ANSWER: dict[str, Any] = {
    "description": "An error",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class DescribedAPI(NinjaAPI):
    """A NinjaAPI whose document tells of problems; an operation is called what its function is called."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """The answer to be filled: nobody on the way keeps it, because contacts are in it."""
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "no-store"
        return response

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"]["Problem"] = PROBLEM
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = ANSWER
        return document
