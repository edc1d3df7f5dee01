"""The hotline: a conversation that is answered from articles until a person takes over."""

from falcon import HTTP_201, Request, Response

from gateway.api.answers import answer, answer_reply
from gateway.hotline import Hotline
from gateway.house import House
from gateway.reading import body_of, key_of, principal_of
from gateway.schemas import ChatBody, ChatMessageBody


class Chats:
    """All conversations."""

    def __init__(self, house: House) -> None:
        self._hotline = Hotline(house)

    def on_post(self, req: Request, resp: Response) -> None:
        """Begin one."""
        principal = principal_of(req)
        body = body_of(req, ChatBody)
        language = body.language or principal.language
        begun = self._hotline.begin(principal, language=language, text=body.text, key=key_of(req))
        answer_reply(resp, begun)
        resp.status = HTTP_201
        resp.location = f"/api/v1/chat/{begun.answer.id}"


class Chat:
    """One conversation."""

    def __init__(self, house: House) -> None:
        self._hotline = Hotline(house)

    def on_get(self, req: Request, resp: Response, chat: str) -> None:
        """Read it."""
        answer(resp, self._hotline.show(principal_of(req), chat=chat))


class ChatMessages:
    """What is said in a conversation."""

    def __init__(self, house: House) -> None:
        self._hotline = Hotline(house)

    def on_post(self, req: Request, resp: Response, chat: str) -> None:
        """Say something."""
        text = body_of(req, ChatMessageBody).text
        said = self._hotline.say(principal_of(req), chat=chat, text=text, key=key_of(req))
        answer_reply(resp, said)
