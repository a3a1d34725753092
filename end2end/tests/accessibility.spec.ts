import { AxeBuilder } from '@axe-core/playwright';
import { everyPage, expect, test } from './fixtures';

test('axe finds nothing on any page', async ({ page, signIn, expected }, { project }) => {
  test.setTimeout(420_000);
  expected.push(/status of 40[04]/);
  await page.goto('/sign-in');
  const violations: string[] = [];
  const look = async (path: string) => {
    const axe = new AxeBuilder({ page });
    // In the dark, colours are all that is different.
    if (project.name === 'dark') axe.withRules('color-contrast');
    const { violations: found } = await axe.analyze();
    for (const { id, nodes } of found) violations.push(...nodes.map((node) => `${path} ${id}: ${node.html}`));
  };
  await look('/sign-in');
  await signIn('global-administrator');
  const paths = [...(await everyPage(page)), '/users?registered=maybe', '/overview?as_of=2001-01-01T00:00:00Z', '/nowhere'];
  for (const path of paths) {
    await page.goto(path);
    // What is folded away has to be right too.
    for (const details of await page.locator('main details:not([name])').all()) {
      await details.evaluate((element: HTMLDetailsElement) => (element.open = true));
    }
    await look(path);
  }
  expect(violations).toEqual([]);
});

test('every page has a language, a title, one h1 and one main', async ({ page, signIn }) => {
  await signIn('global-administrator');
  for (const path of await everyPage(page)) {
    await page.goto(path);
    await expect(page.locator('html')).toHaveAttribute('lang', /.+/);
    expect(await page.title(), path).not.toBe('');
    await expect(page.locator('h1')).toHaveCount(1);
    await expect(page.locator('main')).toHaveCount(1);
  }
});

test('the copy button comes alive', async ({ page, signIn, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn();
  const button = page.locator('.copy-link button');
  await expect(button).toBeVisible();
  await button.click();
  await expect(page.locator('.copy-link [role=status]')).not.toBeEmpty();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/\/overview\?.*as_of=/);
});
