// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { EntryFrame } from './EntryFrame';
import { PasswordForm } from './PasswordForm';

/** Stands before everything else while the initial password is in force. */
export function PasswordPage() {
  const { t } = useTranslation();
  return (
    <EntryFrame title={t('password.title')} hint={t('password.forced')}>
      <PasswordForm />
    </EntryFrame>
  );
}
