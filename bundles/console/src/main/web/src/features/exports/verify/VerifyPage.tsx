// SPDX-License-Identifier: Apache-2.0

import type { Fault, Report, Sayings } from 'virtual:nxvms-verifier';
import { Alert, Button, FileInput, List, Progress, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { getJson } from '../../../api/client';
import type { Page } from '../../../api/types';
import { wordFor } from '../../../i18n';
import { Guarded, PageFrame } from '../../../ui/PageFrame';
import { dateTime } from '../../../ui/time';
import { useVerifier } from './useVerifier';

/** Says of a package whether it is what was exported; it is read in the browser and sent nowhere. */
export function VerifyPage() {
  return (
    <Guarded by="export" testId="verify">
      <Verify />
    </Guarded>
  );
}

/** Those that sign, and those that did before. */
function useServerKeys() {
  return useQuery({
    queryKey: ['archive-keys'],
    queryFn: ({ signal }) =>
      getJson<Page<{ id: string }>>('/api/v1/archive/keys', signal).then((page) =>
        page.items.map(({ id }) => id),
      ),
    staleTime: 60_000,
  });
}

function Verify() {
  const { t } = useTranslation();
  const keys = useServerKeys();
  const { state, begin } = useVerifier();
  return (
    <PageFrame
      title={t('verify.title')}
      text={t('verify.explained')}
      error={keys.error}
      actions={
        <Button component={Link} to="/exports" size="xs" variant="default">
          {t('exports.title')}
        </Button>
      }
    >
      <Stack gap="md" maw={680}>
        {window.isSecureContext ? (
          <FileInput
            label={t('verify.file')}
            placeholder={t('verify.choose')}
            accept=".zip,application/zip"
            clearable
            clearButtonProps={{ 'aria-label': t('common.clear') }}
            onChange={begin}
            data-testid="verify-file"
          />
        ) : (
          <Alert color="yellow" variant="light" data-testid="verify-insecure">
            {t('verify.insecure')}
          </Alert>
        )}
        {state.kind === 'progress' && (
          <Progress value={100 * state.part} aria-label={t('verify.reading')} data-testid="verify-progress" />
        )}
        {state.kind === 'failed' && (
          <Alert color="red" variant="light" role="alert" data-testid="verify-failed">
            {t('verify.failed', { why: state.why })}
          </Alert>
        )}
        {state.kind === 'done' && keys.data && <Verdict report={state.report} keys={keys.data} />}
      </Stack>
    </PageFrame>
  );
}

// Whoever altered a package may have written anything into it.
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const listed = <T,>(value: T[] | undefined): T[] => (Array.isArray(value) ? value : []);
const joined = (by: string, ...parts: (string | undefined)[]) => parts.filter(Boolean).join(by);

function when(value: unknown): string | undefined {
  const ms = Date.parse(text(value) ?? '');
  return Number.isNaN(ms) ? undefined : dateTime(ms);
}

const OTHER = ['not_a_package', 'locked', 'repacked'];
/** More of them make a list that nobody reads. */
const ENCODED_SHOWN = 10;

function verdictOf(faults: readonly Fault[], own: boolean) {
  if (faults.length === 0) {
    return own ? 'intact' : 'foreign';
  }
  return faults.every(({ kind }) => OTHER.includes(kind)) ? 'other' : 'altered';
}

/** What was done to the pictures, and is not seen in them. */
function useDone(says: Sayings | undefined): [string, string | undefined][] {
  const { t } = useTranslation();
  if (!says) {
    return [];
  }
  const { written, masks, encoded } = says;
  const stretches = encoded
    .slice(0, ENCODED_SHOWN)
    .map(({ camera, from, to }) => joined(', ', camera, joined(' – ', when(from), when(to))));
  if (encoded.length > ENCODED_SHOWN) {
    stretches.push(t('exports.more', { count: encoded.length - ENCODED_SHOWN }));
  }
  return [
    ['sound', says.sound ? undefined : t('exports.silentShort')],
    ['cut', says.exact ? t('exports.cuts.exact') : undefined],
    [
      'written',
      joined(
        ', ',
        written.text,
        written.time ? t('verify.written.time') : '',
        written.user ? t('verify.written.user') : '',
      ),
    ],
    ['masks', masks > 0 ? String(masks) : undefined],
    ['encoded', stretches.join('; ') || t('verify.notEncoded')],
  ];
}

function Verdict({ report, keys }: { report: Report; keys: readonly string[] }) {
  const { t } = useTranslation();
  const { faults, keyId, manifest, says } = report;
  const own = keys.includes(keyId);
  const verdict = verdictOf(faults, own);
  const colour = { altered: 'red', intact: 'teal', foreign: 'yellow', other: 'yellow' }[verdict];
  const done = useDone(says);
  const facts: [string, string | undefined][] = [
    ['key', keyId && `${keyId} ${t(own ? 'verify.ownKey' : 'verify.otherKey')}`],
    ['export', text(manifest?.exportId)],
    ['made', joined(', ', when(manifest?.created), text(manifest?.createdBy))],
    ['server', text(manifest?.server?.name)],
    ['range', joined(' – ', when(manifest?.order?.from), when(manifest?.order?.to))],
    ['reason', text(manifest?.order?.reason)],
    ['cameras', joined(', ', ...listed(manifest?.cameras).map((camera) => text(camera?.name)))],
    ...done,
  ];
  return (
    <>
      <Alert color={colour} variant="light" role="status" data-testid="verify-verdict" data-verdict={verdict}>
        {t(`verify.verdict.${verdict}`)}
      </Alert>
      {faults.length > 0 && (
        <List size="sm" spacing="xs" data-testid="verify-faults">
          {faults.map(({ kind, file, detail }) => (
            <List.Item key={`${kind} ${file} ${detail}`} data-kind={kind}>
              <Text size="sm" fw={600} component="span">
                {wordFor('verify.fault', kind)}
              </Text>{' '}
              {detail}
            </List.Item>
          ))}
        </List>
      )}
      <Table verticalSpacing={6} data-testid="verify-facts">
        <Table.Tbody>
          {facts.map(
            ([name, value]) =>
              value && (
                <Table.Tr key={name}>
                  <Table.Th w={150}>{t(`verify.fact.${name}`)}</Table.Th>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
                </Table.Tr>
              ),
          )}
        </Table.Tbody>
      </Table>
    </>
  );
}
