// SPDX-License-Identifier: Apache-2.0
import { IconAlertTriangle, IconExclamationCircle, IconInfoCircle } from '@tabler/icons-react';
import { wordFor } from '../../i18n';

const INFO = { colour: 'blue', icon: IconInfoCircle };
const LOOK: Record<string, typeof INFO> = {
  info: INFO,
  warning: { colour: 'yellow', icon: IconAlertTriangle },
  critical: { colour: 'red', icon: IconExclamationCircle },
};

/** How bad it is, by shape, colour and word. */
export function SeverityIcon({ severity }: { severity: string }) {
  const { colour, icon: Icon } = LOOK[severity] ?? INFO;
  return (
    <Icon
      size={16}
      color={`var(--mantine-color-${colour}-5)`}
      role="img"
      aria-label={wordFor('events.severityWord', severity)}
    />
  );
}
