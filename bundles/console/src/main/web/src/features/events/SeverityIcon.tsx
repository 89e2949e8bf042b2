// SPDX-License-Identifier: Apache-2.0
import { IconAlertTriangle, IconExclamationCircle, IconInfoCircle } from '@tabler/icons-react';
import { wordFor } from '../../i18n';
import classes from './SeverityIcon.module.css';

const INFO = { colour: classes.info, icon: IconInfoCircle };
const LOOK: Record<string, typeof INFO> = {
  info: INFO,
  warning: { colour: classes.warning, icon: IconAlertTriangle },
  critical: { colour: classes.critical, icon: IconExclamationCircle },
};

/** How bad it is, by shape, colour and word. */
export function SeverityIcon({ severity }: { severity: string }) {
  const { colour, icon: Icon } = LOOK[severity] ?? INFO;
  return (
    <Icon size={16} className={colour} role="img" aria-label={wordFor('events.severityWord', severity)} />
  );
}
