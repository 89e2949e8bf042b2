// SPDX-License-Identifier: Apache-2.0
import { Select, type SelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const ROLES = ['viewer', 'operator', 'administrator'];

/** Chooses a role and says what it may do. */
export function RoleSelect({ value, ...rest }: SelectProps & { value: string }) {
  const { t } = useTranslation();
  return (
    <Select
      label={t('users.column.role')}
      description={t(`roleMay.${value}`)}
      allowDeselect={false}
      data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
      data-testid="user-role"
      value={value}
      {...rest}
    />
  );
}
