"""What a question reads: the few articles that were found, whatever else is published."""

import pytest
import sqlalchemy as sa

from services.kb.domain.readers import PUBLIC, Reader
from services.kb.store.articles import shown
from tests.service.kb.house import House


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_found_articles_are_read_one_by_one(house: House) -> None:
    said: list[str] = []

    with house.database.read() as tx:

        def hear(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        sa.event.listen(tx.connection, "before_cursor_execute", hear)
        shown(tx.connection, ids=[str(n) for n in range(20)], reader=Reader(audience=PUBLIC))
        sa.event.remove(tx.connection, "before_cursor_execute", hear)
        (statement,) = [each for each in said if "articles" in each]
        values = ("x",) * statement.count("?")
        plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()

    # By its key, not all that is published: that was nearly everything.
    assert "SEARCH articles USING INDEX sqlite_autoindex_articles_1 (id=?)" in str(plan)
