// SPDX-License-Identifier: Apache-2.0
import { Input, SegmentedControl } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asRead } from '../../../ui/keys';
import classes from './WeekGrid.module.css';
import { type Cell, type CellMode, DAYS, painted, type Week } from './week';

const HOURS = Array.from({ length: 24 }, (_unused, hour) => hour);
const MODES: CellMode[] = ['continuous', 'event', 'off'];
const STEPS: Record<string, Cell> = {
  ArrowLeft: { day: 0, hour: -1 },
  ArrowRight: { day: 0, hour: 1 },
  ArrowUp: { day: -1, hour: 0 },
  ArrowDown: { day: 1, hour: 0 },
};

/** Seven days by 24 hours. Paint with the pointer, or with arrow keys and space; shift and arrows stretch. */
export function WeekGrid({
  value,
  onChange,
  error,
}: {
  value: Week;
  onChange: (week: Week) => void;
  error?: React.ReactNode;
}) {
  const { t } = useTranslation();
  const [brush, setBrush] = useState<CellMode>('continuous');
  const [at, setAt] = useState<Cell>({ day: 0, hour: 0 });
  const [drag, setDrag] = useState<{ from: Cell; to: Cell }>();
  const grid = useRef<HTMLFieldSetElement>(null);
  const label = useId();

  function cellAt(event: PointerEvent): Cell | undefined {
    const found = document
      .elementFromPoint(event.clientX, event.clientY)
      ?.closest<HTMLElement>('[data-hour]');
    return found && grid.current?.contains(found)
      ? { day: Number(found.dataset.day), hour: Number(found.dataset.hour) }
      : undefined;
  }

  function press(event: PointerEvent) {
    const cell = cellAt(event);
    if (cell && event.button === 0) {
      event.preventDefault();
      grid.current?.setPointerCapture?.(event.pointerId);
      setDrag({ from: cell, to: cell });
      setAt(cell);
    }
  }

  function move(event: PointerEvent) {
    const cell = drag && cellAt(event);
    if (drag && cell) {
      setDrag({ ...drag, to: cell });
    }
  }

  function release() {
    if (drag) {
      onChange(painted(value, drag.from, drag.to, brush));
      setDrag(undefined);
    }
  }

  function key(event: KeyboardEvent) {
    const step = STEPS[asRead(event.key)];
    if (step) {
      event.preventDefault();
      const next = {
        day: Math.min(DAYS.length - 1, Math.max(0, at.day + step.day)),
        hour: Math.min(23, Math.max(0, at.hour + step.hour)),
      };
      setAt(next);
      grid.current?.querySelector<HTMLElement>(`[data-day="${next.day}"][data-hour="${next.hour}"]`)?.focus();
      if (event.shiftKey) {
        onChange(painted(value, at, next, brush));
      }
    } else if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      onChange(painted(value, at, at, brush));
    }
  }

  const shown = drag ? painted(value, drag.from, drag.to, brush) : value;
  return (
    <Input.Wrapper label={t('schedule.label')} labelElement="div" labelProps={{ id: label }} error={error}>
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          value={brush}
          onChange={(chosen) => setBrush(chosen as CellMode)}
          aria-label={t('schedule.brush')}
          data={MODES.map((mode) => ({
            value: mode,
            label: (
              <span className={classes.brush}>
                <span className={classes.swatch} data-mode={mode} />
                {t(`schedule.mode.${mode}`)}
              </span>
            ),
          }))}
        />
        <span className={classes.hint}>{t('schedule.hint')}</span>
      </div>
      <fieldset
        ref={grid}
        className={classes.grid}
        aria-labelledby={label}
        data-testid="week-grid"
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={() => setDrag(undefined)}
        onKeyDown={key}
      >
        <table className={classes.table}>
          <thead>
            <tr>
              <td />
              {HOURS.map((hour) => (
                <th key={hour} scope="col" className={classes.hour}>
                  {hour % 3 === 0 ? hour : ''}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {DAYS.map((day, index) => (
              <tr key={day}>
                <th scope="row" className={classes.day}>
                  <button
                    type="button"
                    tabIndex={-1}
                    className={classes.whole}
                    title={t('schedule.wholeDay')}
                    onClick={() =>
                      onChange(painted(value, { day: index, hour: 0 }, { day: index, hour: 23 }, brush))
                    }
                    data-testid={`week-day-${day}`}
                  >
                    {t(`schedule.day.${day}`)}
                  </button>
                </th>
                {HOURS.map((hour) => {
                  const mode = shown[index]?.[hour] ?? 'off';
                  const words = `${t(`schedule.day.${day}`)} ${hour}–${hour + 1}: ${t(`schedule.mode.${mode}`)}`;
                  return (
                    <td key={hour}>
                      <button
                        type="button"
                        className={classes.cell}
                        tabIndex={at.day === index && at.hour === hour ? 0 : -1}
                        data-day={index}
                        data-hour={hour}
                        data-mode={mode}
                        aria-label={words}
                        title={words}
                        onFocus={() => setAt({ day: index, hour })}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </fieldset>
    </Input.Wrapper>
  );
}
