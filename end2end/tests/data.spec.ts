import { expect, test } from './fixtures';
import { number } from './lists';

test('what came in is listed, file by file', async ({ page, signIn }) => {
  await signIn('security-administrator', '/data');
  const imports = page.locator('main a[href^="/data/"]');
  expect(await imports.count()).toBeGreaterThan(2);
  await imports.first().click();
  await expect(page).toHaveURL(/\/data\/\d+$/);
  await expect(page.locator('h1')).toBeVisible();
  number(await page.locator('main').innerText());
});

test('there is no such page', async ({ page, signIn, expected }) => {
  expected.push(/status of 404/);
  await signIn();
  for (const path of ['/data/999999', '/no-such-page']) {
    const answer = await page.goto(path);
    expect(answer!.status(), path).toBe(404);
    await expect(page.locator('h1')).toBeVisible();
  }
});
