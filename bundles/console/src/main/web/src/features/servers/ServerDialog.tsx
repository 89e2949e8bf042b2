// SPDX-License-Identifier: Apache-2.0
import { Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type KnownServers, SERVER_NAME_MAX, useSaveServers } from '../../api/servers';
import { DialogActions } from '../../ui/DialogActions';
import { atFields } from '../../ui/formProblem';
import { serverAddress } from './otherConsole';

interface Props {
  known: KnownServers;
  /** Place of the one to change; behind the last for a new one. */
  at: number;
  onClose: () => void;
}

/** Adds a server to those the user knows, or changes one. */
export function ServerDialog({ known, at, onClose }: Props) {
  const { t } = useTranslation();
  const save = useSaveServers();
  const [problem, setProblem] = useState<unknown>();
  const before = known.servers[at];
  const form = useForm({
    initialValues: { name: before?.name ?? '', address: before?.address ?? '' },
    validate: {
      name: (value) => (value.trim() ? null : t('cameras.needed')),
      address: (value) => {
        const address = serverAddress(value);
        if (!address) {
          return t('servers.addressForm');
        }
        const twin = known.servers.find((other, place) => place !== at && other.address === address);
        return twin ? t('servers.twin', { name: twin.name }) : null;
      },
    },
  });
  const title = t(before ? 'servers.change' : 'servers.add');
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form
        data-testid="server-form"
        onSubmit={form.onSubmit(({ name, address }) => {
          setProblem(undefined);
          const server = { name: name.trim(), address: serverAddress(address) ?? address };
          save.mutate(
            { before: known, servers: known.servers.toSpliced(at, 1, server) },
            {
              onSuccess: onClose,
              onError: (error) => {
                const place = `servers[${at}].`;
                setProblem(
                  atFields(error, form, { [`${place}name`]: 'name', [`${place}address`]: 'address' }),
                );
              },
            },
          );
        })}
      >
        <Stack gap="sm">
          <TextInput
            label={t('servers.name')}
            maxLength={SERVER_NAME_MAX}
            data-autofocus
            data-testid="server-name"
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('servers.address')}
            description={t('servers.addressHint')}
            inputMode="url"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="https://north.example"
            data-testid="server-address"
            {...form.getInputProps('address')}
          />
          <DialogActions
            action={t('common.save')}
            testId="server"
            busy={save.isPending}
            error={problem}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
