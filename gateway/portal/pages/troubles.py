"""Errors as pages people can read, in their language."""

import urllib.parse
from collections.abc import Mapping
from http import HTTPStatus

import falcon
from falcon import Request, Response

from gateway.errors import Problem
from gateway.portal.rendering import Press
from gateway.portal.speech import message

_WORDS: Mapping[int, tuple[str, str]] = {
    403: (
        message("This is not open to you"),
        message("Your account may not see or do this. If you think it should, ask your desk."),
    ),
    404: (
        message("We did not find this"),
        message("There is nothing here, or it is not yours to see. Check the number or address."),
    ),
    413: (
        message("This is too much at once"),
        message("Shorten the text and send it again."),
    ),
    429: (
        message("A little slower, please"),
        message("Too much came from here in a short time. Wait a moment and try again."),
    ),
    500: (
        message("Something broke on our side"),
        message("It was noted down and somebody will look at it. Your tickets are safe."),
    ),
    503: (
        message("A part of the desk is away"),
        message("Your tickets are safe. Try again in a moment."),
    ),
}
_OTHERWISE = (
    message("This could not be understood"),
    message("Go back and try again from the page itself."),
)
_EXPIRED = (
    message("This page was open too long"),
    message("Go back, load the page again and send it once more."),
)
_RETRY = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
}


class Troubles:
    """Draws the page for a problem."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def page_for_problem(self, req: Request, resp: Response, problem: Problem) -> None:
        """A page; whoever is not signed in is led to where they can."""
        if problem.status == HTTPStatus.UNAUTHORIZED:
            _lead_to_sign_in(req, resp)
            return
        visit = self._press.visit(req, resp)
        title, text = _words(problem)
        self._press.page(
            req,
            resp,
            visit,
            "error.html",
            status=problem.status,
            title=visit.speech.text(title),
            text=visit.speech.text(text),
            may_retry=problem.status in _RETRY and req.method == "GET",
            correlation_id=problem.correlation_id,
        )


def _words(problem: Problem) -> tuple[str, str]:
    if problem.code == "form_expired":
        return _EXPIRED
    status = 404 if problem.status == HTTPStatus.METHOD_NOT_ALLOWED else problem.status
    return _WORDS.get(status, _OTHERWISE)


def _lead_to_sign_in(req: Request, resp: Response) -> None:
    back = req.relative_uri if req.method == "GET" else "/"
    resp.status = falcon.HTTP_303
    resp.location = "/sign-in?" + urllib.parse.urlencode({"next": back})
    resp.delete_header("WWW-Authenticate")
