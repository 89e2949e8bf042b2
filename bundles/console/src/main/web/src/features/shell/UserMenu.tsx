// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, Modal, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconKey,
  IconLogout,
  IconMoon,
  IconPuzzle,
  IconShieldLock,
  IconSun,
  IconUser,
  IconUsers,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { logout, useSession } from '../../api/session';
import { LANGUAGES, setLanguage, wordFor } from '../../i18n';
import { useMay } from '../../ui/permissions';
import { toast } from '../../ui/toast';
import { PasswordForm } from '../login/PasswordForm';
import classes from './Shell.module.css';

export function UserMenu() {
  const { t, i18n } = useTranslation();
  const user = useSession((state) => state.user);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('dark');
  const canManage = useMay('manage_users');
  const maySeeConfiguration = useMay('view_configuration');
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={220} shadow="md">
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
          {maySeeConfiguration && (
            <Menu.Item
              component={Link}
              to="/plugins"
              leftSection={<IconPuzzle size={16} />}
              data-testid="nav-plugins"
            >
              {t('plugins.title')}
            </Menu.Item>
          )}
          {canManage && (
            <Menu.Item
              component={Link}
              to="/users"
              leftSection={<IconUsers size={16} />}
              data-testid="nav-users"
            >
              {t('users.title')}
            </Menu.Item>
          )}
          <Menu.Item
            component={Link}
            to="/account"
            leftSection={<IconShieldLock size={16} />}
            data-testid="nav-account"
          >
            {t('account.title')}
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
          <Menu.Item
            leftSection={<IconLogout size={16} />}
            onClick={() => void logout()}
            data-testid="sign-out"
          >
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
