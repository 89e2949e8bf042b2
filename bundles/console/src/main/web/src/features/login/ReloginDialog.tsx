// SPDX-License-Identifier: Apache-2.0
import { Button, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session';
import { signOut } from '../../ui/signOut';
import { CredentialsForm } from './CredentialsForm';
import { OutsideSignIn } from './OutsideSignIn';

/** Over the page when the session has ended; what was on it stays, and waiting requests go on after. */
export function ReloginDialog() {
  const { t } = useTranslation();
  const username = useSession((state) => state.user?.username);
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('login.expired')}
      size="sm"
      data-testid="relogin"
    >
      <Text size="sm" c="dimmed" mb="md">
        {t('login.expiredHint')}
      </Text>
      <CredentialsForm fixedUsername={username} />
      <OutsideSignIn />
      <Button variant="subtle" color="gray" fullWidth mt="xs" onClick={signOut}>
        {t('login.otherUser')}
      </Button>
    </Modal>
  );
}
