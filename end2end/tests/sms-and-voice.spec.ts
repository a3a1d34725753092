import { expect, test } from './fixtures';
import { asOf, number, total } from './lists';

test('every number of /sms-and-voice is the length of the list it leads to', async ({ page, signIn, now }) => {
  test.setTimeout(180_000);
  await signIn('security-reader', asOf('/sms-and-voice', now));
  const found: { n: number; href: string }[] = [];
  for (const link of await page.locator('.tile-value a, #departments td a, #countries tr:nth-child(-n + 2) td a').all()) {
    found.push({ n: number(await link.textContent()), href: (await link.getAttribute('href'))! });
  }
  expect(found.length).toBeGreaterThan(6);
  for (const { n, href } of found) {
    await page.goto(href);
    expect(await total(page), href).toBe(n);
  }
});

test('departments are put in order without JavaScript, and nobody is lost', async ({ page, signIn }) => {
  await signIn('security-reader', '/sms-and-voice');
  const of = (n: number) => page.locator(`#departments tbody td:nth-child(${n})`).allTextContents();
  const only = (await of(3)).map(number);
  expect(only).toEqual([...only].sort((a, b) => b - a));
  const value = page.locator('.tile-value a').first();
  expect(only.reduce((sum, n) => sum + n, 0)).toBe(number(await value.textContent()));
  await page.locator('#departments thead a').nth(1).click();
  await expect(page).toHaveURL(/sort_departments=size#departments/);
  const sizes = (await of(2)).map(number);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  const csv = await page.request.get((await page.locator('#departments a[download]').getAttribute('href'))!);
  expect((await csv.text()).trim().split('\r\n').length - 1).toBe(sizes.length);
});
