// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLink, IconUnlink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Whether all cameras show one moment, or each its own. */
export function SyncButton({ synced, onChange }: { synced: boolean; onChange: (synced: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Tooltip label={t(synced ? 'together.sync' : 'together.syncOff')}>
      <ActionIcon
        size="lg"
        variant={synced ? 'light' : 'subtle'}
        color={synced ? 'signal' : 'gray'}
        aria-label={t('together.sync')}
        aria-pressed={synced}
        onClick={() => onChange(!synced)}
        data-testid="together-sync"
      >
        {synced ? <IconLink size={18} /> : <IconUnlink size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
