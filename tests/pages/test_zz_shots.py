from tests.distribution.shopfront import *


async def shot(browser, url, name, w, h, dark=False, ua=None, steps=None, full=True):
    c = await browser.new_context(
        viewport={"width": w, "height": h},
        color_scheme="dark" if dark else "light",
        user_agent=ua,
        device_scale_factor=1.5 if w < 500 else 1,
    )
    p = await c.new_page()
    msgs = []
    p.on("console", lambda m: msgs.append(m.text))
    await p.goto(url)
    if steps:
        await steps(p)
    await p.screenshot(path=f"/tmp/shots/{name}.png", full_page=full)
    if msgs:
        print(name, msgs)
    await c.close()


async def test_shots(front, browser):
    import os

    os.makedirs("/tmp/shots", exist_ok=True)
    async with front.staff() as s:
        await s.patch(
            "/api/v1/organization",
            json={
                "legal": {
                    "controller": "Café Central SARL, Rabat",
                    "contact_email": "bonjour@cafe-central.ma",
                    "data_protection_officer": "Me Salma Idrissi",
                    "cndp_receipt": "D-W-123/2026",
                    "privacy_url": "https://cafe-central.ma/privacy",
                }
            },
        )
        loc = (await s.post("/api/v1/locations", json={"name": "Agdal"})).json()
    u = front.base_url + front.path + f"?location={loc['id']}&lang="

    async def open_details(p):
        await p.click("summary")

    async def wrong(p):
        await p.fill("#phone", "061234")
        await p.fill("#name", "Lina Berrada")
        await p.click("button[type=submit]")
        await p.wait_for_load_state()

    await shot(browser, u + "fr", "fr-390", 390, 844, steps=open_details)
    await shot(browser, u + "ar", "ar-390", 390, 844)
    await shot(browser, u + "en", "en-390-dark", 390, 844, dark=True)
    await shot(browser, u + "fr", "fr-error-390", 390, 844, steps=wrong)
    await shot(browser, u + "ar", "ar-error-390-dark", 390, 844, dark=True, steps=wrong)
    await shot(browser, u + "en", "en-1440", 1440, 900)
    await shot(browser, u + "ar", "ar-1440-dark", 1440, 900, dark=True)
    link = front.base_url + await front.join()
    await shot(browser, link, "card-1440", 1440, 900)
    await shot(browser, link, "card-390-iphone", 390, 844, ua=IPHONE)
    await shot(browser, link + "x", "notfound-390", 390, 844)
