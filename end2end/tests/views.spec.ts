import { expect, test } from './fixtures';
import { total } from './lists';

test('a view is saved, opened by its link, renamed and deleted', async ({ page, signIn }, info) => {
  // Demo views belong to the role: each project has its own name.
  const name = `Nobody registered (${info.project.name})`;
  await signIn('security-reader', '/users?method_class=none&size=25');
  const n = await total(page);
  const menu = page.locator('details.popover:has(form[action="/views"])');
  await menu.locator('summary').click();
  await menu.locator('input[name=name]').fill(name);
  await menu.locator('button[type=submit]').click();
  await expect(page).toHaveURL(/method_class=none.*size=25/);

  await page.goto('/overview');
  await menu.locator('summary').click();
  await menu.getByRole('link', { name }).click();
  await expect(page).toHaveURL(/\/users\?.*method_class=none/);
  expect(await total(page)).toBe(n);

  await page.goto('/views');
  const row = page.locator('tbody tr').filter({ hasText: name });
  await row.locator('input[name=name]').fill(`${name}, again`);
  await row.locator('form[action$=rename] button').click();
  await expect(page.getByRole('status').first()).toBeVisible();
  const renamed = page.locator('tbody tr').filter({ hasText: `${name}, again` });
  await renamed.locator('form[action$=delete] button').click();
  await expect(page.locator('main').getByText(`${name}, again`)).toHaveCount(0);
});

test('a shared view is seen by another role, who may not change it', async ({ page, signIn }, info) => {
  const name = `Last day (${info.project.name})`;
  await signIn('reports-reader', '/events?range=24h');
  const menu = page.locator('details.popover:has(form[action="/views"])');
  await menu.locator('summary').click();
  await menu.locator('input[name=name]').fill(name);
  await menu.locator('input[name=shared]').check();
  await menu.locator('button[type=submit]').click();
  await expect(page).toHaveURL(/range=24h/);
  await page.context().clearCookies();
  await signIn('security-reader', '/views');
  const row = page.locator('tbody tr').filter({ hasText: name });
  await expect(row.locator('a')).toHaveAttribute('href', '/events?range=24h');
  await expect(row.locator('form')).toHaveCount(0);
  await page.context().clearCookies();
  await signIn('global-administrator', '/views');
  await row.locator('form[action$=delete] button').click();
  await expect(row).toHaveCount(0);
});
