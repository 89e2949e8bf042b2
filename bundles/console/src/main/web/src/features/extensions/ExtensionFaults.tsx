// SPDX-License-Identifier: Apache-2.0
import { Alert, Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { refusedExtensions } from '../../api/extensions';
import { extensionText, SAFE, useExtensions } from './useExtensions';

/** What plugins bring for the console and is not shown: by the server's word, and what went wrong in this browser. */
export function ExtensionFaults() {
  const { t, i18n } = useTranslation();
  const { list, faults } = useExtensions();
  const refused = useQuery({
    queryKey: ['extensions', 'refused', list],
    queryFn: ({ signal }) => refusedExtensions(signal),
  }).data;
  const here = location.pathname;
  if (!SAFE && faults.length === 0 && !refused?.length) {
    return null;
  }
  return (
    <Alert
      color={SAFE ? 'yellow' : 'red'}
      variant="light"
      mb="md"
      title={t('extensions.faults')}
      data-testid="extension-faults"
    >
      {SAFE && (
        <Text size="sm">
          {t('extensions.safeNow')} <Anchor href={here}>{t('extensions.open')}</Anchor>
        </Text>
      )}
      {refused?.map(({ bundle, version, reason }) => (
        <Text key={`${bundle} ${version}`} size="sm" data-testid={`extension-refused-${bundle}`}>
          <b>
            {bundle} {version}: {t('extensions.refused')}.
          </b>{' '}
          {reason}
        </Text>
      ))}
      {faults.map(({ id, hash, kind, message, count }) => {
        const extension = list?.find((one) => one.id === id);
        return (
          <Text
            key={`${id} ${hash} ${kind}`}
            size="sm"
            data-testid={`extension-fault-${id}`}
            data-kind={kind}
          >
            <b>
              {extension ? extensionText(extension, i18n.language, extension.title) : id}{' '}
              {t(`extensions.kind.${kind}`)}
              {count > 1 && ` (${t('extensions.times', { count })})`}.
            </b>{' '}
            {message}
          </Text>
        );
      })}
      {!SAFE && faults.length > 0 && (
        <Anchor href={`${here}?safe=1`} size="sm">
          {t('extensions.openSafe')}
        </Anchor>
      )}
    </Alert>
  );
}
