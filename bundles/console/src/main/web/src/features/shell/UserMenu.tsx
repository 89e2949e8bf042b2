// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, Modal, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconKey, IconKeyboard, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../../api/session';
import { LANGUAGES, setLanguage, wordFor } from '../../i18n';
import { signOut } from '../../ui/signOut';
import { toast } from '../../ui/toast';
import { ExtensionIcon } from '../extensions/ExtensionIcon';
import { pageOf } from '../extensions/pages';
import { useTitles } from '../extensions/useExtensions';
import { useNavPages } from '../extensions/useNavPages';
import { PasswordForm } from '../login/PasswordForm';
import { usePalette } from '../palette/usePalette';
import { OWN_PAGES, SPECIAL_PAGES } from './pages';
import classes from './Shell.module.css';

export function UserMenu() {
  const { t, i18n } = useTranslation();
  const user = useSession((state) => state.user);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('dark');
  const permissions = user?.permissions ?? [];
  const pages = SPECIAL_PAGES.filter(({ by }) => permissions.includes(by));
  const { inMenu } = useNavPages();
  const title = useTitles();
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
          {inMenu.map((page) => (
            <Menu.Item
              key={page.key}
              component={Link}
              to={pageOf(page)}
              leftSection={<ExtensionIcon contribution={page} />}
              data-testid={`nav-extension-${page.extension.id}-${page.name}`}
            >
              {title(page)}
            </Menu.Item>
          ))}
          {(pages.length > 0 || inMenu.length > 0) && <Menu.Divider />}
          {OWN_PAGES.map(({ to, key, icon: Icon }) => (
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
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setChanging(true)}>
            {t('password.change')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconKeyboard size={16} />}
            onClick={() => usePalette.getState().show('keys')}
            data-testid="key-map-open"
          >
            {t('keyMap.title')}
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
