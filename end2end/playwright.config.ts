// The browser tests, against the finished program with a demo organisation of its own.
// The same specs run with JavaScript on and off, on a phone and in the dark.
import { defineConfig, devices } from '@playwright/test';
import { chromium, server } from './server';

const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } };
const phone = { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } };

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 2,
  // Says at its end what failed and why: logs are read from there.
  reporter: process.env.CI ? 'dot' : 'list',
  timeout: 60_000,
  use: {
    baseURL: server.url,
    locale: 'en-GB',
    timezoneId: 'Europe/Stockholm',
    launchOptions: chromium,
    // A page that is left during its transition rejects a promise that nobody holds; and pictures stand still.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'js', use: desktop, grepInvert: /every figure of/ },
    { name: 'nojs', use: { ...desktop, javaScriptEnabled: false }, testIgnore: /accessibility|stored-payloads|policy/ },
    // The server writes the figures: following each of them once, without JavaScript, is enough.
    { name: 'phone', use: phone, grepInvert: /every figure/, testIgnore: /stored-payloads|policy/ },
    // Colours are the same at every width, and in every language.
    { name: 'dark', use: { ...desktop, colorScheme: 'dark' }, testMatch: /accessibility/, grep: /axe/ },
  ],
  globalTeardown: './teardown',
  webServer: {
    command: server.command,
    url: `${server.url}/readyz`,
    // All browsers share the five roles.
    env: { DATABASE_URL: server.database, KEYROLL_READS_PER_MINUTE: '1000000' },
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
  },
});
