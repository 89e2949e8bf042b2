// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { listing, server, userWith, withServer } from '../../../test/server';
import { useSession } from '../../api/session';
import { LivePage } from './LivePage';
import { useWall } from './useWall';

withServer();

beforeEach(() => {
  useSession.setState({ phase: 'active', user: userWith('guest') });
  server.use(...listing([]));
  useWall.getState().show('4', []);
});
afterEach(() => {
  document.documentElement.dir = 'ltr';
});

describe('the wall', () => {
  it.each([
    ['ltr', 'tile-0'],
    ['rtl', 'tile-1'],
  ])('is walked by arrows as it is laid out: %s', async (direction, left) => {
    renderPage(<LivePage />);
    await screen.findByTestId('wall');
    document.documentElement.dir = direction;
    screen.getByTestId('tile-0').focus();
    fireEvent.keyDown(screen.getByTestId('tile-0'), { key: 'ArrowLeft' });
    expect(document.activeElement?.getAttribute('data-testid')).toBe(left);
  });
});
