"""Refusals in the shape Google's APIs answer with."""

from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class ApiError(Exception):
    """A refused request. `reason` is the machine-readable word in `errors[0].reason`."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        domain: str = "walletobjects",
        violations: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.domain = domain
        self.violations = violations

    def body(self) -> dict[str, Any]:
        entry = {"message": self.message, "domain": self.domain, "reason": self.reason}
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "errors": [entry],
            "status": STATUS_NAMES.get(self.code, "UNKNOWN"),
        }
        if self.violations:
            error["details"] = [
                {
                    "@type": "type.googleapis.com/google.rpc.BadRequest",
                    "fieldViolations": [{"field": field, "description": text} for field, text in self.violations],
                }
            ]
        return {"error": error}


def invalid(message: str) -> ApiError:
    """400 for content that is well-formed and breaks a rule of the Wallet API."""
    return ApiError(400, "invalidResource", message)


def permission_denied() -> ApiError:
    return ApiError(403, "permissionDenied", "Permission denied.")


def unauthenticated() -> ApiError:
    return ApiError(
        401,
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
        "other valid authentication credential.",
        domain="global",
    )


def unavailable(code: int) -> ApiError:
    """A failure asked for through the control API."""
    if code == 429:
        return rate_limited()
    return ApiError(code, "backendError", "The service is currently unavailable.", domain="global")


def rate_limited() -> ApiError:
    return ApiError(
        429,
        "rateLimitExceeded",
        "Quota exceeded for quota metric 'Requests' and limit 'Requests per second' of service "
        "'walletobjects.googleapis.com'.",
        domain="usageLimits",
    )
