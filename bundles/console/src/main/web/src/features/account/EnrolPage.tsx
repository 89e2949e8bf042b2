// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session';
import { signOut } from '../../ui/signOut';
import { EntryFrame } from '../login/EntryFrame';
import { SecondFactor } from './SecondFactor';

/** Stands before everything else while a role of the user's is for those with a second factor. */
export function EnrolPage() {
  const { t } = useTranslation();
  const user = useSession((state) => state.user);
  return (
    <EntryFrame title={t('account.factor.needed')} hint={t('account.factor.forced')}>
      <SecondFactor
        onKept={() => useSession.setState({ user: user && { ...user, mustEnrolSecondFactor: false } })}
      />
      <Button variant="subtle" color="gray" size="xs" mt="md" onClick={signOut}>
        {t('shell.signOut')}
      </Button>
    </EntryFrame>
  );
}
