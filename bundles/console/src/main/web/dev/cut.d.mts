// SPDX-License-Identifier: Apache-2.0
import type { Page } from 'playwright-core';

/** Texts that are cut off on the page, each with where it stands. */
export function cutTexts(page: Page): Promise<string[]>;
