// SPDX-License-Identifier: Apache-2.0
import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../../api/types';
import classes from '../CameraDialog.module.css';
import { ScheduleFields } from '../recording/ScheduleFields';
import { weekOf } from '../recording/week';
import { type BulkValues, commonOf, scheduledOf, withoutSchedule } from './bulk';
import { Leave } from './Leave';

interface Props {
  cameras: Camera[];
  touched: BulkValues;
  onTouch: <F extends 'week' | 'timeZone'>(field: F, value: BulkValues[F]) => void;
}

/**
 * The weekly schedule of those cameras that follow one then: nobody is given one that was not to be seen before. Where theirs
 * differ, they stay until somebody paints one for all.
 */
export function BulkSchedule({ cameras, touched, onTouch }: Props) {
  const { t } = useTranslation();
  const scheduled = scheduledOf(cameras, touched);
  if (scheduled.length === 0) {
    return null;
  }
  const { week, timeZone } = { ...commonOf(scheduled), ...touched };
  const lacking = withoutSchedule(cameras, touched).length;
  if (week === undefined) {
    const first = scheduled.find(({ recording }) => recording.schedule)?.recording.schedule;
    return (
      <Stack gap="xs" align="flex-start" className={classes.whole} data-testid="bulk-schedules">
        <Text size="sm" role="status" c={lacking > 0 ? 'var(--mantine-color-error)' : undefined}>
          {lacking > 0 ? t('bulk.scheduleNeeded', { count: lacking }) : t('bulk.schedulesDiffer')}
        </Text>
        <Button
          size="xs"
          variant="default"
          onClick={() => onTouch('week', weekOf(first))}
          data-testid="bulk-one-schedule"
        >
          {t('bulk.oneSchedule')}
        </Button>
      </Stack>
    );
  }
  return (
    <Stack gap="xs" className={classes.whole}>
      <ScheduleFields
        week={week}
        onWeek={(painted) => onTouch('week', painted)}
        timeZone={{
          value: timeZone ?? '',
          placeholder: timeZone === undefined ? t('bulk.mixed') : undefined,
          error: touched.timeZone === '' && t('cameras.needed'),
          onChange: (zone) => onTouch('timeZone', zone),
        }}
      />
      {('week' in touched || 'timeZone' in touched) && (
        <Leave
          onUndo={() => {
            onTouch('week', undefined);
            onTouch('timeZone', undefined);
          }}
        />
      )}
    </Stack>
  );
}
