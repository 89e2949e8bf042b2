// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Group, Popover, Text, Tooltip } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { IconCalendar, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { serverClock } from '../../api/serverClock';
import { useTimeline } from '../../api/timeline';
import { dayName, monthName, weekdayName } from '../../ui/time';
import { ZoneNote } from '../../ui/ZoneNote';
import classes from './FootageCalendar.module.css';
import { type Day, daysBefore, daysOf, monthBeside, monthOf, rangeOfMonth } from './monthDays';
import { laneOf } from './timelineData';

const HOURS = 24;

interface Props {
  cameraId: string;
  position: () => number;
  onGo: (utcMs: number) => void;
}

/** Days with footage; one that is chosen leads to its first picture. */
export function FootageCalendar({ cameraId, position, onGo }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  // Wherever the focus is: a day that had it may be gone with a month that was told anew.
  useWindowEvent('keydown', (event) => {
    if (open && event.key === 'Escape') {
      setOpen(false);
    }
  });
  return (
    <Popover opened={open} onChange={setOpen} position="top-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('calendar.title')} disabled={open}>
          <ActionIcon
            aria-label={t('calendar.title')}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            data-testid="calendar"
          >
            <IconCalendar size={17} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={t('calendar.title')}>
        {open && (
          <Days
            cameraId={cameraId}
            atMs={position()}
            onGo={(utcMs) => {
              setOpen(false);
              onGo(utcMs);
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function Days({ cameraId, atMs, onGo }: { cameraId: string; atMs: number; onGo: (utcMs: number) => void }) {
  const { t } = useTranslation();
  const [month, setMonth] = useState(() => monthOf(atMs));
  const { from, to } = rangeOfMonth(month);
  const buckets = Math.ceil((to - from) / 3_600_000 / HOURS) * HOURS;
  const timeline = useTimeline(cameraId, from, to, buckets);
  const mine = timeline.isPlaceholderData ? undefined : timeline.data;
  const days = daysOf(month, laneOf(mine, cameraId).spans);
  const cells = [...Array.from({ length: daysBefore(month) }, () => undefined), ...days];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => cells[week * 7 + day]),
  );
  return (
    <div data-testid="calendar-month" data-loaded={mine !== undefined}>
      <Group justify="space-between" mb={4}>
        <ActionIcon
          size="sm"
          aria-label={t('calendar.before')}
          onClick={() => setMonth(monthBeside(month, -1))}
          data-testid="calendar-before"
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
        <Text size="sm" fw={600} aria-live="polite">
          {monthName(from)}
        </Text>
        <ActionIcon
          size="sm"
          aria-label={t('calendar.after')}
          disabled={to > serverClock.now()}
          onClick={() => setMonth(monthBeside(month, 1))}
          data-testid="calendar-after"
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </Group>
      <table className={classes.month}>
        <thead>
          <tr>
            {[0, 1, 2, 3, 4, 5, 6].map((day) => (
              <th key={day} scope="col">
                {weekdayName(day)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week.find(Boolean)?.number}>
              {week.map((day, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is a day of the week
                <td key={column}>
                  {day && <DayButton day={day} here={atMs >= day.from && atMs < day.to} onGo={onGo} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" ta="center" mt={4}>
        <ZoneNote atMs={(from + to) / 2} />
      </Text>
    </div>
  );
}

function DayButton({ day, here, onGo }: { day: Day; here: boolean; onGo: (utcMs: number) => void }) {
  const { t } = useTranslation();
  const { number, from, recordedFrom } = day;
  return (
    <button
      type="button"
      className={classes.day}
      disabled={recordedFrom === undefined}
      aria-current={here ? 'date' : undefined}
      aria-label={t(recordedFrom === undefined ? 'calendar.without' : 'calendar.with', {
        day: dayName(from),
      })}
      data-recorded={recordedFrom !== undefined || undefined}
      onClick={() => recordedFrom !== undefined && onGo(recordedFrom)}
      data-testid={`calendar-day-${number}`}
    >
      {number}
    </button>
  );
}
