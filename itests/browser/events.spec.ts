// SPDX-License-Identifier: Apache-2.0
// The list of events on a phone: what was to be seen as something happened.
import { expect, it } from 'vitest';
import { BASE_URL, get, openBrowser, send, signIn, waitUntil } from './browser';

const PHONE = { width: 390, height: 844 };
const TIMELINE = '**/api/v1/timeline*';

interface Camera {
  id: string;
  status: { state: string };
}

/** Where in its row a part stands, and the words beside it. The row itself goes down when something else happens. */
function standing(row: Element, part: string) {
  const at = row.getBoundingClientRect();
  return [`[data-testid^=${part}-]`, '[role=cell]:nth-child(3)'].map((selector) => {
    const box = row.querySelector(selector)?.getBoundingClientRect();
    return box && [box.x - at.x, box.y - at.y, box.width, box.height, at.width, at.height].map(Math.round);
  });
}

it('the picture of an event comes into its place, and its preview opens below it, on a phone', async () => {
  const browser = await openBrowser();
  try {
    const { page } = browser;
    await signIn(page);
    await page.getByTestId('wall').waitFor();
    const camera = await waitUntil(page, 'a camera that records', async () => {
      const { items } = await get<{ items: Camera[] }>(page, '/api/v1/cameras');
      return items.find(({ status }) => status.state === 'recording')?.id;
    });
    const { id, start } = await send<{ id: string; start: string }>(page, 'POST', '/api/v1/events', {
      kind: 'camera.manual',
      source: { type: 'camera', id: camera },
    });
    const startMs = Date.parse(start);
    await waitUntil(page, 'footage of the event', async () => {
      const { cameras } = await get<{ cameras: { spans: number[][] }[] }>(
        page,
        `/api/v1/timeline?cameras=${camera}&from=${startMs}&to=${startMs + 4_000}&buckets=4&stream=main`,
      );
      return cameras[0]?.spans.some(([, end = 0]) => end > startMs + 2_000);
    });

    await page.setViewportSize(PHONE);
    // Until the place was looked at nothing is known of footage.
    let go: () => void = () => undefined;
    const looked = new Promise<void>((done) => {
      go = done;
    });
    await page.route(TIMELINE, async (route) => {
      await looked;
      await route.continue();
    });
    await page.goto(`${BASE_URL}/console/events?kind=camera.manual`);
    const row = page.getByTestId(`event-${id}`);
    await page.getByTestId(`event-place-${id}`).waitFor();
    const before = await row.evaluate(standing, 'event-place');
    expect(before).not.toContain(undefined);
    go();
    const picture = page.getByTestId(`event-picture-${id}`);
    await picture.locator('img').waitFor();
    expect(await row.evaluate(standing, 'event-picture')).toEqual(before);

    await picture.focus();
    const preview = page.getByTestId('event-preview');
    await waitUntil(page, 'its pictures', async () => Number(await preview.getAttribute('data-loaded')) > 1);
    const [below, within] = [await preview.boundingBox(), await picture.boundingBox()];
    expect(below?.y).toBeGreaterThanOrEqual((within?.y ?? Number.NaN) + (within?.height ?? Number.NaN));
    expect(below?.x).toBeGreaterThanOrEqual(0);
    expect((below?.x ?? Number.NaN) + (below?.width ?? Number.NaN)).toBeLessThanOrEqual(PHONE.width);
  } finally {
    await browser.close();
  }
});
