// SPDX-License-Identifier: Apache-2.0
import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  /** Whether something stands in the form that the camera does not have. */
  isTouched: boolean;
  isChanged: boolean;
  isPending: boolean;
  onReset: () => void;
  testId: string;
}

/** The end of a form of what a camera is set to: takes back what was typed, or sends it. */
export function FormButtons({ isTouched, isChanged, isPending, onReset, testId }: Props) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" justify="flex-end">
      <Button size="xs" variant="subtle" color="gray" disabled={!isTouched} onClick={onReset}>
        {t('control.reset')}
      </Button>
      <Button size="xs" type="submit" disabled={!isChanged} loading={isPending} data-testid={testId}>
        {t('control.apply')}
      </Button>
    </Group>
  );
}
