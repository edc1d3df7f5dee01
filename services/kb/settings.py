"""The dials of kb."""

from dataclasses import dataclass

from chassis.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class KbSettings(ServiceSettings):
    """Settings of kb, beside those of every service.

    Attributes:
        lexicon_folder: an organisation's own stop words and spellings, files as in
            services/kb/lexicon; the packaged ones when not set.
        suggest_characters: how much of a text a suggestion reads, from its beginning.
        suggest_share_of_best: a suggestion that scores less than this share of the best one is
            left out.
        review_days: how long after its publication an article is read again, when nobody said.
        review_reminder_days: how long after a reminder the next one follows.
        search_log_days: how long it is remembered what was asked of the search.
        hold_out_percent: the share of requesters who are shown no suggestions, so that their effect
            can be measured; 0 shows them to all.
        deflection_days: a read article has spared a ticket when none follows within so many days.
        index_batch: how many changed articles are read from the database at once.
    """

    lexicon_folder: str | None = None
    suggest_characters: int = 2000
    search_log_days: int = 180
    hold_out_percent: float = 5.0
    deflection_days: int = 7
    suggest_share_of_best: float = 0.4
    review_days: int = 180
    review_reminder_days: int = 14
    index_batch: int = 500
