import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures';
import { csvRows, number, total } from './lists';

test('a list is written in the background, and its file has the rows of the screen', async ({ page, signIn, javaScriptEnabled }, info) => {
  // Exports of a demo belong to the role: each project has one of its own.
  const role = { js: 'security-reader', nojs: 'global-reader' }[info.project.name] ?? 'reports-reader';
  await signIn(role as 'security-reader', '/users?registered=yes&size=25');
  const n = await total(page);
  const menu = page.locator('details.popover:has(form[action="/exports"])');
  await menu.locator('summary').click();
  await menu.locator('select[name=format]').selectOption('csv');
  await menu.getByRole('button', { name: 'In the background' }).click();
  await expect(page).toHaveURL('/exports');

  const newest = page.locator('li.export').first();
  if (javaScriptEnabled === false) {
    // The page does not follow by itself: it is loaded again.
    await expect
      .poll(async () => {
        await page.reload();
        return newest.getAttribute('data-state');
      })
      .toBe('done');
  } else {
    await expect(newest).toHaveAttribute('data-state', 'done');
    await page.reload();
  }
  expect(number((await newest.locator('b').innerText()).split('row')[0])).toBe(n);
  const download = page.waitForEvent('download');
  await newest.getByRole('link', { name: 'Download the file' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^users-members-.*\.csv$/);
  expect(csvRows(readFileSync(await file.path(), 'utf8'))).toHaveLength(n);

  // The list as it was then.
  await newest.getByRole('link', { name: 'Show this list as it was then' }).click();
  expect(await total(page)).toBe(n);

  await page.goto('/exports');
  await newest.getByRole('button', { name: /^Delete/ }).click();
  await expect(page.getByRole('status').first()).toBeVisible();
  await expect(page.locator('li.export')).toHaveCount(0);
});

test('somebody else sees nothing of it', async ({ page, signIn, expected }) => {
  expected.push(/status of 404/);
  await signIn('global-administrator', '/exports');
  await expect(page.locator('li.export')).toHaveCount(0);
  expect((await page.goto('/exports/1/download'))!.status()).toBe(404);
});
