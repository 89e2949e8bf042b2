// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { serverClock } from '../api/serverClock';
import { zoneText } from './time';
import { clocks } from './zone';

/** By whose clocks the times beside it are: of a list, and wherever there is no room to say it of each. */
export function ZoneNote({ atMs }: { atMs?: number }) {
  const { t } = useTranslation();
  const zone = zoneText(atMs ?? serverClock.now());
  return <span data-testid="zone-note">{t(`clocks.note.${clocks()}`, { zone })}</span>;
}
