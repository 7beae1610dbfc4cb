"""The tables of the rules, row by row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.distribution import colours, rules
from passerelle.distribution.rules import Answer, Choice, Claim, Opener, Platform
from tests.distribution.shopfront import ANDROID, DESKTOP, IPHONE

MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Safari/605.1.15"
)
IPAD = "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Version/12.1 Mobile/15E148"
FACEBOOK = f"{IPHONE} [FBAN/FBIOS;FBAV/520.0.0.38;FBBV/751414013;FBDV/iPhone16,2;FBMD/iPhone;FBSN/iOS;FBSV/18.5]"
INSTAGRAM = f"{IPHONE} Instagram 380.0.0.27.85 (iPhone15,2; iOS 18_5; fr_FR; fr; scale=3.00; 1179x2556; 740214551)"

OPENERS: list[tuple[str, Platform, Answer]] = [
    (IPHONE, "iphone", "apple"),
    (IPHONE.replace("iPhone;", "iPod touch;"), "iphone", "apple"),
    (f"{IPHONE} CriOS/141.0.0.0", "iphone", "apple"),
    (FACEBOOK, "iphone", "page"),
    (INSTAGRAM, "iphone", "page"),
    (f"{IPHONE} Line/15.1.0", "iphone", "page"),
    (f"{IPHONE} LinkedInApp/9.31", "iphone", "page"),
    (f"{IPHONE} musical_ly_39.0 BytedanceWebview/d8a21c6", "iphone", "page"),
    (f"{IPHONE} MicroMessenger/8.0.60(0x18003c2f)", "iphone", "page"),
    (IPAD, "ipad", "page"),
    (MAC, "mac", "page"),
    (ANDROID, "android", "google"),
    (f"{ANDROID} [FB_IAB/FB4A;FBAV/520.0.0.46.85;]", "android", "google"),
    (
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S921B) SamsungBrowser/28.0 Mobile Safari/537.36",
        "android",
        "google",
    ),
    ("Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 7) Chrome/120.0 Mobile Safari/537.36", "android", "google"),
    ("Passbook/1.0 CFNetwork/3826.500.131 Darwin/24.5.0", "iphone", "apple"),
    ("passd/1.0 CFNetwork/3826.500.131 Darwin/24.5.0", "iphone", "apple"),
    ("passd/1.0", "iphone", "apple"),
    (DESKTOP, "other", "page"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "other", "page"),
    ("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950; like iPhone) Edge/15", "other", "page"),
    ("python-httpx/0.28.1", "other", "page"),
    ("", "other", "page"),
]
BOTS = [
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "facebookcatalog/1.0",
    "meta-externalagent/1.1",
    "WhatsApp/2.25.14.74 A",
    "WhatsApp/2.23.20.0 i",
    "Twitterbot/1.0",
    "TelegramBot (like TwitterBot)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"{ANDROID} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    f"{MAC} (Applebot/0.1; +http://www.apple.com/go/applebot)",
    # What Messages of Apple calls itself when it previews a link.
    f"{MAC} facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    "Pinterest/0.2 (+http://www.pinterest.com/bot.html)",
    "Mozilla/5.0 (compatible; DuckDuckBot/1.1)",
    "ia_archiver (+http://www.alexa.com/site/help/webmasters)",
]


@pytest.mark.parametrize(("user_agent", "platform", "answer"), OPENERS)
def test_each_device_gets_its_wallet(user_agent: str, platform: Platform, answer: Answer) -> None:
    opener = rules.opener_of(user_agent)
    assert not opener.is_bot
    assert opener.platform == platform
    assert rules.answer_to(opener, None) == answer


@pytest.mark.parametrize("choice", rules.CHOICES)
@pytest.mark.parametrize("user_agent", [user_agent for user_agent, _, _ in OPENERS])
def test_an_explicit_choice_always_wins(user_agent: str, choice: Choice) -> None:
    assert rules.answer_to(rules.opener_of(user_agent), choice) == choice


@pytest.mark.parametrize("choice", [None, *rules.CHOICES])
@pytest.mark.parametrize("user_agent", BOTS)
def test_bots_get_the_neutral_page_whatever_they_choose(user_agent: str, choice: Choice | None) -> None:
    opener = rules.opener_of(user_agent)
    assert opener.is_bot
    assert rules.answer_to(opener, choice) == "preview"


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("c_abc", ("c_abc", None)),
        ("c_abc.pkpass", ("c_abc", "apple")),
        ("c_abc.gpay", ("c_abc", "google")),
        ("c_abc.PKPASS", ("c_abc.PKPASS", None)),
        (".pkpass", ("", "apple")),
    ],
)
def test_the_ending_forces_a_wallet(tail: str, expected: tuple[str, Choice | None]) -> None:
    assert rules.split_suffix(tail) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("apple", "apple"), ("page", "page"), ("samsung", None), (None, None)]
)
def test_only_known_wallets_are_a_choice(text: str | None, expected: Choice | None) -> None:
    assert rules.as_choice(text) == expected


@pytest.mark.parametrize(
    ("opener", "answer", "configured", "expected"),
    [
        (Opener("iphone"), "page", ["apple", "google"], None),
        (Opener("iphone"), "apple", [], "no_wallet"),
        (Opener("iphone"), "apple", ["google"], "no_apple"),
        (Opener("iphone"), "page", ["google"], "no_apple"),
        (Opener("android"), "google", ["apple"], "no_google"),
        (Opener("iphone", in_app=True), "page", ["apple"], "open_in_safari"),
        (Opener("other"), "page", ["google"], None),
        (Opener("other"), "apple", ["google"], "no_apple"),
        (Opener("mac"), "google", ["apple"], "no_google"),
    ],
)
def test_a_page_says_what_is_missing(
    opener: Opener, answer: Answer, configured: list[rules.Wallet], expected: str | None
) -> None:
    assert rules.alert_for(opener, answer, configured, failed=False) == expected
    assert rules.alert_for(opener, answer, configured, failed=True) == "google_unavailable"


_NOTHING = Claim(created=False, proven=False, same_name=False, new_member=False)


@pytest.mark.parametrize(
    ("claim", "receives"),
    [
        (Claim(created=True, proven=True, same_name=True, new_member=True), True),
        (replace(_NOTHING, proven=True), True),
        (replace(_NOTHING, same_name=True, new_member=True), True),
        (replace(_NOTHING, same_name=True), False),
        (replace(_NOTHING, new_member=True), False),
        (_NOTHING, False),
    ],
)
def test_a_number_alone_opens_no_card(claim: Claim, *, receives: bool) -> None:
    assert rules.may_receive_card(claim) is receives


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zoé  El Fassi", "zoe el fassi", True),
        ("لينا", "لينا ", True),
        ("Lina", "Lena", False),
        ("", "", False),
        (" ", " ", False),
    ],
)
def test_names_are_compared_as_people_do(one: str, other: str, *, same: bool) -> None:
    assert rules.is_same_name(one, other) is same


@pytest.mark.parametrize(
    ("seconds", "age"),
    [
        (-60, "expired"),
        (-1, "quick"),
        (0, "quick"),
        (1.9, "quick"),
        (2, "fresh"),
        (43_200, "fresh"),
        (43_201, "expired"),
    ],
)
def test_a_form_is_believed_for_twelve_hours(seconds: float, age: str) -> None:
    opened_at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert rules.form_age(opened_at, opened_at + timedelta(seconds=seconds)) == age


@given(st.text(max_size=300))
def test_campaign_parameters_are_short_and_printable(text: str) -> None:
    kept = rules.clean_utm(text)
    assert kept is None or (0 < len(kept) <= 100 and kept.isprintable())


_colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(_colour, _colour, _colour)
def test_every_merchant_s_colours_can_be_read(background: str, foreground: str, label: str) -> None:
    found = colours.palette(background, foreground, label)
    assert found.brand == background
    assert colours.contrast(found.on_brand, found.brand) >= 4.5
    assert colours.contrast(found.soft_on_brand, found.brand) >= 4.5
    assert colours.contrast(found.accent, "#ffffff") >= 4.5
    assert colours.contrast(found.accent_on_dark, colours.DARK_PAGE) >= 4.5


def test_readable_colours_are_left_alone() -> None:
    found = colours.palette("#5b3a29", "#FFFFFF", "#f2d9c2")
    assert (found.brand, found.on_brand, found.soft_on_brand) == ("#5b3a29", "#ffffff", "#f2d9c2")
    assert found.accent == "#5b3a29"
    assert round(colours.contrast("#000000", "#ffffff"), 2) == 21
    assert round(colours.contrast("#767676", "#ffffff"), 2) == 4.54  # WCAG's well-known edge
