// SPDX-License-Identifier: Apache-2.0
import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../../../test/render';
import { SelectionHandles } from './SelectionHandles';
import { moved, type Selection } from './selection';

const VIEW = { from: 0, to: 100_000 };

function Field({ first }: { first: Selection }) {
  const [chosen, setChosen] = useState(first);
  return (
    <div data-testid="field" data-chosen={`${chosen.from}-${chosen.to}`}>
      <SelectionHandles view={VIEW} chosen={chosen} onChoose={setChosen} />
    </div>
  );
}

function shown(first: Selection) {
  renderPage(<Field first={first} />);
  const field = screen.getByTestId('field');
  field.getBoundingClientRect = () => new DOMRect(50, 0, 1000, 76);
  return () => field.dataset.chosen;
}

describe('the ends of a chosen stretch', () => {
  it('are dragged from where they are taken, and neither passes the other', () => {
    const chosen = shown({ from: 20_000, to: 60_000 });
    const end = screen.getByTestId('chosen-to');
    fireEvent.pointerMove(end, { pointerId: 1, clientX: 950 });
    expect(chosen()).toBe('20000-60000');
    fireEvent.pointerDown(end, { pointerId: 1, button: 0, clientX: 660 });
    fireEvent.pointerMove(end, { pointerId: 1, clientX: 860 });
    expect(chosen()).toBe('20000-80000');
    fireEvent.pointerMove(end, { pointerId: 1, clientX: 60 });
    expect(chosen()).toBe('20000-21000');
    fireEvent.pointerUp(end, { pointerId: 1 });
    fireEvent.pointerMove(end, { pointerId: 1, clientX: 950 });
    expect(chosen()).toBe('20000-21000');
  });

  it('are stepped by a second, with Shift by ten, and tell where they are', () => {
    const chosen = shown({ from: 20_000, to: 60_000 });
    const begin = screen.getByTestId('chosen-from');
    fireEvent.keyDown(begin, { key: 'ArrowLeft' });
    expect(chosen()).toBe('19000-60000');
    fireEvent.keyDown(begin, { key: 'ArrowRight', shiftKey: true });
    expect(chosen()).toBe('29000-60000');
    expect(begin.getAttribute('aria-valuenow')).toBe('29');
    expect(Number.parseFloat(begin.style.left)).toBeCloseTo(29, 6);
  });

  it('are not offered where they are not to be seen', () => {
    shown({ from: -5_000, to: 30_000 });
    expect(screen.queryByTestId('chosen-from')).toBeNull();
    expect(screen.getByTestId('chosen-to')).toBeTruthy();
  });

  it('keep a second between them', () => {
    expect(moved({ from: 5_000, to: 6_000 }, 'from', 9_000)).toEqual({ from: 5_000, to: 6_000 });
    expect(moved({ from: 5_000, to: 6_000 }, 'to', 0)).toEqual({ from: 5_000, to: 6_000 });
  });
});
