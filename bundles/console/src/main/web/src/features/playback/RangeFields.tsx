// SPDX-License-Identifier: Apache-2.0
import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Selection } from './selection';
import { TimeField } from './TimeField';

/** Whether both ends are moments, and the end is later. */
export const isRange = ({ from, to }: Selection) => to > from;

interface Props {
  range: Selection;
  /** Also told what is no range yet. */
  onChange: (range: Selection) => void;
  /** Test ids are this and `-from`, `-to`. */
  testId: string;
}

/** Two moments with footage between them. */
export function RangeFields({ range, onChange, testId }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="xs">
      <TimeField
        label={t('evidence.from')}
        value={range.from}
        onChange={(from) => onChange({ ...range, from })}
        testId={`${testId}-from`}
      />
      <TimeField
        label={t('evidence.to')}
        value={range.to}
        onChange={(to) => onChange({ ...range, to })}
        error={range.to <= range.from ? t('evidence.order') : undefined}
        testId={`${testId}-to`}
      />
    </SimpleGrid>
  );
}
