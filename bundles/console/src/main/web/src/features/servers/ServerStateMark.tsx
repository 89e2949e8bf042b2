// SPDX-License-Identifier: Apache-2.0
import { Group, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconHelpCircle, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ServerState } from '../../api/servers';

const LOOK: Record<ServerState, { colour: string; icon: typeof IconCircleCheck }> = {
  ready: { colour: 'var(--nx-live)', icon: IconCircleCheck },
  not_ready: { colour: 'var(--nx-warn)', icon: IconAlertTriangle },
  silent: { colour: 'var(--nx-off)', icon: IconPlugConnectedX },
  not_asked: { colour: 'var(--nx-off)', icon: IconHelpCircle },
};

interface Props {
  state?: ServerState;
  /** Whether they are being asked. */
  asking: boolean;
}

/** How a known server was found, in words and as a mark. */
export function ServerStateMark({ state, asking }: Props) {
  const { t } = useTranslation();
  if (!state) {
    return asking ? <Loader size={14} aria-label={t('servers.asking')} /> : null;
  }
  const { colour, icon: Icon } = LOOK[state];
  return (
    <Group gap={6} wrap="nowrap" component="span">
      <Icon size={15} color={colour} aria-hidden="true" style={{ flexShrink: 0 }} />
      <Text component="span" size="xs" c="dimmed">
        {t(`servers.state.${state}`)}
      </Text>
    </Group>
  );
}
