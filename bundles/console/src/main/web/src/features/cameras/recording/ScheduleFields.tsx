// SPDX-License-Identifier: Apache-2.0
import { Autocomplete, type AutocompleteProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { WeekGrid } from './WeekGrid';
import type { Week } from './week';

interface Props {
  week: Week;
  onWeek: (week: Week) => void;
  weekError?: ReactNode;
  /** Of the field of the time zone. */
  timeZone: AutocompleteProps;
}

/** At which hours of the week there is footage, by the clocks of which place. */
export function ScheduleFields({ week, onWeek, weekError, timeZone }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <WeekGrid value={week} onChange={onWeek} error={weekError} />
      <Autocomplete
        label={t('schedule.timeZone')}
        description={t('schedule.timeZoneHint')}
        data={Intl.supportedValuesOf('timeZone')}
        limit={50}
        data-field="timeZone"
        {...timeZone}
      />
    </>
  );
}
