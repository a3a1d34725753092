// `npm run screenshots`: a picture of every page at three widths, light and dark, into end2end/screenshots.
import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

// The tests' projects would be added to these.
const { projects: _, ...config } = tests;

export default defineConfig(config, {
  testDir: '.',
  testMatch: 'screenshots.ts',
  projects: [1440, 768, 390].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({
      name: `${width}-${colorScheme}`,
      testMatch: 'screenshots.ts',
      use: { viewport: { width, height: width > 700 ? 1000 : 844 }, colorScheme, deviceScaleFactor: 1 },
    })),
  ),
});
