// SPDX-License-Identifier: Apache-2.0
// A page against axe's rules of WCAG 2.2 A and AA.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What breaks a rule, as a list that says where. */
export const breaches = (page: Page): Promise<string[]> => broken(page, { type: 'tag', values: RULES });

/** The same, of what is another in other colours. */
export const faint = (page: Page): Promise<string[]> => broken(page, { type: 'rule', values: ['color-contrast'] });

async function broken(page: Page, runOnly: { type: string; values: string[] }): Promise<string[]> {
  // Evaluated by the debugger, so that the page's own content security policy stays as it is.
  await page.evaluate(AXE);
  return page.evaluate(async (only) => {
    const axe = (globalThis as unknown as { axe: { run(root: Document, options: unknown): Promise<AxeResult> } }).axe;
    interface AxeResult {
      violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[];
    }
    const { violations } = await axe.run(document, { runOnly: only, iframes: false });
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 5).map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
    );
  }, runOnly);
}
