// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDrivers } from '../../api/queries';
import { isUnderWay, useRollout } from '../../api/rollouts';
import type { Driver } from '../../api/types';
import { useMay } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { driverName } from '../../ui/serverText';
import classes from './PluginsPage.module.css';
import { RolloutDialog } from './RolloutDialog';
import { RolloutProgress } from './RolloutProgress';

const POLL_MS = 3_000;

/** Drivers and their versions side by side: which serves how many cameras, and moving cameras between them. */
export function DriverVersions() {
  const { t } = useTranslation();
  const drivers = useDrivers(POLL_MS);
  const byId = new Map<string, Driver[]>();
  for (const driver of drivers.data ?? []) {
    byId.set(driver.id, [...(byId.get(driver.id) ?? []), driver]);
  }
  return (
    <>
      <Text size="sm" c="dimmed" maw={640} mb="md">
        {t('drivers.explained')}
      </Text>
      {drivers.error && (
        <Alert color="red" mb="sm" variant="light">
          {problemText(drivers.error)}
        </Alert>
      )}
      {drivers.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('drivers.none')}
        </Text>
      )}
      <div className={classes.grid}>
        {[...byId].map(([id, versions]) => (
          <DriverCard key={id} id={id} versions={versions} />
        ))}
      </div>
    </>
  );
}

function DriverCard({ id, versions }: { id: string; versions: Driver[] }) {
  const { t } = useTranslation();
  const canManage = useMay('manage_plugins');
  const { data: rollout, error } = useRollout(id, versions.length > 1);
  const [target, setTarget] = useState<Driver>();
  const moving = isUnderWay(rollout);
  const first = versions[0];
  const serving = versions.find(({ serves }) => serves);
  return (
    <section className={classes.card} aria-label={first && driverName(first)} data-testid={`driver-${id}`}>
      <Group gap={8} wrap="nowrap">
        <Text fw={600} className={classes.name}>
          {first && driverName(first)}
        </Text>
        <Text size="xs" c="dimmed" className={classes.name}>
          {first?.vendor}
        </Text>
      </Group>
      <table className={classes.table} style={{ marginTop: 8 }}>
        <thead>
          <tr>
            <th scope="col">{t('drivers.version')}</th>
            <th scope="col" className={classes.number}>
              {t('drivers.cameras')}
            </th>
            <th scope="col" aria-label={t('drivers.state')} />
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr
              key={`${version.version} ${version.bundle}`}
              data-testid={`driver-${id}-${version.version}`}
              data-serves={version.serves === true}
            >
              <td>
                {version.version}
                <span className={classes.code}>{version.bundle}</span>
              </td>
              <td className={classes.number}>{version.cameras}</td>
              <td className={classes.number}>
                {version.serves ? (
                  <Badge color="teal" variant="light">
                    {t('drivers.serves')}
                  </Badge>
                ) : (
                  canManage &&
                  rollout !== undefined &&
                  !moving && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => setTarget(version)}
                      aria-label={`${t(rollout?.from === version.version ? 'drivers.goBack' : 'drivers.try')} ${version.version}`}
                      data-testid={`rollout-${id}-${version.version}`}
                    >
                      {t(rollout?.from === version.version ? 'drivers.goBack' : 'drivers.try')}
                    </Button>
                  )
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {error && (
        <Alert color="yellow" variant="light" p="xs" mt="xs" data-testid={`rollout-problem-${id}`}>
          {problemText(error)}
        </Alert>
      )}
      {rollout && <RolloutProgress rollout={rollout} canManage={canManage} />}
      {target && serving && <RolloutDialog from={serving} to={target} onClose={() => setTarget(undefined)} />}
    </section>
  );
}
