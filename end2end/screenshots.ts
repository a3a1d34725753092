import { everyPage, test } from './tests/fixtures';

test('pictures of every page', async ({ page, signIn, expected }, info) => {
  test.setTimeout(180_000);
  expected.push(/status of 400/);
  await page.goto('/sign-in');
  const take = async (path: string) => {
    const name = path.replace(/[?&=%]/g, '_').replace(/\//g, '-').slice(1, 60);
    await page.screenshot({ path: `screenshots/${name}-${info.project.name}.png`, fullPage: true });
  };
  await take('/sign-in');
  await signIn('global-administrator');
  for (const path of [...(await everyPage(page)), '/users?registered=maybe']) {
    await page.goto(path);
    await take(path);
  }
});
