// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlugins } from '../../api/plugins';
import { useDrivers } from '../../api/queries';
import { useMay } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { useFileDrop } from '../../ui/useFileDrop';
import { ExtensionFaults } from '../extensions/ExtensionFaults';
import { DisablePlugin, RemovePlugin, RollbackPlugin } from './ConfirmPlugin';
import { PluginCard } from './PluginCard';
import classes from './PluginsPage.module.css';
import type { PluginDialog } from './pluginDialog';
import { type NoPlugin, whyNoPlugin } from './pluginFile';
import { TakePluginDialog } from './TakePluginDialog';

/** All plugins, and what may be done with them. */
export function PluginList() {
  const { t } = useTranslation();
  const plugins = usePlugins();
  const drivers = useDrivers().data ?? [];
  const canManage = useMay('manage_plugins');
  const [open, setOpen] = useState<PluginDialog>();
  const [refused, setRefused] = useState<{ why: NoPlugin; name: string }>();
  const close = () => setOpen(undefined);
  const over = useFileDrop(canManage && !open, async (files) => {
    const why = await whyNoPlugin(files);
    setRefused(why && { why, name: files[0]?.name ?? '' });
    if (!why) {
      setOpen({ dialog: 'install', file: files[0] });
    }
  });
  return (
    <>
      {over && (
        <div className={classes.drop} data-testid="plugin-drop">
          {t('plugins.letGo')}
        </div>
      )}
      <Group justify="space-between" gap="sm" mb="md" align="flex-start">
        <Text size="sm" c="dimmed" maw={640}>
          {t('plugins.explained')}
          {canManage && ` ${t('plugins.dropHint')}`}
        </Text>
        {canManage && (
          <Button
            size="xs"
            leftSection={<IconPlus size={16} />}
            onClick={() => setOpen({ dialog: 'install' })}
            data-testid="plugin-install"
          >
            {t('plugins.install')}
          </Button>
        )}
      </Group>
      {refused && (
        <Alert
          color="red"
          mb="sm"
          variant="light"
          role="alert"
          title={t('plugins.noPlugin', { name: refused.name })}
          withCloseButton
          closeButtonLabel={t('common.close')}
          onClose={() => setRefused(undefined)}
          data-testid="plugin-no-file"
          data-why={refused.why}
        >
          {t(`plugins.noPluginWhy.${refused.why}`)}
        </Alert>
      )}
      {plugins.error && (
        <Alert color="red" mb="sm" variant="light">
          {problemText(plugins.error)}
        </Alert>
      )}
      <ExtensionFaults />
      {plugins.data?.length === 0 && (
        <Text size="sm" c="dimmed" data-testid="plugins-none">
          {t('plugins.none')}
        </Text>
      )}
      <div className={classes.grid}>
        {plugins.data?.map((plugin) => (
          <PluginCard
            key={plugin.name}
            plugin={plugin}
            drivers={drivers.filter(({ bundle }) => bundle === plugin.name)}
            canManage={canManage}
            onOpen={setOpen}
          />
        ))}
      </div>
      {open?.dialog === 'install' && <TakePluginDialog file={open.file} onClose={close} />}
      {open?.dialog === 'update' && <TakePluginDialog plugin={open.plugin} onClose={close} />}
      {open?.dialog === 'rollback' && <RollbackPlugin plugin={open.plugin} onClose={close} />}
      {open?.dialog === 'disable' && <DisablePlugin plugin={open.plugin} onClose={close} />}
      {open?.dialog === 'remove' && <RemovePlugin plugin={open.plugin} onClose={close} />}
    </>
  );
}
