// SPDX-License-Identifier: Apache-2.0
import { Center, Text } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'react-router';
import { ExtensionElement } from './ExtensionElement';
import classes from './extensions.module.css';
import { contributionsTo, SAFE, useExtensions } from './useExtensions';

/** A page that an extension brings: goes on with the next version, and says so when there is none any more. */
export function ExtensionPage() {
  const { t } = useTranslation();
  const { extensionId, name, '*': path = '' } = useParams();
  const { search } = useLocation();
  const list = useExtensions((state) => state.list);
  const context = useMemo(() => ({ path, search }), [path, search]);
  const seen = useRef('');
  const page = [...contributionsTo('nav.page', list), ...contributionsTo('settings.page', list)].find(
    (one) => one.extension.id === extensionId && one.name === name,
  );
  const address = `${extensionId}/${name}`;
  if (page) {
    seen.current = address;
    return <ExtensionElement key={page.key} contribution={page} context={context} className={classes.page} />;
  }
  if (SAFE) {
    return <Word text={t('extensions.safe')} testId="extension-safe" />;
  }
  if (list === undefined) {
    return null;
  }
  return seen.current === address ? (
    <Word text={t('extensions.removed')} testId="extension-removed" />
  ) : (
    <Word text={t('page.notFound')} testId="extension-none" />
  );
}

function Word({ text, testId }: { text: string; testId: string }) {
  return (
    <Center h="100%" p="xl" data-testid={testId}>
      <Text c="dimmed" role="status">
        {text}
      </Text>
    </Center>
  );
}
