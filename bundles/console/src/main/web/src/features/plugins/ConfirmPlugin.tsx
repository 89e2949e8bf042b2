// SPDX-License-Identifier: Apache-2.0
import { List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Plugin, type PluginTask, usePluginTask } from '../../api/plugins';
import { useCameras, useDrivers } from '../../api/queries';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { driverName } from '../../ui/serverText';

interface Props {
  plugin: Plugin;
  onClose: () => void;
}

const NAMED_MAX = 10;

/** The version that serves and the one before change places. */
export function RollbackPlugin({ plugin, onClose }: Props) {
  const { t } = useTranslation();
  const { name, current, previous } = plugin;
  const versions = { name: current.title, from: current.version, to: previous?.version ?? '' };
  const value: PluginTask = { kind: 'rollback', name };
  return (
    <ConfirmDialog
      title={t('plugins.rollbackTitle', versions)}
      text={t('plugins.rollbackText', versions)}
      action={t('plugins.rollbackNow')}
      task={usePluginTask()}
      value={value}
      done={t('plugins.rolledBack', versions)}
      testId="plugin"
      onClose={onClose}
    />
  );
}

export function DisablePlugin({ plugin, onClose }: Props) {
  const { t } = useTranslation();
  const { name } = plugin;
  const title = plugin.current.title;
  const value: PluginTask = { kind: 'disable', name };
  return (
    <ConfirmDialog
      title={t('plugins.disableTitle', { name: title })}
      text={t('plugins.disableText')}
      action={t('plugins.disable')}
      task={usePluginTask()}
      value={value}
      done={t('plugins.disabled', { name: title })}
      testId="plugin"
      onClose={onClose}
    >
      <Affected name={name} />
    </ConfirmDialog>
  );
}

export function RemovePlugin({ plugin, onClose }: Props) {
  const { t } = useTranslation();
  const { name } = plugin;
  const title = plugin.current.title;
  const value: PluginTask = { kind: 'remove', name };
  return (
    <ConfirmDialog
      title={t('plugins.removeTitle', { name: title })}
      text={t('plugins.removeText')}
      action={t('plugins.remove')}
      danger
      task={usePluginTask()}
      value={value}
      done={t('plugins.removed', { name: title })}
      testId="plugin"
      onClose={onClose}
    >
      <Affected name={name} />
    </ConfirmDialog>
  );
}

/** Which cameras lose their driver, or get another version of it. */
function Affected({ name }: { name: string }) {
  const { t } = useTranslation();
  const drivers = useDrivers().data ?? [];
  const cameras = useCameras().data ?? [];
  const brought = drivers.filter(
    ({ bundle, serves, cameras: served }) => bundle === name && (serves || served > 0),
  );
  if (brought.length === 0) {
    return (
      <Text size="sm" mt="sm" data-testid="plugin-affected">
        {t('plugins.affectsNone')}
      </Text>
    );
  }
  return (
    <div data-testid="plugin-affected">
      {brought.map((driver) => {
        const other = drivers.find(({ id, bundle }) => id === driver.id && bundle !== name);
        const its = cameras.filter((camera) => camera.driver === driver.id);
        const values = { driver: driverName(driver), count: its.length };
        return (
          <div key={`${driver.id} ${driver.version}`}>
            <Text size="sm" mt="sm">
              {other
                ? t('plugins.affectsOther', { ...values, version: other.version })
                : t('plugins.affects', values)}
            </Text>
            <List size="sm" mt={4}>
              {its.slice(0, NAMED_MAX).map((camera) => (
                <List.Item key={camera.id}>{camera.name}</List.Item>
              ))}
              {its.length > NAMED_MAX && (
                <List.Item>{t('plugins.affectsMore', { count: its.length - NAMED_MAX })}</List.Item>
              )}
            </List>
          </div>
        );
      })}
    </div>
  );
}
