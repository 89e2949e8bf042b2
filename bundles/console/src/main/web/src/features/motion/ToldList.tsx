// SPDX-License-Identifier: Apache-2.0
import { Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../api/events';
import type { FoundMotion, ToldMotion } from '../../api/motion';
import { dateTime, duration } from '../../ui/time';
import { kindText } from '../events/kindText';
import classes from './MotionPanel.module.css';

/** Who is told more looks for something more special. */
const SHOWN_MAX = 200;

interface Props {
  told: readonly ToldMotion[];
  /** Whether there may be more, before these. */
  leftOut: boolean;
  current?: FoundMotion;
  onPlay: (found: FoundMotion) => void;
}

/** What the camera said by itself of the areas of a search, beside what was found in its pictures. */
export function ToldList({ told, leftOut, current, onPlay }: Props) {
  const { t } = useTranslation();
  const kinds = useEventKinds().data ?? [];
  const title = useId();
  return (
    <div>
      <Text size="sm" fw={500} id={title} mb={4}>
        {t('motion.told', { count: told.length })}
      </Text>
      {leftOut && (
        <Text size="xs" c="orange" mb={4} data-testid="motion-told-left-out">
          {t('motion.toldLeftOut')}
        </Text>
      )}
      <ul className={classes.list} aria-labelledby={title} data-testid="motion-told">
        {told.slice(0, SHOWN_MAX).map(({ from, to, kind }, n) => (
          // Of one moment there may be several.
          // biome-ignore lint/suspicious/noArrayIndexKey: they are told once, and never moved
          <li key={n}>
            <button
              type="button"
              className={classes.found}
              aria-current={current?.from === from}
              onClick={() => onPlay({ from, to: to ?? from, height: 0 })}
              data-testid={`motion-told-${n + 1}`}
            >
              <span className={classes.words}>
                <Text component="span" size="sm">
                  {dateTime(from)}
                </Text>
                <Text component="span" size="xs" c="dimmed">
                  {kindText(kind, kinds)} · {to === undefined ? t('events.lasts') : duration(to - from)}
                </Text>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {told.length > SHOWN_MAX && (
        <Text size="xs" c="dimmed">
          {t('motion.more', { count: SHOWN_MAX })}
        </Text>
      )}
    </div>
  );
}
