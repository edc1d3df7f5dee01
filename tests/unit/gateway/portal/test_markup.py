import pytest

from gateway.portal.markup import article_body, message_body, snippet


def test_nothing_in_a_message_is_html() -> None:
    assert message_body("<b>hi</b> & 'bye'") == "&lt;b&gt;hi&lt;/b&gt; &amp; &#39;bye&#39;"


@pytest.mark.parametrize(
    ("text", "address", "after"),
    [
        ("see https://a.example/x.", "https://a.example/x", "."),
        ("(https://a.example/x)", "https://a.example/x", ")"),
        ("https://a.example/x_(y)", "https://a.example/x_(y)", ""),
        ("http://a.example/?q=1&r=2!", "http://a.example/?q=1&amp;r=2", "!"),
    ],
)
def test_a_web_address_links_without_the_sentence_around_it(
    text: str, address: str, after: str
) -> None:
    found = str(message_body(text))

    assert f'href="{address}"' in found
    assert found.endswith(f"</a>{after}")
    assert 'rel="noopener noreferrer nofollow"' in found


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "https://", "http://", 'https://a.example/"onmouseover="x'],
)
def test_a_message_cannot_smuggle_a_script(text: str) -> None:
    found = str(message_body(text))

    assert 'href="javascript' not in found
    assert 'onmouseover="' not in found


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "![x](https://elsewhere.example/pixel.png)",
        '<a href="#" onclick="x()">x</a>',
        "<style>*{display:none}</style>",
    ],
)
def test_an_article_shows_only_harmless_html(markdown: str) -> None:
    found = str(article_body(markdown))

    for harm in ("<script", "<style", "<img", 'href="javascript', 'href="data', '<a href="#"'):
        assert harm not in found


def test_the_headings_of_an_article_stand_below_its_title() -> None:
    assert str(article_body("# One\n\n#### Four")) == "<h2>One</h2>\n<h4>Four</h4>\n"


def test_a_snippet_keeps_its_marks_and_nothing_else() -> None:
    assert snippet('<mark class="x">vpn</mark> <img src=x onerror=y> &lt;b&gt;') == (
        "<mark>vpn</mark>  &lt;b&gt;"
    )
