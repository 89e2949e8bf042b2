// SPDX-License-Identifier: Apache-2.0
import { Tabs, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Guarded } from '../../ui/PageFrame';
import { useMay } from '../../ui/permissions';
import { DriverVersions } from './DriverVersions';
import { PluginList } from './PluginList';
import classes from './PluginsPage.module.css';
import { ReceiptList } from './ReceiptList';
import { TrustedCertificates } from './TrustedCertificates';

/** What was added to the server, which version of a driver serves, whom one trusts, and what exchanging it has cost. */
export function PluginsPage() {
  return (
    <Guarded by="view_configuration" testId="plugins">
      <Views />
    </Guarded>
  );
}

function Views() {
  const { t } = useTranslation();
  const canManage = useMay('manage_plugins');
  const [search, setSearch] = useSearchParams();
  const views = ['plugins', 'drivers', ...(canManage ? ['receipts', 'trusted'] : [])];
  const asked = search.get('view') ?? '';
  const view = views.includes(asked) ? asked : 'plugins';
  return (
    <div className={classes.page}>
      <Title order={1} size="h3" mb="sm">
        {t('plugins.title')}
      </Title>
      <Tabs
        value={view}
        onChange={(next) => setSearch(next && next !== 'plugins' ? { view: next } : {}, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md" aria-label={t('plugins.title')}>
          {views.map((name) => (
            <Tabs.Tab key={name} value={name} data-testid={`plugins-view-${name}`}>
              {t(`plugins.view.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="plugins">
          <PluginList />
        </Tabs.Panel>
        <Tabs.Panel value="drivers">
          <DriverVersions />
        </Tabs.Panel>
        <Tabs.Panel value="receipts">
          <ReceiptList />
        </Tabs.Panel>
        <Tabs.Panel value="trusted">
          <TrustedCertificates />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
