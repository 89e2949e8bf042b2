// SPDX-License-Identifier: Apache-2.0
import i18next from 'i18next';
import { logout } from '../api/session';
import { problemText } from './problemText';
import { toast } from './toast';

/** Signs out, or says that it did not work: the session is still there then. */
export function signOut(): void {
  logout().catch((error) => toast(i18next.t('shell.stillSignedIn', { why: problemText(error) }), 'error'));
}
