import { expect, test } from './fixtures';
import { choose } from './preferences';

test('language and theme change on the same screen, and stay', async ({ page, signIn }) => {
  await signIn('reports-reader', '/users?registered=no&sort=-display_name');
  await choose(page, 'language', 'sv');
  await choose(page, 'theme', 'dark');
  await page.goto('/data');
  await expect(page.locator('html')).toHaveAttribute('lang', 'sv');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await choose(page, 'theme', 'system');
});

test('a time zone is chosen on the page of preferences and named beside times', async ({ page, signIn, expected }) => {
  expected.push(/status of 422/);
  await signIn('reports-reader', '/preferences?return_to=%2Fdata');
  await page.locator('input[name=time_zone]').fill('Mars/Base');
  await page.locator('form.preferences button[type=submit]').click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.locator('input[name=time_zone]').fill('Asia/Tokyo');
  await page.locator('form.preferences button[type=submit]').click();
  await expect(page).toHaveURL('/data');
  await expect(page.locator('main')).toContainText('Asia/Tokyo');
});
