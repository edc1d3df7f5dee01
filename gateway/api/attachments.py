"""Files beside articles and working copies: what is sent and given is the file itself."""

from falcon import HTTP_204, Request, Response

from chassis.files import from_base64, in_base64
from contracts import kb
from contracts.grammar import from_plain
from gateway.api.answers import answer, answer_reply, mark_replay
from gateway.api.writing import AboutAnArticle
from gateway.giving import give
from gateway.house import House
from gateway.reading import bytes_of, key_of, media_type_of


class Attachments(AboutAnArticle):
    """The files of an article, or of its working copy."""

    def __init__(self, house: House, *, working_copy: bool = False) -> None:
        super().__init__(house)
        self._where = {"working_copy": working_copy}

    def on_get(self, req: Request, resp: Response, key: str, language: str) -> None:
        """All of them, by name."""
        asked = self._question(req, key, language) | self._where
        question = from_plain(kb.ListAttachments, asked, strict=True)
        answer(resp, self._clients.attachments(question))


class Attachment(AboutAnArticle):
    """One file of an article, or of its working copy."""

    def __init__(self, house: House, *, working_copy: bool = False) -> None:
        super().__init__(house)
        self._where = {"working_copy": working_copy}

    def on_get(self, req: Request, resp: Response, key: str, language: str, name: str) -> None:
        """Give it, to be kept and not to be run."""
        asked = self._question(req, key, language) | self._where | {"name": name}
        file = self._clients.attachment(from_plain(kb.GetAttachment, asked, strict=True))
        give(resp, from_base64(file.content), name=file.name, media_type=file.media_type)

    def on_put(self, req: Request, resp: Response, key: str, language: str, name: str) -> None:
        """Keep it, or replace it."""
        said = self._command(req, key, language) | self._where
        said |= {
            "name": name,
            "media_type": media_type_of(req),
            "content": in_base64(bytes_of(req)),
        }
        command = from_plain(kb.PutAttachment, said, strict=True)
        answer_reply(resp, self._clients.put_attachment(command, key=key_of(req)))

    def on_delete(self, req: Request, resp: Response, key: str, language: str, name: str) -> None:
        """Take it away."""
        said = self._command(req, key, language) | self._where | {"name": name}
        command = from_plain(kb.RemoveAttachment, said, strict=True)
        mark_replay(resp, self._clients.remove_attachment(command, key=key_of(req)))
        resp.status = HTTP_204
