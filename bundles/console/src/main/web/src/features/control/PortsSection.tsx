// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Loader, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type IoPort, usePorts, useSetPort } from '../../api/control';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import classes from './ControlPage.module.css';

/** Inputs and outputs as they are now; outputs are switched and stay so. */
export function PortsSection({ cameraId, mayControl }: { cameraId: string; mayControl: boolean }) {
  const { t } = useTranslation();
  const ports = usePorts(cameraId);
  // Beside what was known last: an input that nobody answers for any more must not look like one that is on.
  const problem = ports.error && (
    <Alert color="yellow" variant="light" p="xs" mb="xs" data-testid="io-problem">
      {problemText(ports.error)}
    </Alert>
  );
  if (!ports.data) {
    return problem || <Loader size="sm" />;
  }
  return ports.data.length === 0 ? (
    <Text size="xs" c="dimmed">
      {t('control.noPorts')}
    </Text>
  ) : (
    <>
      {problem}
      <ul className={classes.rows} data-testid="io-ports">
        {ports.data.map((port) => (
          <li key={port.id} className={classes.row}>
            <span>
              {port.name || port.id}
              <Text span size="xs" c="dimmed">
                {` ${t(port.direction === 'output' ? 'control.output' : 'control.input')}`}
              </Text>
            </span>
            {port.direction === 'output' && mayControl ? (
              <Output cameraId={cameraId} port={port} />
            ) : (
              <Badge variant="light" color={port.on ? 'orange' : 'gray'} data-testid={`io-${port.id}`}>
                {t(port.on ? 'control.on' : 'control.off')}
              </Badge>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Output({ cameraId, port }: { cameraId: string; port: IoPort }) {
  const { t } = useTranslation();
  const set = useSetPort(cameraId);
  const on = set.isPending ? set.variables.on : port.on;
  return (
    <Switch
      size="md"
      checked={on}
      disabled={set.isPending}
      onLabel={t('control.on')}
      offLabel={t('control.off')}
      aria-label={t('control.switch', { name: port.name || port.id })}
      onChange={(event) =>
        set.mutate(
          { id: port.id, on: event.currentTarget.checked },
          { onError: (error) => toast(problemText(error), 'error') },
        )
      }
      data-testid={`io-${port.id}`}
    />
  );
}
