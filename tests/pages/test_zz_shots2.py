from tests.pages.test_zz_shots import shot
from tests.distribution.shopfront import *


async def test_shots(front, browser):
    u = front.base_url + front.path + "?lang="

    async def wrong(p):
        await p.fill("#phone", "061234")
        await p.fill("#name", "Lina Berrada")
        await p.click("button[type=submit]")
        await p.wait_for_load_state()

    await shot(browser, u + "fr", "fr-390", 390, 844)
    await shot(browser, u + "fr", "fr-error-390", 390, 844, steps=wrong)
    await shot(browser, u + "ar", "ar-error-390-dark", 390, 844, dark=True, steps=wrong)
    await shot(browser, u + "en", "en-320", 320, 600)
