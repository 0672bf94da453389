// The page in Debian's Chromium: by keyboard, with a hostile record, in both colour schemes, from 360 to 1400 px.
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../../src/server/index.ts';
import { contrasts, nameless } from './accessibility.ts';
import { makeParts } from './fakes.ts';

const CHROMIUM = '/usr/bin/chromium';
const isMissing = !existsSync(CHROMIUM);
if (isMissing && process.env['CI'] === 'true') throw new Error(`${CHROMIUM} is missing; apt-get install chromium`);

describe.skipIf(isMissing)(isMissing ? `the page (skipped: ${CHROMIUM} is missing; apt-get install chromium)` : 'the page', () => {
  let browser: Browser;
  let page: Page;
  let server: Listening;
  let made: Awaited<ReturnType<typeof makeParts>>;
  /** What the browser complains of: policy violations, script errors, files that are missing. */
  const complaints: string[] = [];
  let hold: ((signal: AbortSignal) => Promise<void>) | null = null;

  beforeAll(async () => {
    made = await makeParts({ before: async ({ signal }) => hold?.(signal) });
    server = await listen(made.app, made.parts.config);
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
    page = await browser.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await made?.close();
  });

  /** The page afresh. One tab serves all tests: a new one would cost more than the test. */
  async function open({ width = 1400, height = 900, colorScheme = 'light' as 'light' | 'dark' } = {}): Promise<void> {
    await page.unrouteAll();
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(server.url);
  }

  async function choose(name: string): Promise<void> {
    await page.getByRole('button', { name }).click();
    await page.getByText('Ask about this record').waitFor();
  }

  async function ask(question = 'What was the last creatinine?'): Promise<void> {
    await page.getByRole('textbox', { name: 'Question about this patient' }).fill(question);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copy with citations' }).last().waitFor();
  }

  test('a patient is found by name, and the banner names them while anything is shown', async () => {
    await open();
    await page.getByRole('searchbox', { name: 'Name, number or birth date' }).fill('inventus');
    await page.getByText('1 patient', { exact: true }).waitFor();
    expect(await page.locator('#found button').allTextContents()).toEqual([expect.stringContaining('Barnabas Inventus')]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const banner = page.getByRole('region', { name: 'Patient' });
    await banner.waitFor();
    const text = (await banner.textContent()) ?? '';
    for (const fact of ['Barnabas Inventus', '1990-10-30', 'male', '1002', '2031-03-04 12:00']) expect(text).toContain(fact);
  });

  describe('one answer', () => {
    beforeAll(async () => {
      await open();
      await choose('Ottilie Fictiva');
      await ask();
    });
    test('sentences come with chips, flags and limits first, in a live region', async () => {
      const sentences = page.locator('[aria-live=polite] .sentence');
      expect(await sentences.evaluateAll((all) => all.map((each) => each.classList[1]))).toEqual(['flag', 'limit', 'finding', 'finding']);
      expect(await sentences.first().textContent()).toContain('Flag');
      expect(await page.getByRole('button', { name: 'Evidence 3: Creatinine, 1.3 mg/dL, 2031-03-04 05:55' }).count()).toBe(1);
      expect(await page.locator('#sources-down').textContent()).toContain('medications (pharmacy)');
      expect(await page.locator('.foot').textContent()).toContain('a source could not be reached');
    });

    test('evidence opens beside the sentence by keyboard, and Esc gives the focus back', async () => {
      const chip = page.getByRole('button', { name: /^Evidence 3:/ });
      await chip.focus();
      await page.keyboard.press('Enter');
      const panel = page.getByRole('complementary', { name: 'Creatinine' });
      await panel.waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('panel-title');
      expect(await chip.getAttribute('aria-expanded')).toBe('true');
      const text = (await panel.textContent()) ?? '';
      for (const fact of ['Ottilie Fictiva', '1.3 mg/dL', '0.5–1.1 mg/dL', 'final', 'serum', 'Observation/p-one-5 on fake'])
        expect(text).toContain(fact);
      await page.keyboard.press('Escape');
      expect(await panel.isVisible()).toBe(false);
      expect(await chip.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await chip.getAttribute('aria-expanded')).toBe('false');
    });

    test("a calculation's inputs open from its panel, and Back returns", async () => {
      await page.getByRole('button', { name: /^Evidence 5:/ }).click();
      await page.getByRole('heading', { name: 'Rests on 6 records' }).waitFor();
      await page.locator('.inputs button').nth(2).click();
      await page.getByText('corrected').and(page.locator('#panel dd')).waitFor();
      await page.getByRole('button', { name: 'Back' }).click();
      await page.getByRole('complementary', { name: 'Creatinine trend' }).waitFor();
      await page.keyboard.press('Escape');
    });

    test('a tag in a comment of the record stays text', async () => {
      await page.getByRole('button', { name: /^Evidence 3:/ }).click();
      await page.getByText('<img src=x onerror=').waitFor();
      expect(await page.locator('#panel img').count()).toBe(0);
      expect(await page.title()).toBe('Clinical copilot');
      await page.keyboard.press('Escape');
    });

    test('a trend is a graph with a name and a table of the same values', async () => {
      const graph = page.getByRole('img', { name: /Creatinine trend: 6 values from 2031-02-27 06:00 \(1.1 mg\/dL\)/ });
      await graph.waitFor();
      expect(await graph.locator('circle').count()).toBe(6);
      // 2.05 is the highest of the values, so its point stands highest.
      const heights = await graph.locator('circle').evaluateAll((all) => all.map((each) => Number(each.getAttribute('cy'))));
      expect(heights.indexOf(Math.min(...heights))).toBe(2);
      await page.getByText('Values as a table').click();
      const values = await page.locator('.trend tbody td:nth-child(2)').allTextContents();
      expect(values).toEqual(['1.3', '1.6', '1.9', '2.05', '1.4', '1.1'].map((n) => `${n} mg/dL`));
    });

    test('copied text holds the patient, the marks, the evidence with its address, and what was not complete', async () => {
      await page.getByRole('button', { name: 'Copy with citations' }).click();
      await page.getByText('Copied').waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      expect(text).toContain('Ottilie Fictiva, born 1958-02-11, female, number 1001, as of 2031-03-04T12:00:00-05:00');
      expect(text).toContain('The last creatinine is 1.3 mg/dL, drawn 2031-03-04 05:55. [3] [4]');
      expect(text).toMatch(new RegExp(`\\[3\\] Creatinine; 1.3 mg/dL.*${server.url}/api/evidence/e[0-9a-f]+`));
      expect(text).toContain('Not complete: medications: could not be read (connection refused)');
    });
  });

  test('another patient ends the conversation and stops what runs', async () => {
    await open();
    await choose('Ottilie Fictiva');
    await ask();
    const stopped = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    hold = (signal) => {
      hold = null;
      began.resolve();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          stopped.resolve();
          resolve();
        });
      });
    };
    await page.getByRole('textbox', { name: 'Question about this patient' }).fill('And the potassium?');
    await page.keyboard.press('Enter');
    await began.promise;
    expect(made.asked.at(-1)!.conversation).toBeDefined();
    await page.getByRole('button', { name: 'Change patient' }).click();
    await page.getByRole('button', { name: 'Barnabas Inventus' }).click();
    await stopped.promise;
    await page.getByText('Ask about this record').waitFor();
    expect(await page.locator('.turn').count()).toBe(0);
    expect(await page.getByRole('region', { name: 'Patient' }).textContent()).toContain('Barnabas Inventus');
    await ask();
    expect(made.asked.at(-1)!.patient).toBe('p-two');
    expect(made.asked.at(-1)!.conversation).toBeUndefined();
    expect(await page.locator('body').textContent()).not.toContain('Fictiva');
  });

  test('a stream that is cut is told, and what came stays', async () => {
    await open();
    await choose('Ottilie Fictiva');
    const event = `event: sentence\ndata: ${JSON.stringify({ index: 0, text: 'The creatinine is 1.3 mg/dL.', citations: [], kind: 'finding' })}\n\n`;
    await page.route('**/api/ask', (route) => route.fulfill({ contentType: 'text/event-stream', body: event }));
    await page.getByRole('textbox', { name: 'Question about this patient' }).fill('x');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'ended before the answer was whole' }).waitFor();
    expect(await page.locator('.sentence').textContent()).toContain('1.3 mg/dL');
  });

  test.each(['light', 'dark'] as const)('every control has a name and every text its contrast (%s)', async (colorScheme) => {
    await open({ colorScheme });
    expect(await page.evaluate(nameless)).toEqual([]);
    expect(await page.evaluate(contrasts)).toEqual([]);
    await choose('Ottilie Fictiva');
    await ask();
    await page.locator('.trend svg').waitFor();
    await page.getByText('Values as a table').click();
    await page.getByText('What was looked for').click();
    await page.getByRole('button', { name: /^Evidence 5:/ }).click();
    await page.getByRole('heading', { name: 'Rests on 6 records' }).waitFor();
    expect(await page.evaluate(nameless)).toEqual([]);
    expect(await page.evaluate(contrasts)).toEqual([]);
    for (const role of ['main', 'banner', 'complementary'] as const) expect(await page.getByRole(role).count(), role).toBe(1);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    const [ground] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g)!.map(Number);
    expect(ground! < 64).toBe(colorScheme === 'dark');
    // The page of one piece of evidence, too.
    const href = await page.getByRole('link', { name: 'Open as a page of its own' }).getAttribute('href');
    await page.goto(new URL(href!, `${server.url}/`).href);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Creatinine trend');
    expect(await page.evaluate(contrasts)).toEqual([]);
    expect(await page.getByRole('row').count()).toBe(7);
  });

  test('nothing is cut off at 360 px, and what was clicked stays in sight above the panel', async () => {
    await open({ width: 360, height: 740 });
    await choose('Ottilie Fictiva');
    await ask('What was the last creatinine, and how has it changed over the stay, and what does the record say about potassium?');
    await page.locator('.trend svg').waitFor();
    const wider = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await wider()).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: /^Evidence 5:/ }).click();
    await page.getByRole('heading', { name: 'Rests on 6 records' }).waitFor();
    expect(await wider()).toBeLessThanOrEqual(0);
    const [chip, panel] = await Promise.all([
      page.getByRole('button', { name: /^Evidence 5:/ }).boundingBox(),
      page.locator('#panel').boundingBox(),
    ]);
    expect(chip!.y + chip!.height).toBeLessThanOrEqual(panel!.y);
  });

  test('a page of another origin can neither ask nor read, by form, by text or by JSON', async () => {
    const seen = made.asked.length;
    const kept = complaints.length;
    await page.route('http://other.example/', (route) => route.fulfill({ contentType: 'text/html', body: '<title>other</title>' }));
    await page.goto('http://other.example/');
    const outcomes = await page.evaluate(async (url) => {
      const body = JSON.stringify({ question: 'What was the last creatinine?', patient: '1001' });
      const tries: [string, RequestInit][] = [
        ['/api/ask', { method: 'POST', body, mode: 'no-cors' }],
        ['/api/ask', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } }],
        ['/v1/chat/completions', { method: 'POST', body, mode: 'no-cors' }],
        ['/api/patients', {}],
      ];
      const read = async ([path, init]: [string, RequestInit]) => {
        const response = await fetch(url + path, init);
        return response.type === 'opaque' ? 'opaque' : await response.text();
      };
      return Promise.all(tries.map((each) => read(each).catch(() => 'blocked')));
    }, server.url);
    for (const outcome of outcomes) expect(['opaque', 'blocked']).toContain(outcome);
    expect(made.asked.length).toBe(seen);
    // What the browser says of the refusals is of that page, not of ours.
    complaints.length = kept;
  });

  test('the browser had nothing to complain of: no policy violation, no script error, no missing file', () => {
    expect(complaints).toEqual([]);
  });
});
