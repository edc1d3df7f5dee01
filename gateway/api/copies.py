"""Working copies: the next versions of published articles."""

from falcon import Request, Response

from contracts import kb
from contracts.grammar import from_plain, to_plain
from gateway.api.answers import answer, mark_replay, set_version
from gateway.api.writing import AboutAnArticle
from gateway.clients import Reply
from gateway.reading import body_of, key_of, principal_of
from gateway.schemas import WorkingCopyBody, WorkingCopyTransitionBody


class AboutACopy(AboutAnArticle):
    """What resources about a working copy know of who reads or writes it."""

    def _copy_question(self, req: Request, key: str, language: str) -> kb.GetWorkingCopy:
        role = self._readers.of(principal_of(req)).role
        said = self._question(req, key, language) | {"role": role}
        return from_plain(kb.GetWorkingCopy, said, strict=True)

    def _answer(self, resp: Response, reply: Reply[kb.WorkingCopy]) -> None:
        mark_replay(resp, reply)
        set_version(resp, reply.answer.version)
        answer(resp, reply.answer)


class WorkingCopy(AboutACopy):
    """The next version of an article."""

    def on_get(self, req: Request, resp: Response, key: str, language: str) -> None:
        """As it is now."""
        found = self._clients.working_copy(self._copy_question(req, key, language))
        set_version(resp, found.version)
        answer(resp, found)

    def on_put(self, req: Request, resp: Response, key: str, language: str) -> None:
        """Write it; the first writing opens it."""
        said = to_plain(body_of(req, WorkingCopyBody)) | self._command(req, key, language)
        spec = from_plain(kb.WorkingCopySpec, said, strict=True)
        self._answer(resp, self._clients.put_working_copy(spec, key=key_of(req)))


class WorkingCopyTransitions(AboutACopy):
    """A working copy's life."""

    def on_post(self, req: Request, resp: Response, key: str, language: str) -> None:
        """Move it to review and back, on air, or away."""
        said = to_plain(body_of(req, WorkingCopyTransitionBody)) | self._command(req, key, language)
        command = from_plain(kb.ChangeWorkingCopyStatus, said, strict=True)
        self._answer(resp, self._clients.change_working_copy_status(command, key=key_of(req)))


class WorkingCopyComparison(AboutACopy):
    """A working copy and what is on air."""

    def on_get(self, req: Request, resp: Response, key: str, language: str) -> None:
        """How they differ, and what changed on air meanwhile."""
        question = self._copy_question(req, key, language)
        answer(resp, self._clients.working_copy_comparison(question))
