// SPDX-License-Identifier: Apache-2.0
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../../test/render';
import { WeekGrid } from './WeekGrid';
import { FIRST_WEEK } from './week';

afterEach(() => {
  document.documentElement.dir = 'ltr';
});

describe('the week', () => {
  it.each([
    ['ltr', '1'],
    ['rtl', '0'],
  ])('is walked by arrows as it is read: %s', async (direction, hour) => {
    renderPage(<WeekGrid value={FIRST_WEEK} onChange={() => undefined} />);
    document.documentElement.dir = direction;
    screen.getByRole('button', { name: /^Mon 0–1:/ }).focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement?.getAttribute('data-hour')).toBe(hour);
  });
});
