"""Files on messages: handed in first, then named by the message they belong to."""

from falcon import HTTP_201, Request, Response

from chassis.files import from_base64, in_base64
from contracts import intake
from contracts.grammar import from_plain, to_plain
from gateway.api.answers import answer_reply
from gateway.giving import give_of_message
from gateway.house import House
from gateway.reading import bytes_of, key_of, media_type_of, principal_of, query_of
from gateway.schemas import UploadQuery


class Uploads:
    """Files for messages to come, of a ticket or of none yet."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str | None = None) -> None:
        """Keep one until its message is sent, a day at most."""
        principal = principal_of(req)
        said = {
            "name": query_of(req, UploadQuery).name,
            "media_type": media_type_of(req),
            "content": in_base64(bytes_of(req)),
            "actor": to_plain(principal.actor),
            "number": number,
            "viewer": principal.viewer,
        }
        command = from_plain(intake.AddMessageFile, said, strict=True)
        answer_reply(resp, self._clients.upload(command, key=key_of(req)))
        resp.status = HTTP_201


class MessageFile:
    """One file of a message."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, number: str, attachment: str) -> None:
        """Give it to whoever may read the message."""
        found = self._clients.message_file(
            intake.GetMessageFile(
                number=number, attachment_id=attachment, viewer=principal_of(req).viewer
            )
        )
        file = found.attachment
        content = from_base64(found.content)
        give_of_message(resp, content, name=file.name, media_type=file.media_type)
