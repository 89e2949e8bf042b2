// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { CredentialsForm } from './CredentialsForm';
import { EntryFrame } from './EntryFrame';
import { OutsideSignIn } from './OutsideSignIn';

export function LoginPage() {
  const { t } = useTranslation();
  return (
    <EntryFrame title={t('login.title')}>
      <CredentialsForm />
      <OutsideSignIn />
    </EntryFrame>
  );
}
