// SPDX-License-Identifier: Apache-2.0
import { Button, Group } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Of what has no place for an icon within. */
export function Leave({ onUndo }: { onUndo: () => void }) {
  const { t } = useTranslation();
  return (
    <Group>
      <Button size="compact-xs" variant="subtle" leftSection={<IconArrowBackUp size={14} />} onClick={onUndo}>
        {t('bulk.leave')}
      </Button>
    </Group>
  );
}
