// The security policy of real answers, as Google's evaluator judges it.
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { expect, test } from './fixtures';

test('the policy of every kind of answer has nothing that an attacker could use', async ({ page, signIn, request }) => {
  const policies = new Map<string, string>();
  page.on('response', (answer) => {
    const policy = answer.headers()['content-security-policy'];
    if (policy) policies.set(answer.request().resourceType() === 'document' ? new URL(answer.url()).pathname : answer.request().resourceType(), policy);
  });
  await page.goto('/sign-in');
  await signIn('global-administrator');
  for (const path of ['/users', '/sign-ins', '/data', '/settings/access-log', '/api/docs']) await page.goto(path);
  for (const path of ['/livez', '/api/v1/openapi.json', '/no/such/page', '/api/v1/users']) {
    policies.set(path, (await request.get(path)).headers()['content-security-policy']);
  }
  for (const path of ['/sign-in', '/overview', '/users', '/livez', '/api/v1/users']) expect([...policies.keys()]).toContain(path);
  for (const [what, policy] of policies) {
    const parsed = new CspParser(policy).csp;
    const found = new CspEvaluator(parsed).evaluate();
    const told = (severities: Severity[]) =>
      found.filter(({ severity }) => severities.includes(severity)).map(({ description, directive, value }) => `${directive} ${value ?? ''}: ${description}`);
    expect(told([Severity.HIGH, Severity.MEDIUM, Severity.SYNTAX]), `${what}: ${policy}`).toEqual([]);
    // What may be one: there is no JSONP, no AngularJS, and no file of anybody is served.
    const maybe = told([Severity.HIGH_MAYBE, Severity.MEDIUM_MAYBE]).filter((one) => !/^script-src 'self': 'self' can be problematic/.test(one));
    expect(maybe, `${what}: ${policy}`).toEqual([]);
  }
});

test('nothing is kept in a browser but how pages look and who is signed in', async ({ page, context, signIn }) => {
  await signIn('global-administrator');
  for (const path of ['/users', '/sign-ins?challenged=yes', '/data', '/preferences', '/settings/tokens']) {
    await page.goto(path);
    const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length, document.cookie]);
    expect(kept, path).toEqual([0, 0, 0, 0, '']);
  }
  const names = (await context.cookies()).map((cookie) => cookie.name);
  expect(names.filter((name) => !['session', 'language', 'theme', 'preferences'].includes(name))).toEqual([]);
});
