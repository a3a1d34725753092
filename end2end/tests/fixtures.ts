// Every test runs with a console that has to stay silent, and can sign in with any role.
import { test as base, expect, type Page } from '@playwright/test';

export const roles = [
  ['reports-reader', 'Reports Reader'],
  ['security-reader', 'Security Reader'],
  ['global-reader', 'Global Reader'],
  ['security-administrator', 'Security Administrator'],
  ['global-administrator', 'Global Administrator'],
] as const;

type Role = (typeof roles)[number][0];

interface Fixtures {
  /** Complaints of the browser that a test expects, such as the status of a page that answers 400. */
  expected: RegExp[];
  /** When the test began: figures that are compared have to be as of one instant, or the oldest row leaves the window in between. */
  now: string;
  signIn: (role?: Role, returnTo?: string) => Promise<void>;
}

export const test = base.extend<Fixtures & { silence: void }>({
  expected: async ({}, use) => use([]),
  now: async ({}, use) => use(new Date().toISOString()),
  silence: [
    async ({ page, expected, javaScriptEnabled }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
      page.on('console', (message) => {
        // Violations of the content security policy are console errors too.
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('requestfailed', (request) => {
        const failure = request.failure()?.errorText ?? '';
        // A page that is left, and a download, end their request early.
        if (failure !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${failure}`);
      });
      page.on('response', (response) => {
        if (response.status() >= 500) complaints.push(`${response.url()}: ${response.status()}`);
      });
      await use();
      // Without JavaScript the browser preloads a module that it then must not run, and says so.
      const known = javaScriptEnabled === false ? [...expected, /\/pkg\/keyroll/] : expected;
      const surprises = complaints.filter((complaint) => !known.some((pattern) => pattern.test(complaint)));
      expect(surprises, 'the console is silent').toEqual([]);
    },
    { auto: true },
  ],
  signIn: async ({ page }, use) => {
    await use(async (role = 'security-reader', returnTo = '/overview') => {
      await page.goto(`/sign-in?return_to=${encodeURIComponent(returnTo)}`);
      await page.locator(`button[name=role][value=${role}]`).click();
      await expect(page).toHaveURL(returnTo);
    });
  },
});

export { expect };

/** Every page that a Global Administrator can open; the person and the import are found on the lists. */
export async function everyPage(page: Page): Promise<string[]> {
  await page.goto('/users');
  const person = await page.locator('tbody a.person').first().getAttribute('href');
  await page.goto('/data');
  const imported = await page.locator('main a[href^="/data/"]').first().getAttribute('href');
  await page.goto('/sign-ins?challenged=yes');
  const signIn = (await page.locator('tbody a[href^="/sign-ins/"]').first().getAttribute('href'))!;
  const tab = (name: string) => `${signIn}${signIn.includes('?') ? '&' : '?'}tab=${name}`;
  return [
    '/overview',
    '/overview?range=24h&population=everyone',
    '/overview?compare=previous&sort_resets=-failure&sort_history=-at',
    '/sms-and-voice',
    '/users',
    '/users?registered=no&method_class=none',
    '/users?q=nobody-has-this-name',
    '/events',
    '/events?feature=reset&status=failure',
    '/usage',
    '/usage?range=24h&population=everyone',
    '/usage/users',
    '/usage/applications',
    '/sign-ins',
    '/sign-ins?mfa_result=denied&challenged=yes',
    signIn,
    tab('authentication'),
    tab('related'),
    '/mfa/activity',
    '/mfa/blocked-users',
    '/mfa/bypassed-users',
    '/mfa/fraud-alerts',
    '/mfa/servers',
    '/lists/mfa-registered',
    '/lists/mfa-not-registered',
    '/lists/mfa-methods',
    '/reasons',
    '/reasons?q=500121',
    '/data',
    '/settings/people',
    '/settings/tokens',
    '/settings/sources',
    '/settings/retention',
    '/settings/access-log',
    `${person}/erase`,
    `${imported}/undo`,
    '/preferences',
    '/help/keyboard',
    '/api/docs',
    '/views',
    '/exports',
    person!,
    imported!,
  ];
}
