"""Files on messages, as a browser shows them."""

from falcon import Request, Response

from chassis.files import from_base64
from contracts import intake
from gateway.giving import give_of_message
from gateway.house import House
from gateway.portal.rendering import Press


class TicketFile:
    """A file of a message; a picture is shown where it is asked for."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response, *, number: str, attachment: str) -> None:
        """Give it to whoever may read the message."""
        viewer = self._press.visit(req, resp).principal.viewer
        question = intake.GetMessageFile(number=number, attachment_id=attachment, viewer=viewer)
        found = self._house.clients.message_file(question)
        file, content = found.attachment, from_base64(found.content)
        give_of_message(resp, content, name=file.name, media_type=file.media_type, in_place=True)
