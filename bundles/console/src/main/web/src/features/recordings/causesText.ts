// SPDX-License-Identifier: Apache-2.0
import { wordFor } from '../../i18n';

/** "camera unreachable, storage full". */
export const causesText = (causes: readonly string[]): string =>
  causes.map((cause) => wordFor('cause', cause)).join(', ');
