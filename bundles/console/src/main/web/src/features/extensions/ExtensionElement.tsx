// SPDX-License-Identifier: Apache-2.0
import { Alert, Button } from '@mantine/core';
import type { ContextElement } from 'nxvms-console-host';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addFault, type Contribution, useTitles } from './useExtensions';

interface Props<C> {
  contribution: Contribution;
  /** Whatever is shown depends on; the same object as long as it is the same. */
  context: C;
  /** Where there is no room for words, nothing is shown in the place of what failed. */
  quiet?: boolean;
  className?: string;
}

/** An element of an extension, or why it is not there. What goes wrong in it stays in it. */
export function ExtensionElement<C>({ contribution, context, quiet = false, className }: Props<C>) {
  const { t } = useTranslation();
  const title = useTitles();
  const place = useRef<HTMLDivElement>(null);
  const element = useRef<ContextElement<C>>(undefined);
  const latest = useRef(context);
  latest.current = context;
  const [failed, setFailed] = useState<{ why: string; whole: boolean }>();
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt begins from the beginning
  useEffect(() => {
    let over = false;
    setFailed(undefined);
    show(contribution, latest.current, () => (over ? null : place.current)).then(
      (shown) => {
        element.current = shown;
        if (shown && shown.context !== latest.current) {
          shown.context = latest.current;
        }
      },
      (error: Error & { kind?: string }) =>
        !over && setFailed({ why: error.message, whole: error.kind !== undefined }),
    );
    return () => {
      over = true;
      element.current?.remove();
      element.current = undefined;
    };
  }, [contribution.key, attempt]);

  useEffect(() => {
    if (element.current) {
      try {
        element.current.context = context;
      } catch (error) {
        addFault(contribution.extension, 'part', String(error));
      }
    }
  }, [context, contribution]);

  const again = async () => {
    // Where the extension runs, and only this part of it failed, the others go on.
    if (failed?.whole) {
      (await import('./runtime')).tryAgain(contribution.extension);
    }
    setAttempt((before) => before + 1);
  };

  return (
    <>
      {failed !== undefined && !quiet && (
        <Alert
          color="red"
          variant="light"
          m="md"
          title={t('extensions.failed', { name: title(contribution) })}
          data-testid={`extension-failed-${contribution.extension.id}-${contribution.name}`}
        >
          {failed.why}
          <div>
            <Button size="compact-xs" variant="light" color="red" mt="xs" onClick={() => void again()}>
              {t('extensions.again')}
            </Button>
          </div>
        </Alert>
      )}
      <div
        ref={place}
        className={className}
        data-testid={`extension-${contribution.extension.id}-${contribution.name}`}
      />
    </>
  );
}

/** Puts the element into its place; undefined when that has gone meanwhile. */
async function show<C>(
  contribution: Contribution,
  context: C,
  placeNow: () => HTMLElement | null,
): Promise<ContextElement<C> | undefined> {
  const { makeElement, registeredFor } = await import('./runtime');
  const registered = await registeredFor(contribution);
  const place = placeNow();
  if (!place || registered.by !== 'element') {
    return undefined;
  }
  return makeElement(contribution.extension, () => {
    const element = document.createElement(registered.tag) as ContextElement<C>;
    element.context = context;
    place.replaceChildren(element);
    return element;
  });
}
