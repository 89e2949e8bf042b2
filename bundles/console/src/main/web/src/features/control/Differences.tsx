// SPDX-License-Identifier: Apache-2.0
import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './ControlPage.module.css';

interface Props {
  differences: { field: string; wanted: string; got: string }[];
  /** What a field is called. */
  nameOf: (field: string) => string;
  testId: (what: 'taken' | 'differences') => string;
}

/** What the camera has made of a change. */
export function Differences({ differences, nameOf, testId }: Props) {
  const { t } = useTranslation();
  return differences.length === 0 ? (
    <Text size="xs" c="teal" role="status" data-testid={testId('taken')}>
      {t('control.imagingSaved')}
    </Text>
  ) : (
    <Alert
      color="yellow"
      variant="light"
      p="xs"
      role="status"
      title={t('control.encoders.otherwise')}
      data-testid={testId('differences')}
    >
      <ul className={classes.rows}>
        {differences.map(({ field, wanted, got }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: of two changes the same field may be otherwise
          <li key={index}>
            {t(got ? 'control.encoders.difference' : 'control.encoders.untold', {
              field: nameOf(field),
              wanted,
              got,
            })}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
