// SPDX-License-Identifier: Apache-2.0
import { Select, type SelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRoles } from '../../api/roles';
import { wordFor } from '../../i18n';

/** Chooses a role and says what it may do. */
export function RoleSelect({ value, ...rest }: SelectProps & { value: string }) {
  const { t, i18n } = useTranslation();
  const roles = useRoles().data;
  const said = roles?.find((role) => role.name === value)?.description;
  const names = roles?.map((role) => role.name) ?? [value];
  return (
    <Select
      label={t('users.column.role')}
      description={i18n.exists(`roleMay.${value}`) ? t(`roleMay.${value}`) : said}
      allowDeselect={false}
      data={names.map((name) => ({ value: name, label: wordFor('role', name) }))}
      data-testid="user-role"
      value={value}
      {...rest}
    />
  );
}
