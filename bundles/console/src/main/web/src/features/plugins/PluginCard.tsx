// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Anchor, Badge, Group, Menu, Text } from '@mantine/core';
import { IconAlertTriangle, IconDots } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Plugin, type PluginVersion, usePluginTask } from '../../api/plugins';
import type { Driver } from '../../api/types';
import { wordFor } from '../../i18n';
import { problemText } from '../../ui/problemText';
import { driverName, sentence } from '../../ui/serverText';
import { dateTime } from '../../ui/time';
import { toast } from '../../ui/toast';
import classes from './PluginsPage.module.css';
import type { PluginDialog } from './pluginDialog';

const STATE_COLOUR: Record<string, string> = {
  active: 'teal',
  starting: 'yellow',
  failed: 'red',
  disabled: 'gray',
};

interface Props {
  plugin: Plugin;
  /** Those that it brings and that are there now. */
  drivers: Driver[];
  canManage: boolean;
  onOpen: (open: PluginDialog) => void;
}

/** One plugin: who it is from, what it may, how it proved itself. */
export function PluginCard({ plugin, drivers, canManage, onOpen }: Props) {
  const { t } = useTranslation();
  const { name, state, current, previous, tried } = plugin;
  const trouble = sentence(plugin.detail, state === 'failed' ? t('plugins.failedHint') : undefined);
  return (
    <section className={classes.card} aria-label={current.title} data-testid={`plugin-${name}`}>
      <Group gap={8} wrap="nowrap">
        <Text fw={600} className={classes.name}>
          {current.title}
        </Text>
        <Badge
          color={STATE_COLOUR[state] ?? 'gray'}
          variant="light"
          style={{ flex: 'none' }}
          data-testid={`plugin-state-${name}`}
          data-state={state}
        >
          {wordFor('pluginState', state)}
        </Badge>
        {canManage && <PluginMenu plugin={plugin} onOpen={onOpen} />}
      </Group>
      <Text size="xs" c="dimmed" className={classes.name} title={name}>
        {name}
      </Text>
      {trouble && state !== 'active' && (
        <Alert color={state === 'failed' ? 'red' : 'yellow'} variant="light" p="xs" mt="xs">
          <span title={plugin.detail}>{trouble}</span>
        </Alert>
      )}
      {tried && (
        <Alert color="signal" variant="light" p="xs" mt="xs" data-testid={`plugin-tried-${name}`}>
          {t('plugins.tried', { version: tried.version })}{' '}
          <Anchor component={Link} to="/plugins?view=drivers" size="sm" underline="always">
            {t('plugins.watchTrial')}
          </Anchor>
        </Alert>
      )}
      <Facts version={current} previous={previous} drivers={drivers} />
    </section>
  );
}

function PluginMenu({ plugin, onOpen }: Pick<Props, 'plugin' | 'onOpen'>) {
  const { t } = useTranslation();
  const task = usePluginTask();
  const { name, current, previous, state } = plugin;
  // While a version is tried the server does nothing else to the plugin.
  const waits = plugin.tried !== undefined || task.isPending;
  const enable = () =>
    task.mutate(
      { kind: 'enable', name },
      {
        onSuccess: () => toast(t('plugins.enabled', { name: current.title })),
        onError: (error) => toast(problemText(error), 'error'),
      },
    );
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon
          ms="auto"
          loading={task.isPending}
          aria-label={t('plugins.menu', { name: current.title })}
          data-testid={`plugin-menu-${name}`}
        >
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={waits}
          onClick={() => onOpen({ dialog: 'update', plugin })}
          data-testid="plugin-update"
        >
          {t('plugins.update')}
        </Menu.Item>
        {previous && (
          <Menu.Item
            disabled={waits}
            onClick={() => onOpen({ dialog: 'rollback', plugin })}
            data-testid="plugin-rollback"
          >
            {t('plugins.rollback', { version: previous.version })}
          </Menu.Item>
        )}
        {state === 'disabled' || state === 'failed' ? (
          <Menu.Item disabled={waits} onClick={enable} data-testid="plugin-enable">
            {t('plugins.enable')}
          </Menu.Item>
        ) : (
          <Menu.Item
            disabled={waits}
            onClick={() => onOpen({ dialog: 'disable', plugin })}
            data-testid="plugin-disable"
          >
            {t('plugins.disable')}
          </Menu.Item>
        )}
        <Menu.Item
          color="red"
          disabled={waits}
          onClick={() => onOpen({ dialog: 'remove', plugin })}
          data-testid="plugin-remove"
        >
          {t('plugins.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface FactsProps {
  version: PluginVersion;
  previous?: PluginVersion;
  drivers: Driver[];
}

function Facts({ version, previous, drivers }: FactsProps) {
  const { t } = useTranslation();
  const { vendor, licence, signer, permissions } = version;
  return (
    <dl className={classes.facts}>
      <Fact name={t('plugins.fact.version')}>
        {version.version}
        {previous && (
          <Text span c="dimmed" fz="inherit">
            {` · ${t('plugins.before', { version: previous.version })}`}
          </Text>
        )}
      </Fact>
      <Fact name={t('plugins.fact.vendor')}>{vendor || t('plugins.notSaid')}</Fact>
      <Fact name={t('plugins.fact.licence')}>{licence || t('plugins.notSaid')}</Fact>
      <Fact name={t('plugins.fact.signer')}>
        {signer ? (
          <span title={signer.certificateSha256}>{signer.subject}</span>
        ) : (
          <span className={classes.warn}>
            <IconAlertTriangle size={13} aria-hidden="true" /> {t('plugins.unsigned')}
          </span>
        )}
      </Fact>
      <Fact name={t('plugins.fact.conformance')}>
        <Score version={version} />
      </Fact>
      <Fact name={t('plugins.fact.permissions')}>
        {permissions.length === 0
          ? t('plugins.noPermissions')
          : permissions.map((permission) => (
              <span key={permission} className={classes.code}>
                {permission}
              </span>
            ))}
      </Fact>
      {drivers.length > 0 && (
        <Fact name={t('plugins.fact.drivers')}>
          {drivers
            .map((driver) => `${driverName(driver)}: ${t('cameras.count', { count: driver.cameras })}`)
            .join(', ')}
        </Fact>
      )}
      <Fact name={t('plugins.fact.installed')}>
        {t('plugins.installedBy', { time: dateTime(Date.parse(version.installed)), name: version.by })}
      </Fact>
      <Fact name={t('plugins.fact.file')}>
        <span title={version.sha256}>
          {version.from === 'upload' ? t('plugins.uploaded') : version.from} ·{' '}
          {`SHA-256 ${version.sha256.slice(0, 12)}…`}
        </span>
      </Fact>
    </dl>
  );
}

/** How the file fared in the conformance kit, by the score that lies in it. */
function Score({ version: { conformance } }: { version: PluginVersion }) {
  const { t } = useTranslation();
  if (!conformance) {
    return <span className={classes.warn}>{t('plugins.noScore')}</span>;
  }
  const { kit, passed, failed, skipped } = conformance;
  return (
    <>
      <span className={failed > 0 ? classes.bad : undefined}>
        {t('plugins.score', { passed, all: passed + failed })}
        {failed > 0 && `, ${t('plugins.scoreFailed', { count: failed })}`}
      </span>
      <Text span c="dimmed" fz="inherit">
        {skipped > 0 && `, ${t('plugins.scoreSkipped', { count: skipped })}`}
        {` · ${t('plugins.kit', { version: kit })}`}
      </Text>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
