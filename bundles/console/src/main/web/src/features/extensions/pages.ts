// SPDX-License-Identifier: Apache-2.0
import type { Contribution } from './useExtensions';

/** The address of a page that an extension brings. */
export const pageOf = ({ extension, name }: Contribution): string => `/extensions/${extension.id}/${name}`;
