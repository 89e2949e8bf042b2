// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, Modal, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconApi,
  IconDevices,
  IconKey,
  IconListSearch,
  IconLogout,
  IconMoon,
  IconPackageExport,
  IconPuzzle,
  IconShieldLock,
  IconSun,
  IconUser,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../../api/session';
import { LANGUAGES, setLanguage, wordFor } from '../../i18n';
import type { Permission } from '../../ui/permissions';
import { signOut } from '../../ui/signOut';
import { toast } from '../../ui/toast';
import { PasswordForm } from '../login/PasswordForm';
import classes from './Shell.module.css';

/** What only some may see. */
const PAGES: { to: string; key: string; icon: typeof IconKey; by: Permission }[] = [
  { to: '/exports', key: 'exports.title', icon: IconPackageExport, by: 'export' },
  { to: '/plugins', key: 'plugins.title', icon: IconPuzzle, by: 'view_configuration' },
  { to: '/webhooks', key: 'webhooks.title', icon: IconWebhook, by: 'manage_webhooks' },
  { to: '/users', key: 'users.title', icon: IconUsers, by: 'manage_users' },
  { to: '/sessions', key: 'sessions.title', icon: IconDevices, by: 'manage_users' },
  { to: '/audit', key: 'audit.title', icon: IconListSearch, by: 'view_audit' },
];

export function UserMenu() {
  const { t, i18n } = useTranslation();
  const user = useSession((state) => state.user);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('dark');
  const permissions = user?.permissions ?? [];
  const pages = PAGES.filter(({ by }) => permissions.includes(by));
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={230} shadow="md">
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconUser size={16} />}
            aria-label={user?.username}
            data-testid="user-menu"
          >
            <span className={classes.user}>{user?.username}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {user?.username} · {wordFor('role', user?.role)}
          </Menu.Label>
          {pages.map(({ to, key, icon: Icon }) => (
            <Menu.Item
              key={to}
              component={Link}
              to={to}
              leftSection={<Icon size={16} />}
              data-testid={`nav-${to.slice(1)}`}
            >
              {t(key)}
            </Menu.Item>
          ))}
          {pages.length > 0 && <Menu.Divider />}
          <Menu.Item
            component={Link}
            to="/account"
            leftSection={<IconShieldLock size={16} />}
            data-testid="nav-account"
          >
            {t('account.title')}
          </Menu.Item>
          <Menu.Item component={Link} to="/keys" leftSection={<IconApi size={16} />} data-testid="nav-keys">
            {t('keys.title')}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setChanging(true)}>
            {t('password.change')}
          </Menu.Item>
          <Menu.Item
            leftSection={scheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
            onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
          >
            {t(scheme === 'dark' ? 'shell.light' : 'shell.dark')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('shell.language')}</Menu.Label>
          {LANGUAGES.map(({ code, name }) => (
            <Menu.Item key={code} onClick={() => void setLanguage(code)} data-testid={`language-${code}`}>
              <Text size="sm" fw={i18n.language === code ? 650 : 400} lang={code}>
                {name}
              </Text>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut} data-testid="sign-out">
            {t('shell.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={changing}
        onClose={() => setChanging(false)}
        title={t('password.change')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <PasswordForm
          onDone={() => {
            setChanging(false);
            toast(t('password.changed'));
          }}
        />
      </Modal>
    </>
  );
}
