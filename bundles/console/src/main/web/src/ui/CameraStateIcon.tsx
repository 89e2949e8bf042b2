// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import type { CameraStatus } from '../api/types';
import { wordFor } from '../i18n';

const COLOUR: Record<string, string> = {
  recording: 'var(--nx-recording)',
  live: 'var(--nx-live)',
  connecting: 'var(--nx-warn)',
  not_recording: 'var(--nx-warn)',
  offline: 'var(--nx-off)',
  unauthorized: 'var(--nx-warn)',
  unsupported: 'var(--nx-warn)',
  disabled: 'var(--nx-off)',
};

/** States of a camera that gives no picture. */
const WITHOUT_PICTURE = new Set(['disabled', 'offline', 'unauthorized', 'unsupported']);

/** Whether a camera is known to send nothing. */
export const isAway = ({ state }: Pick<CameraStatus, 'state'>): boolean => WITHOUT_PICTURE.has(state);

/** Shape, colour and words for a camera's state: never colour alone. */
export function CameraStateIcon({ status, size = 14 }: { status: CameraStatus; size?: number }) {
  useTranslation();
  const label = stateText(status);
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role="img"
      aria-label={label}
      style={{ flexShrink: 0 }}
    >
      <title>{label}</title>
      <g fill={COLOUR[status.state] ?? 'var(--nx-off)'} stroke={COLOUR[status.state] ?? 'var(--nx-off)'}>
        {shape(status.state)}
      </g>
    </svg>
  );
}

export function stateColour(state: string): string {
  return COLOUR[state] ?? 'var(--nx-off)';
}

/** States that say all by themselves. */
const SELF_EXPLAINING = new Set(['disabled', 'unauthorized', 'recording', 'unsupported']);

/** "Offline: camera unreachable". */
export function stateText(status: CameraStatus): string {
  const state = wordFor('cameraState', status.state);
  return status.cause && !SELF_EXPLAINING.has(status.state)
    ? `${state}: ${wordFor('cause', status.cause)}`
    : state;
}

function shape(state: string) {
  switch (state) {
    case 'recording':
      return <circle cx="8" cy="8" r="5" stroke="none" />;
    case 'live':
      return <path d="M5 3.2v9.6L13 8z" stroke="none" />;
    case 'connecting':
      return <circle cx="8" cy="8" r="4.6" fill="none" strokeWidth="2.4" strokeDasharray="5 3.2" />;
    case 'not_recording':
      return <path d="M8 2.2 14.4 13.4H1.6z" strokeWidth="0" />;
    case 'unauthorized':
      return (
        <path
          d="M4.6 7.4V5.6a3.4 3.4 0 0 1 6.8 0v1.8h.8v6H3.8v-6zm1.8 0h3.2V5.6a1.6 1.6 0 0 0-3.2 0z"
          stroke="none"
          fillRule="evenodd"
        />
      );
    case 'disabled':
      return <path d="M3.4 8h9.2" fill="none" strokeWidth="2.6" strokeLinecap="round" />;
    case 'unsupported':
      return <path d="M8 1.8 14.2 8 8 14.2 1.8 8z" fill="none" strokeWidth="2.2" />;
    default:
      return <path d="M4 4l8 8M12 4l-8 8" fill="none" strokeWidth="2.4" strokeLinecap="round" />;
  }
}
