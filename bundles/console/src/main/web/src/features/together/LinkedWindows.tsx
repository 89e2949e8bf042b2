// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconExternalLink, IconLinkOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toast } from '../../ui/toast';
import type { useSharedClock } from './useSharedClock';

/** Opens another window that goes by this one's clock, and parts from those that do. */
export function LinkedWindows({ sharing }: { sharing: ReturnType<typeof useSharedClock> }) {
  const { t } = useTranslation();
  const { others, openWindow, leave } = sharing;
  return (
    <>
      {'BroadcastChannel' in window && (
        <Tooltip label={t('together.ownWindow')}>
          <ActionIcon
            aria-label={t('together.ownWindow')}
            onClick={() => openWindow() || toast(t('windows.blocked', { count: 1 }), 'error')}
            data-testid="together-window"
            data-others={others}
          >
            <IconExternalLink size={18} />
          </ActionIcon>
        </Tooltip>
      )}
      {others > 0 && (
        <Tooltip label={t('together.linked', { count: others })}>
          <Button
            size="compact-sm"
            variant="light"
            color="signal"
            leftSection={<IconLinkOff size={16} />}
            aria-label={t('together.linked', { count: others })}
            onClick={leave}
            data-testid="together-part"
          >
            {others + 1}
          </Button>
        </Tooltip>
      )}
    </>
  );
}
